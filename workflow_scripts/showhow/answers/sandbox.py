"""Running programs that a model wrote against their tests, so that nothing else is touched.

Each runs in a sandbox of its own that bubblewrap (`bwrap`) makes: its own process tree, network (of
which there is none) and file system, in which the system and Python can be read, and a small /tmp
can be written that is gone afterwards. No environment, no home, no other user's processes. Limits
of time, memory, processes, disk and output are set inside (showhow.answers.launcher); when it ends,
or its time is up, everything in it is killed, whatever it has started.

A program runs beside its tests, in one Python. One that is made to cheat can be called right; it
cannot reach anything outside.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from shutil import which
from tempfile import TemporaryFile
from threading import Event, Timer
from typing import IO, Literal, get_args

from showhow.answers import launcher
from showhow.base.errors import ShowhowError

Verdict = Literal["passed", "failed", "timed out", "out of memory", "printed too much"]

MIB = 1 << 20
BY_SIGNAL = 128
INSIDE = "/launcher.py"
READABLE = ("/usr", "/lib", "/lib32", "/lib64", "/nix/store")
TRANSIENT_USERS = range(61184, 65520)
"""Users that systemd too gives to what runs for a while; they own no files."""


@dataclass(frozen=True)
class Program:
    """A program, and the tests that are run behind it with its names."""

    text: str
    tests: str


@dataclass(frozen=True)
class Limits:
    """What one program may use. Sizes are in bytes.

    cpu_seconds: decides; how busy the machine is makes no difference. wall_seconds: only ends what
    sleeps. memory: of each process. disk: of /tmp in all. printed: what goes to its output.
    """

    cpu_seconds: int = 5
    wall_seconds: int = 60
    memory: int = 512 * MIB
    processes: int = 16
    disk: int = 32 * MIB
    open_files: int = 64
    printed: int = MIB


@dataclass(frozen=True)
class Ending:
    """How a program ended. reason: in Python's words, where it failed."""

    verdict: Verdict
    reason: str = ""


def run_all(
    programs: Sequence[Program], workers: int | None = None, limits: Limits | None = None
) -> list[Ending]:
    """Run programs side by side, equal ones once; the endings come in the programs' order.

    workers: as many as the cores that this process may use. Raises ShowhowError where there is no
    sandbox: that is no verdict.
    """
    lacking = why_no_sandbox() if programs else None
    if lacking:
        raise ShowhowError(lacking)
    distinct = list(dict.fromkeys(programs))
    with ThreadPoolExecutor(workers or _cores()) as pool:
        endings = pool.map(lambda program: run(program, limits or Limits()), distinct)
        by_program = dict(zip(distinct, endings, strict=True))
    return [by_program[program] for program in programs]


def why_no_sandbox() -> str | None:
    """Say in a sentence why no program can be run here, and what to do; None where one can."""
    bwrap = which("bwrap")
    if bwrap is None:
        return (
            "Programs are run in a sandbox alone, and its command bwrap is not on this machine; "
            "install the package bubblewrap (apt-get install bubblewrap, dnf install bubblewrap)."
        )
    return _why_it_fails(bwrap)


@cache
def _why_it_fails(bwrap: str) -> str | None:
    try:
        ending = run(Program("", ""), Limits())
    except ShowhowError as problem:
        return str(problem)
    return None if ending.verdict == "passed" else f"{bwrap} runs no Python: {ending.reason}."


def run(program: Program, limits: Limits) -> Ending:
    """Run one program; raises ShowhowError where its sandbox does not start."""
    word = secrets.token_hex(16)
    with TemporaryFile() as job:
        job.write(_job(program, limits, word))
        job.seek(0)
        output, status, expired = _run_until_its_end(_command(limits), job, limits)
    before, started, said = output.partition(launcher.STARTED)
    if not started:
        raise ShowhowError(_not_started(before, expired))
    _, ended, behind = said.rpartition(word.encode())
    if ended and len(output) <= limits.printed:
        return _reported(behind)
    if len(output) > limits.printed:
        return Ending("printed too much")
    if expired or status == BY_SIGNAL + signal.SIGXCPU:
        return Ending("timed out")
    return Ending("failed", f"it ended before its tests did (exit status {status})")


