"""The server of a warm start: imports once, then forks for each job."""

import contextlib
import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import time
import traceback
from pathlib import Path

IDLE_SECONDS = 60
WATCH_SECONDS = 1.0
MODEL_CLASSES = (
    "AutoModelForCausalLM",
    "AutoModelForSeq2SeqLM",
    "LlamaForCausalLM",
    "PreTrainedTokenizerFast",
    "Seq2SeqTrainer",
    "T5ForConditionalGeneration",
    "Trainer",
)


def import_command_line() -> None:
    """Import what every stage reads its options with."""
    from pydantic import create_model

    importlib.import_module("typer")
    create_model("Any")  # with the first model pydantic imports the rest of itself


def import_models() -> None:
    import transformers

    for name in MODEL_CLASSES:
        getattr(transformers, name)
    transformers.logging.set_verbosity_error()


def import_analysis() -> None:
    """Import what tables and figures need; statistics, which take as long, one stage alone does."""
    for name in ("pandas", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_pdf"):
        importlib.import_module(name)


# What the stages of an environment need. Forking stays safe: that starts no thread but one of
# pyarrow's allocator, which knows of forks.
LIBRARIES = {"models": import_models, "analysis": import_analysis}


def serve(path: Path, owner: int, environment: str) -> None:
    """Accept scripts to run until `owner` is gone or a minute has passed without any."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    import_command_line()
    LIBRARIES[environment]()
    # What was imported is never collected: neither pages nor time are spent on it in the forks.
    gc.collect()
    gc.freeze()
    remove_files_of_the_dead(path.parent)
    with contextlib.chdir(path.parent):
        listener.bind(path.name)
    listener.listen(64)
    Server(listener, owner).run()
    for leftover in (path, path.with_suffix(".lock"), path.with_suffix(".log")):
        leftover.unlink(missing_ok=True)


def remove_files_of_the_dead(folder: Path) -> None:
    """Remove what servers that were killed left, known by owners that are no more."""
    for left in folder.glob("[0-9]*.*"):
        owner, _, _ = left.name.partition("-")
        if not os.path.exists(f"/proc/{owner}"):
            left.unlink(missing_ok=True)


class Server:
    """Forks one child per connection; answers with its pid, then with its exit status."""

    def __init__(self, listener: socket.socket, owner: int):
        self.listener = listener
        self.owner = owner
        self.children: dict[int, socket.socket] = {}
        self.selector = selectors.DefaultSelector()
        self.selector.register(listener, selectors.EVENT_READ)
        # The end of a child is something to read, too.
        self.ended, self.tell_end = socket.socketpair()
        self.tell_end.setblocking(False)
        self.selector.register(self.ended, selectors.EVENT_READ)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.tell_end.fileno())

    def run(self) -> None:
        idle_since = time.monotonic()
        while self.children or time.monotonic() - idle_since < IDLE_SECONDS:
            if not os.path.exists(f"/proc/{self.owner}") and not self.children:
                return
            for key, _ in self.selector.select(timeout=WATCH_SECONDS):
                if key.fileobj is self.listener:
                    self._accept()
                elif key.fileobj is self.ended:
                    self.ended.recv(4096)
                else:
                    self._client_gone(key.fileobj)
            self._reap()
            if self.children:
                idle_since = time.monotonic()

    def _accept(self) -> None:
        connection, _ = self.listener.accept()
        first, descriptors, _, _ = socket.recv_fds(connection, 1, 2)
        rest = connection.makefile("r").readline() if first else ""
        if not rest or len(descriptors) != 2:
            connection.close()
            return
        request = json.loads(first.decode() + rest)
        child = os.fork()
        if child == 0:
            connection.close()  # only the server holds it: the caller sees when that is gone
            self._become(request, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        self.children[child] = connection
        with contextlib.suppress(OSError):
            connection.sendall(f"{child}\n".encode())
        self.selector.register(connection, selectors.EVENT_READ)

    def _become(self, request: dict, descriptors: list[int]) -> None:
        """In the child: take the client's folder, environment and output, and run its script."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.ended.close()
        self.tell_end.close()
        self.selector.close()
        self.listener.close()
        for connection in self.children.values():
            connection.close()
        os.dup2(descriptors[0], 1)
        os.dup2(descriptors[1], 2)
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        sys.argv = request["arguments"]
        sys.path[0] = request["sources"]
        os._exit(run_script(sys.argv[0]))

    def _client_gone(self, connection: socket.socket) -> None:
        """A client that is gone was killed: its job must not go on without it."""
        child = next(pid for pid, held in self.children.items() if held is connection)
        self.selector.unregister(connection)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)

    def _reap(self) -> None:
        for child in list(self.children):
            finished, status = os.waitpid(child, os.WNOHANG)
            if finished:
                self._answer(self.children.pop(child), os.waitstatus_to_exitcode(status))

    def _answer(self, connection: socket.socket, code: int) -> None:
        with contextlib.suppress(KeyError):
            self.selector.unregister(connection)
        with contextlib.suppress(OSError):
            connection.sendall(f"{code if code >= 0 else 128 - code}\n".encode())
        connection.close()


def run_script(path: str) -> int:
    """Run a script as `python path` would; return its exit status."""
    try:
        runpy.run_path(path, run_name="__main__")
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        if isinstance(stop.code, str):
            print(stop.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    serve(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
