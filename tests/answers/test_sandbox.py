"""Programs of any kind are judged, and none costs more than its own verdict.

These need bubblewrap: without it they fail, and say what to install.
"""

import os
import time

import pytest

from showhow.answers.sandbox import MIB, Limits, Program, run_all, why_no_sandbox
from showhow.base.errors import ShowhowError

LIMITS = Limits(cpu_seconds=2, wall_seconds=30)

FORK_BOMB = """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""
ENDLESS = """
while True:
    pass
"""
DELETES = """
import os, shutil
for folder in ("{here}", os.path.expanduser("~"), "/etc", "/usr/bin", "/tmp"):
    shutil.rmtree(folder, ignore_errors=True)
assert not os.path.exists("{here}"), "outside files are there"
assert os.path.exists("/usr/bin"), "the system was deleted"
open("{here}", "w")
"""
PRINTS = """
for _ in range(1_000_000):
    print("x" * 1000)
"""
KILLS = """
import os, signal
for process in (os.getppid(), 1, -1):
    os.kill(process, signal.SIGKILL)
"""
CONNECTS = """
import socket
socket.create_connection(("127.0.0.1", {port}), timeout=5)
"""
FILLS = """
import itertools
for number in itertools.count():
    with open(f"/tmp/{number}", "wb") as file:
        file.write(b"x" * 1_000_000)
"""
OUTLIVES = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv("/usr/bin/env", ["env", "{mark}", "sleep", "1000"])
    os._exit(0)
time.sleep(1000)
"""
IGNORES_ITS_TIME = """
import signal
signal.signal(signal.SIGXCPU, signal.SIG_IGN)
while True:
    pass
"""
LEAVES_A_CHILD_PRINTING = """
import os, time
if os.fork() == 0:
    while True:
        print("still here", flush=True)
        time.sleep(0.001)
time.sleep(0.2)
"""
LEAVES_A_THREAD = """
import threading
def forever():
    while True:
        pass
threading.Thread(target=forever).start()
"""


def test_right_programs_pass_and_the_verdicts_come_in_their_order():
    programs = []
    for number in range(20):
        text = f"import time\ntime.sleep({(20 - number) / 200})\ndef f(x):\n    return x + {number}"
        programs.append(Program(text, f"assert f(1) == {number + 1}"))
        programs.append(Program(text, f"assert f(1) == {number}"))
    verdicts = [ending.verdict for ending in run_all(programs, workers=4)]
    assert verdicts == ["passed", "failed"] * 20