def _reported(behind: bytes) -> Ending:
    """Read a report, in one line; what children of the program go on printing stands below it."""
    try:
        verdict, reason = json.loads(behind.partition(b"\n")[0])
    except ValueError:
        verdict, reason = "failed", "its report is damaged"
    known = verdict in get_args(Verdict)
    return Ending(verdict, str(reason)) if known else Ending("failed", "its report is damaged")


def _job(program: Program, limits: Limits, word: str) -> bytes:
    """Write what the launcher is told. word: what it alone can begin its report with."""
    told = {
        "program": program.text,
        "tests": program.tests,
        "limits": asdict(limits),
        "user": secrets.choice(TRANSIENT_USERS),
        "word": word,
    }
    return json.dumps(told).encode()


def _run_until_its_end(
    command: list[str], job: IO[bytes], limits: Limits
) -> tuple[bytes, int, bool]:
    """Give what a sandbox wrote, its exit status, and whether its time was up."""
    expired = Event()
    with subprocess.Popen(
        command, stdin=job, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as sandbox:

        def stop() -> None:
            expired.set()
            sandbox.kill()

        clock = Timer(limits.wall_seconds, stop)
        clock.daemon = True
        clock.start()
        assert sandbox.stdout is not None
        # Every process in the sandbox holds this pipe: it ends when the last of them has.
        output = sandbox.stdout.read(limits.printed + 1)
        if len(output) > limits.printed:
            sandbox.kill()
        status = sandbox.wait()
        clock.cancel()
    return output, status, expired.is_set()


def _command(limits: Limits) -> list[str]:
    """Write the command of a sandbox that is killed with this thread, and all in it with it."""
    bwrap = which("bwrap") or "bwrap"
    python = Path(sys.base_prefix).resolve()
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    command = [bwrap, "--die-with-parent", "--new-session", "--clearenv"]
    for apart in ("pid", "net", "ipc", "uts", "cgroup-try"):
        command.append(f"--unshare-{apart}")
    # Root needs no user namespace, and in one its processes would be root's, which have no limit.
    # The launcher leaves root behind in the place of it.
    if os.geteuid() == 0:
        command += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command.append("--unshare-user")
    for folder in READABLE:
        command += _readable(folder)
    command += _shown(python)
    command += ["--ro-bind", str(Path(launcher.__file__).resolve()), INSIDE]
    command += ["--proc", "/proc", "--dev", "/dev"]
    command += ["--perms", "1777", "--size", str(limits.disk), "--tmpfs", "/tmp"]
    command += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp"]
    command += ["--setenv", "PYTHONHASHSEED", "0", "--setenv", "PYTHONUTF8", "1"]
    # -s -S -P: Python's own library alone. Not -I, which would not read PYTHONHASHSEED.
    command += ["--", str(python / "bin" / f"python{version}"), "-s", "-S", "-P", "-B", INSIDE]
    return command


def _readable(folder: str) -> list[str]:
    """Show a folder of the system as it is: some are links into /usr, and some are not there."""
    if os.path.islink(folder):
        return ["--symlink", os.readlink(folder), folder]
    return ["--ro-bind-try", folder, folder]


def _shown(python: Path) -> list[str]:
    """Show a Python where it is, and nothing beside it: it may lie in somebody's home."""
    if any(python.is_relative_to(folder) for folder in READABLE):
        return []
    parents = [str(folder) for folder in reversed(python.parents)][1:]
    dirs = [each for folder in parents for each in ("--perms", "0755", "--dir", folder)]
    return [*dirs, "--ro-bind", str(python), str(python)]


def _not_started(said: bytes, expired: bool) -> str:
    words = " ".join(said.decode(errors="replace").split())[:300]
    if expired:
        return "A sandbox did not start within its time; this machine is too busy, try again."
    return (
        f"Programs are run in a sandbox alone, and bwrap cannot make one here ({words}). It needs "
        "namespaces: on a machine, have its administrator allow unprivileged user namespaces "
        "(sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns=0); in a "
        "container, start it with --cap-add SYS_ADMIN and --security-opt seccomp=unconfined, or "
        "run this part of the study outside of it."
    )


def _cores() -> int:
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1
