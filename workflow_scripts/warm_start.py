"""Run a stage's script in a process that has already imported the libraries that many stages use.

    python workflow_scripts/warm_start.py workflow_scripts/fine_tune.py --base ...

Importing the trainer costs more than training a small model, and importing pydantic more than
scoring it. The first call starts a server that imports once; every call then forks it, so a job
starts in a few milliseconds and still has a process of its own. The server belongs to one Snakemake
process (its pid is in the environment variable SHOWHOW_WARM_START): it ends with it, or after a
minute without work. Without that variable, as on a cluster node or by hand, the script simply runs
in this process.

The server imports libraries only, never this repository's code, so it cannot serve stale code.
"""

import contextlib
import fcntl
import gc
import importlib
import json
import os
import runpy
import select
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import TextIO

OWNER_VARIABLE = "SHOWHOW_WARM_START"
IDLE_SECONDS = 60
# For imports from a cluster's file system, or on a machine with more to do; a dead server ends it.
PATIENCE_SECONDS = 600
ATTEMPTS = 3
WATCH_SECONDS = 0.5
PRELOADED = (
    "AutoModelForCausalLM",
    "AutoModelForSeq2SeqLM",
    "LlamaForCausalLM",
    "PreTrainedTokenizerFast",
    "Seq2SeqTrainer",
    "T5ForConditionalGeneration",
    "Trainer",
)


def main() -> None:
    if sys.argv[1:2] == ["--serve"]:
        serve(Path(sys.argv[2]), owner=int(sys.argv[3]))
    elif owner := os.environ.get(OWNER_VARIABLE):
        raise SystemExit(run_in_server(sys.argv[1:], int(owner)))
    else:
        sys.argv = sys.argv[1:]
        sys.path[0] = str(Path(sys.argv[0]).parent)
        runpy.run_path(sys.argv[0], run_name="__main__")


# The client: one per job, the process that Snakemake sees.


def run_in_server(arguments: list[str], owner: int) -> int:
    """Have the server of `owner` run a script; pass signals on; return its exit status."""
    request = {"arguments": arguments, "folder": os.getcwd(), "environment": dict(os.environ)}
    connection, replies, child = submit(json.dumps(request).encode() + b"\n", owner)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
        signal.signal(number, lambda received, _: _forward(child, received))
    _wait(connection, child, owner)
    status = replies.readline()
    if not status:  # the server was killed: its job must not go on unseen
        _forward(child, signal.SIGTERM)
    return int(status or 1)


def submit(request: bytes, owner: int) -> tuple[socket.socket, TextIO, int]:
    """Hand a request to the server of `owner`; give the connection, the replies, the job's pid."""
    for _ in range(ATTEMPTS):
        connection = connect(socket_path(owner), owner)
        replies = connection.makefile("r")
        with contextlib.suppress(OSError):
            # The file descriptors must travel with the first byte.
            socket.send_fds(connection, [request[:1]], [1, 2])
            connection.sendall(request[1:])
            if child := replies.readline():
                return connection, replies, int(child)
        connection.close()  # the server ended just now
    raise SystemExit("The warm-start server ends at once; unset SHOWHOW_WARM_START to do without.")


def _wait(connection: socket.socket, child: int, owner: int) -> None:
    """Wait for the server's answer; ask the job to stop when whoever started it is gone.

    A shell or a Snakemake that is killed tells nobody, and would find its job still running when
    it is started again.
    """
    parent, asked = os.getppid(), False
    while not select.select([connection], [], [], WATCH_SECONDS)[0]:
        gone = os.getppid() != parent or not os.path.exists(f"/proc/{owner}")
        if gone and not asked:
            _forward(child, signal.SIGTERM)
            asked = True


def _forward(child: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, number)


def socket_path(owner: int) -> Path:
    """Where the server of Snakemake process `owner` listens: a folder only this user can enter."""
    folder = Path(tempfile.gettempdir()) / f"showhow-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise SystemExit(f"{folder} belongs to another user; set TMPDIR to a folder of your own.")
    return folder / f"{owner}.socket"


def connect(path: Path, owner: int) -> socket.socket:
    """Connect to the server, starting it if need be; one client starts it, the others wait."""
    with contextlib.suppress(OSError):
        return _try_connect(path)
    with open(path.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with contextlib.suppress(OSError):
            return _try_connect(path)
        path.unlink(missing_ok=True)
        with open(path.with_suffix(".log"), "w") as log:
            server = subprocess.Popen(
                [sys.executable, __file__, "--serve", str(path), str(owner)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
            )
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline and server.poll() is None:
            with contextlib.suppress(OSError):
                return _try_connect(path)
            time.sleep(0.05)
    raise SystemExit("The warm-start server did not start; unset SHOWHOW_WARM_START to do without.")


def _try_connect(path: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        # By its name alone: an address holds 107 characters, and TMPDIR may be longer than that.
        with contextlib.chdir(path.parent):
            connection.connect(path.name)
    except OSError:
        connection.close()
        raise
    return connection


# The server: one per Snakemake process.


def import_libraries() -> None:
    """Import what the stages of every run need. That starts no threads, so forking stays safe."""
    import transformers
    from pydantic import create_model

    importlib.import_module("typer")
    create_model("Any")  # with the first model pydantic imports the rest of itself
    for name in PRELOADED:
        getattr(transformers, name)
    transformers.logging.set_verbosity_error()


def serve(path: Path, owner: int) -> None:
    """Accept scripts to run until `owner` is gone or a minute has passed without any."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    import_libraries()
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
        if not os.path.exists(f"/proc/{left.stem}"):
            left.unlink(missing_ok=True)


class Server:
    """Forks one child per connection; answers with its pid, then with its exit status."""

    def __init__(self, listener: socket.socket, owner: int):
        self.listener = listener
        self.owner = owner
        self.children: dict[int, socket.socket] = {}
        self.selector = selectors.DefaultSelector()
        self.selector.register(listener, selectors.EVENT_READ)

    def run(self) -> None:
        idle_since = time.monotonic()
        while self.children or time.monotonic() - idle_since < IDLE_SECONDS:
            if not os.path.exists(f"/proc/{self.owner}") and not self.children:
                return
            for key, _ in self.selector.select(timeout=0.05 if self.children else 1.0):
                if key.fileobj is self.listener:
                    self._accept()
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
        sys.path[0] = str(Path(sys.argv[0]).resolve().parent)
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
    main()