@pytest.fixture
def listener():
    """Listen as a service of this machine does, and accept what comes."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        yield server


def test_hostile_programs_cost_their_own_verdicts_and_nothing_else(tmp_path, listener):
    (tmp_path / "mine.txt").write_text("kept")
    mark = f"SHOWHOW_TEST_MARK={tmp_path.name}{os.getpid()}"
    right = Program("def f():\n    return 1", "assert f() == 1")
    hostile = {
        "fork bomb": (FORK_BOMB, {"timed out"}),
        "endless loop": (ENDLESS, {"timed out"}),
        "deletes files": (DELETES.replace("{here}", str(tmp_path)), {"failed"}),
        "prints a gigabyte": (PRINTS, {"printed too much"}),
        "kills its parent": (KILLS, {"failed"}),
        "opens a socket": (CONNECTS.format(port=listener.getsockname()[1]), {"failed"}),
        "fills the disk": (FILLS, {"failed"}),
        "outlives its end": (OUTLIVES.replace("{mark}", mark), {"timed out"}),
    }
    programs = [each for text, _ in hostile.values() for each in (Program(text, ""), right)]
    limits = Limits(cpu_seconds=2, wall_seconds=10)
    begun = time.monotonic()
    endings = run_all(programs, workers=4, limits=limits)
    took = time.monotonic() - begun
    for (name, (_, expected)), ending in zip(hostile.items(), endings[::2], strict=True):
        assert ending.verdict in expected, (name, ending)
    assert {ending.verdict for ending in endings[1::2]} == {"passed"}
    assert took < len(hostile) * (limits.wall_seconds + 5)
    assert (tmp_path / "mine.txt").read_text() == "kept"
    assert mark.encode() not in b"".join(
        map(environment_of, filter(str.isdigit, os.listdir("/proc")))
    )
    with pytest.raises(TimeoutError):
        listener.accept()


def environment_of(process: str) -> bytes:
    """Read a process's environment, as far as it is there and ours."""
    try:
        with open(f"/proc/{process}/environ", "rb") as file:
            return file.read()
    except OSError:
        return b""


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("x = [0] * (1 << 30)", "out of memory"),
        ("import os\nos._exit(0)", "failed"),
        ("raise SystemExit(0)", "failed"),
        ("def f(:", "failed"),
        ("(" * 100_000, "failed"),
        (IGNORES_ITS_TIME, "failed"),
        ("import ctypes\nctypes.string_at(0)", "failed"),
        ("input()", "failed"),
        ("import numpy", "failed"),
        ("open('/x', 'w')", "failed"),
        ("open('/dev/shm/x', 'w')", "failed"),
        ("import os\nos.setuid(0)", "failed"),
        ("import resource\nresource.setrlimit(resource.RLIMIT_CPU, (99, 99))", "failed"),
        ("from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int", "passed"),
        (LEAVES_A_THREAD, "passed"),
        (LEAVES_A_CHILD_PRINTING, "passed"),
        ("def f():\n    return 1\n\nThat is it, isn't it?\n\nYes.", "passed"),
        ("x = 1\nif __name__ == '__main__':\n    input()", "passed"),
    ],
)  # fmt: skip
def test_a_program_gets_the_verdict_of_its_own_doing(text, verdict):
    (ending,) = run_all([Program(text, "")], limits=LIMITS)
    assert ending.verdict == verdict, ending


def test_a_program_sees_no_environment_home_or_process_of_ours(monkeypatch):
    monkeypatch.setenv("SECRET", "x")
    text = """
import os, sys
assert "SECRET" not in os.environ and "HOME" not in os.environ
assert os.getuid() != 0
assert not os.path.exists("/etc/passwd") and os.listdir("/tmp") == []
assert len([name for name in os.listdir("/proc") if name.isdigit()]) <= 3
"""
    (ending,) = run_all([Program(text, "")])
    assert ending.verdict == "passed", ending


def test_verdicts_repeat():
    text = "def f():\n    return hash('a'), list({'a', 'b', 'c', 'd'}), id"
    tests = "assert f()[0] == {}"
    (first,) = run_all([Program(f"{text}\nraise ValueError(f()[:2])", "")])
    (second,) = run_all([Program(f"{text}\nraise ValueError(f()[:2])", "")])
    assert first == second and "ValueError" in first.reason
    assert run_all([Program(text, tests.format(0))] * 3) == run_all(
        [Program(text, tests.format(0))] * 3
    )


def test_without_bubblewrap_nothing_runs(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "apt-get install bubblewrap" in (why_no_sandbox() or "")
    with pytest.raises(ShowhowError, match="install the package bubblewrap"):
        run_all([Program("", "")])


def test_where_no_sandbox_can_be_made_nothing_runs(monkeypatch, tmp_path):
    refusing = tmp_path / "bwrap"
    refusing.write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n"
    )
    refusing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(ShowhowError, match=r"No permissions .* in a container"):
        run_all([Program("print()", "")])


def test_the_limits_hold_for_all_of_a_programs_files():
    text = "open('/tmp/a', 'wb').write(bytes({size}))"
    small, large = (Program(text.format(size=size), "") for size in (MIB, 64 * MIB))
    assert [ending.verdict for ending in run_all([small, large])] == ["passed", "failed"]
