"""The server of a warm start: imports once, then forks for each job."""

import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import Any, NoReturn

IDLE_SECONDS = 60
WATCH_SECONDS = 1.0
CLIENTS_THAT_WAIT = 64
MODEL_CLASSES = (
    "AutoModelForCausalLM",
    "AutoModelForSeq2SeqLM",
    "LlamaForCausalLM",
    "PreTrainedTokenizerFast",
    "T5ForConditionalGeneration",
    "Trainer",
)


def import_command_line() -> None:
    """Import what every stage reads its options and takes its locks with."""
    from pydantic import create_model

    importlib.import_module("filelock")
    create_model("Any")  # with the first model pydantic imports the rest of itself


def import_models() -> None:
    import transformers

    for name in MODEL_CLASSES:
        getattr(transformers, name)
    transformers.logging.set_verbosity_error()


def import_analysis() -> None:
    """Import what tables and figures need, and the statistics that stand in most of them."""
    figures = ("matplotlib.backends.backend_agg", "matplotlib.backends.backend_pdf")
    for name in ("pandas", *figures, "scipy.stats", "statsmodels.stats.proportion"):
        importlib.import_module(name)


# What the stages of an environment need. Forking stays safe: that starts no thread but one of
# pyarrow's allocator, which knows of forks.
LIBRARIES = {"models": import_models, "analysis": import_analysis}


def is_owner(process: int) -> bool:
    """Say whether that process is there, and this user's: another user's only has its number."""
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


def remove_files_of_the_dead(folder: Path) -> None:
    """Remove what servers that were killed left, known by owners that are no more."""
    for left in folder.glob("[0-9]*.*"):
        owner, _, _ = left.name.partition("-")
        if not is_owner(int(owner)):
            left.unlink(missing_ok=True)


class Server:
    """Forks one child per connection, and answers with its exit status when it has ended."""

    def __init__(self, listening: socket.socket, owner: int):
        self.listening = listening
        self.owner = owner
        self.children: dict[socket.socket, int] = {}
        # The end of a child is something to read, too.
        self.ended, self.tell_end = socket.socketpair()
        self.tell_end.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.tell_end.fileno())

    def serve(self) -> None:
        """Accept jobs until the owner is gone or a minute has passed without any.

        That minute also ends the server of an owner whose number another process has now.
        """
        worked = time.monotonic()
        while self.children or (is_owner(self.owner) and time.monotonic() - worked < IDLE_SECONDS):
            watched = [self.listening, self.ended, *self.children]
            for ready in select.select(watched, [], [], WATCH_SECONDS)[0]:
                if ready is self.listening:
                    with contextlib.suppress(OSError):  # the client is gone already
                        self._accept()
                elif ready is self.ended:
                    self.ended.recv(4096)
                else:  # a client that is gone was killed: its job must not go on without it
                    with contextlib.suppress(ProcessLookupError, PermissionError):
                        os.killpg(self.children[ready], signal.SIGKILL)
            self._answer_for_the_ended()
            if self.children:
                worked = time.monotonic()

    def _accept(self) -> None:
        """Fork; say the child's pid. The connection stays: its end says that the client is gone."""
        connection, _ = self.listening.accept()
        first, descriptors, _, _ = socket.recv_fds(connection, 1, 2)
        request = first + connection.makefile("rb").readline()
        child = os.fork()
        if child == 0:
            self._become(connection, request, descriptors)
        self.children[connection] = child
        for descriptor in descriptors:
            os.close(descriptor)
        with contextlib.suppress(OSError):
            connection.sendall(f"{child}\n".encode())

    def _become(self, connection: socket.socket, request: bytes, outputs: list[int]) -> NoReturn:
        """In the child: let go of all that is the server's, and run."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for held in (self.listening, self.ended, self.tell_end, connection, *self.children):
                held.close()
            status = run_script(json.loads(request), outputs)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)

    def _answer_for_the_ended(self) -> None:
        for connection, child in list(self.children.items()):
            finished, status = os.waitpid(child, os.WNOHANG)
            if finished:
                code = os.waitstatus_to_exitcode(status)
                with contextlib.suppress(OSError):
                    connection.sendall(f"{code if code >= 0 else 128 - code}\n".encode())
                connection.close()
                del self.children[connection]


def run_script(request: dict[str, Any], outputs: list[int]) -> int:
    """Run a script as its client's `python path` would; return its exit status."""
    os.setsid()
    for output, descriptor in enumerate(outputs, start=1):
        os.dup2(descriptor, output)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = request["arguments"]
    sys.path[0] = request["sources"]
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    except SystemExit as stop:
        if isinstance(stop.code, str):
            print(stop.code, file=sys.stderr)
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def main(path: Path, owner: int, environment: str) -> None:
    import_command_line()
    LIBRARIES[environment]()
    # What was imported is never collected: neither pages nor time are spent on it in the forks.
    gc.collect()
    gc.freeze()
    remove_files_of_the_dead(path.parent)
    listening = socket.socket(socket.AF_UNIX)
    with contextlib.chdir(path.parent):
        listening.bind(path.name)
    listening.listen(CLIENTS_THAT_WAIT)
    Server(listening, owner).serve()
    for leftover in (path, path.with_suffix(".lock"), path.with_suffix(".log")):
        leftover.unlink(missing_ok=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
