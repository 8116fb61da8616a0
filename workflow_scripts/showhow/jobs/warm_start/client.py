"""Run a stage's script in a process that has already imported the libraries that many stages use.

Importing the trainer costs more than training a small model, and importing pydantic more than
scoring it. The first call starts a server that imports once; every call then forks it, so a job
starts in a few milliseconds and still has a process of its own. There is a server for each
environment that is named (models and analysis, as in envs/): with Snakemake's --sdm conda each has
a Python of its own. A server belongs to the process whose pid is in the environment variable
SHOWHOW_WARM_START, Snakemake's unless another was named before: it ends with it, or after a minute
without work. Without that variable, as on a cluster node or by hand, stages start cold; so they do
where a process that has imported much cannot be forked safely (macOS).

The server (server.py) imports libraries only, never this repository's code, so it cannot serve
stale code. This is the client, one per job, the process that Snakemake sees: it imports as little
as it can, and the rest where it is needed.
"""

import contextlib
import io
import json
import os
import select
import signal
import socket
import sys
import time

OWNER_VARIABLE = "SHOWHOW_WARM_START"
SERVER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "server.py")
# For imports from a cluster's file system, or on a machine with more to do; a dead server ends it.
PATIENCE_SECONDS = 600
ATTEMPTS = 3
WATCH_SECONDS = 0.5


def owner_of_the_server(platform: str = sys.platform) -> int | None:
    """Give the process that a server belongs to; None where stages start cold."""
    owner = os.environ.get(OWNER_VARIABLE)
    return int(owner) if owner and forks_are_safe(platform) else None


def forks_are_safe(platform: str = sys.platform) -> bool:
    """Say whether a fork may go on with imported libraries: not with those of macOS itself."""
    return platform != "darwin"


def run_in_server(arguments: list[str], owner: int, environment: str) -> int:
    """Have a server of `owner` run a script with its arguments; return its exit status.

    Signals are passed on. Modules are found where this process finds them. A shell or a Snakemake
    that is killed tells nobody, and would find its job still running when it is started again: so
    the job is asked to stop when whoever started it is gone.
    """
    request = {
        "arguments": arguments,
        "sources": sys.path[0],
        "folder": os.getcwd(),
        "environment": dict(os.environ),
    }
    line = json.dumps(request).encode() + b"\n"
    replies, child = submit(line, owner, environment)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
        signal.signal(number, lambda received, _: _forward(child, received))
    parent, asked = os.getppid(), False
    while not select.select([replies], [], [], WATCH_SECONDS)[0]:
        gone = os.getppid() != parent or not _forward(owner, 0)
        if gone and not asked:
            asked = _forward(child, signal.SIGTERM)
    status = replies.readline()
    if not status:  # the server was killed: its job must not go on unseen
        _forward(child, signal.SIGTERM)
    return int(status or 1)


def submit(request: bytes, owner: int, environment: str) -> tuple[io.TextIOBase, int]:
    """Hand a request to a server of `owner`; give its replies, still to come, and the job's pid."""
    for _ in range(ATTEMPTS):
        connection = connect(owner, environment)
        replies = connection.makefile("r")
        with contextlib.suppress(OSError):
            # The file descriptors must travel with the first byte.
            socket.send_fds(connection, [request[:1]], [1, 2])
            connection.sendall(request[1:])
            if child := replies.readline():
                return replies, int(child)
        connection.close()  # the server ended just now
    raise SystemExit("The warm-start server ends at once; unset SHOWHOW_WARM_START to do without.")


def _forward(process: int, number: int) -> bool:
    """Send a signal (0: none) to a process; say whether it is there, and this user's."""
    with contextlib.suppress(OSError):
        os.kill(process, number)
        return True
    return False


def socket_path(owner: int, environment: str) -> str:
    """Where that server of Snakemake process `owner` listens: a folder only this user can enter."""
    temporary = os.environ.get("TMPDIR", "")
    temporary = temporary if os.path.isdir(temporary) else "/tmp"
    folder = os.path.join(temporary, f"showhow-{os.getuid()}")
    with contextlib.suppress(FileExistsError):
        os.mkdir(folder, mode=0o700)
    if os.stat(folder).st_uid != os.getuid():
        raise SystemExit(f"{folder} belongs to another user; set TMPDIR to a folder of your own.")
    return os.path.join(folder, f"{owner}-{environment}.socket")


def connect(owner: int, environment: str) -> socket.socket:
    """Connect to the server, starting it if need be; one client starts it, the others wait."""
    path = socket_path(owner, environment)
    with contextlib.suppress(OSError):
        return _try_connect(path)
    return _connect_first(path, [str(owner), environment])


def _connect_first(path: str, described: list[str]) -> socket.socket:
    import subprocess

    from filelock import FileLock

    beside = path.removesuffix(".socket")
    with FileLock(f"{beside}.lock", fallback_to_soft=False):
        with contextlib.suppress(OSError):
            return _try_connect(path)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        with open(f"{beside}.log", "w") as log:
            server = subprocess.Popen(
                [sys.executable, SERVER, path, *described],
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


def _try_connect(path: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        # By its name alone: an address holds 107 characters, and TMPDIR may be longer than that.
        with contextlib.chdir(os.path.dirname(path)):
            connection.connect(os.path.basename(path))
    except OSError:
        connection.close()
        raise
    return connection
