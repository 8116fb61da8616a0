"""A warm start behaves like a start: output, status, signals, folder; and it ends by itself."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from showhow.jobs.warm_start.client import forks_are_safe, owner_of_the_server
from tiny_study import snakemake, workflow_copy

RUN = Path(__file__).parents[2] / "workflow_scripts" / "run.py"
SCRIPT = """
import os, sys, time
print("argument", sys.argv[1], "in", os.getcwd(), "value", os.environ["GIVEN"], flush=True)
print("to stderr", file=sys.stderr)
if sys.argv[1] == "sleep":
    print(os.getpid(), flush=True)
    time.sleep(60)
if sys.argv[1] == "fail":
    raise RuntimeError("as it should")
sys.exit(int(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def owner():
    """Stands for Snakemake: the server lives as long as this process does."""
    process = subprocess.Popen(["sleep", "600"])
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def start(owner, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    environment = {**os.environ, "SHOWHOW_WARM_START": str(owner.pid), "GIVEN": "seven"}

    def run(*arguments, warm=True, environment_name="analysis"):
        if not warm:
            environment.pop("SHOWHOW_WARM_START")
        return subprocess.Popen(
            [sys.executable, RUN, "--warm", environment_name, script, *arguments],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return run


@pytest.mark.parametrize(
    ("environment_name", "warm"), [("analysis", True), ("models", True), ("models", False)]
)
def test_output_status_folder_and_environment_are_the_callers(
    start, tmp_path, environment_name, warm
):
    process = start("seven", "7", warm=warm, environment_name=environment_name)
    out, error = process.communicate(timeout=120)
    assert out == f"argument seven in {tmp_path} value seven\n"
    assert "to stderr" in error
    assert process.returncode == 7


def test_an_exception_is_shown_and_is_a_failure(start):
    process = start("fail", "0")
    _, error = process.communicate(timeout=120)
    assert "RuntimeError: as it should" in error
    assert process.returncode == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_job_ends_with_its_caller(start, number):
    process = start("sleep", "0")
    process.stdout.readline()
    job = int(process.stdout.readline())
    process.send_signal(number)
    process.communicate(timeout=30)
    assert process.returncode != 0
    deadline = time.monotonic() + 30
    while psutil.pid_exists(job) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not psutil.pid_exists(job)


@pytest.mark.parametrize("gone", ["shell", "snakemake"])
def test_a_job_is_asked_to_stop_when_whoever_started_it_is_killed(gone, tmp_path):
    job = (
        "import signal, sys, time, pathlib\n"
        "def stop(*_): pathlib.Path('asked').touch(); sys.exit(143)\n"
        "signal.signal(signal.SIGTERM, stop)\n"
        "pathlib.Path('running').touch()\n"
        "time.sleep(60)"
    )
    (tmp_path / "job.py").write_text(job)
    # A shell like the one that Snakemake starts; the last command keeps it from becoming the job.
    command = f"{sys.executable} {RUN} --warm analysis job.py; true"
    snakemake = subprocess.Popen(["sleep", "600"])
    environment = {**os.environ, "SHOWHOW_WARM_START": str(snakemake.pid)}
    shell = subprocess.Popen(["bash", "-c", command], cwd=tmp_path, env=environment)
    assert appears(tmp_path / "running")
    {"shell": shell, "snakemake": snakemake}[gone].kill()
    {"shell": shell, "snakemake": snakemake}[gone].wait()
    assert appears(tmp_path / "asked")
    for process in (shell, snakemake):
        process.kill()
        process.wait()


def test_a_job_is_asked_to_stop_when_its_server_is_killed(owner, tmp_path):
    job = (
        "import os, signal, sys, time, pathlib\n"
        "def stop(*_): pathlib.Path('asked').touch(); sys.exit(143)\n"
        "signal.signal(signal.SIGTERM, stop)\n"
        "pathlib.Path('server').write_text(str(os.getppid()))\n"
        "pathlib.Path('running').touch()\n"
        "time.sleep(60)"
    )
    (tmp_path / "job.py").write_text(job)
    environment = {**os.environ, "SHOWHOW_WARM_START": str(owner.pid)}
    command = [sys.executable, RUN, "--warm", "analysis", "job.py"]
    client = subprocess.Popen(command, cwd=tmp_path, env=environment)
    assert appears(tmp_path / "running")
    os.kill(int((tmp_path / "server").read_text()), signal.SIGKILL)
    assert client.wait(timeout=60) != 0
    assert appears(tmp_path / "asked")


def test_what_a_killed_server_left_goes_when_another_one_starts(tmp_path):
    (tmp_path / "job.py").write_text("import os\nprint(os.getppid())")
    left = tmp_path / f"showhow-{os.getuid()}"

    def run_for(owner):
        environment = {**os.environ, "SHOWHOW_WARM_START": str(owner.pid), "TMPDIR": str(tmp_path)}
        command = [sys.executable, RUN, "--warm", "analysis", "job.py"]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True)
        return int(done.stdout)

    owners = [subprocess.Popen(["sleep", "600"]) for _ in range(2)]
    server = run_for(owners[0])
    for process in (server, owners[0].pid):
        os.kill(process, signal.SIGKILL)
    owners[0].wait()
    assert any(left.iterdir())
    run_for(owners[1])
    assert {file.stem for file in left.iterdir()} == {f"{owners[1].pid}-analysis"}
    owners[1].kill()
    owners[1].wait()


def appears(path, seconds=60):
    deadline = time.monotonic() + seconds
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return path.exists()


def test_jobs_run_side_by_side(start):
    jobs = [start("several", str(status)) for status in range(5)]
    for job in jobs:
        job.communicate(timeout=120)
    assert [job.returncode for job in jobs] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(("platform", "warm"), [("linux", True), ("darwin", False)])
def test_stages_start_cold_where_forks_are_not_safe(monkeypatch, platform, warm):
    monkeypatch.setenv("SHOWHOW_WARM_START", "17")
    assert forks_are_safe(platform) is warm
    assert owner_of_the_server(platform) == (17 if warm else None)


def test_a_server_ends_with_its_owner(tmp_path):
    (tmp_path / "job.py").write_text("import os\nprint(os.getppid())")
    owner = subprocess.Popen(["sleep", "600"])
    environment = {**os.environ, "SHOWHOW_WARM_START": str(owner.pid)}
    command = [sys.executable, RUN, "--warm", "analysis", "job.py"]
    server = psutil.Process(int(subprocess.check_output(command, cwd=tmp_path, env=environment)))
    owner.kill()
    owner.wait()
    assert psutil.wait_procs([server], timeout=30)[1] == []


def test_snakemake_says_once_that_stages_start_cold(tmp_path):
    study = workflow_copy(tmp_path / "study")
    client = study / "workflow_scripts/showhow/jobs/warm_start/client.py"
    client.write_text(client.read_text().replace("= sys.platform", '= "darwin"'))
    done = snakemake(study, "data")
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("Each stage imports its libraries itself") == 1
