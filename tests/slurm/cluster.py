"""The cluster of two nodes on this machine, and the study's jobs on it, as its user sees them."""

import json
import math
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml
from repository_copy import REPOSITORY, SNAKEMAKE, RepositoryCopy

START = REPOSITORY / ".ci/slurm_on_this_machine"
PROFILE = "profiles/slurm-noacct"
PARTITION = "main"
# Snakemake looks for finished jobs after 40 s and then ever more rarely: right for a cluster.
SOON = ("--slurm-init-seconds-before-status-checks", "3", "--latency-wait", "20")
PATIENCE_SECONDS = 3600


def run(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def eventually(what: str, condition: Callable[[], object], seconds: float = 1200) -> object:
    """Wait until `condition` gives something, and give it; fail when it does not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.2)
    raise AssertionError(f"{what}: not within {seconds:.0f} s")


@dataclass(frozen=True)
class SlurmJob:
    """A job as SLURM's controller remembers it: its number, and when it ran the last time."""

    number: str
    started: datetime
    ended: datetime

    def overlaps(self, other: "SlurmJob") -> bool:
        return self.started < other.ended and other.started < self.ended


def slurm_job(number: str) -> SlurmJob:
    """Ask SLURM for a job; of one that runs, the end is what its limit says."""
    told = run("scontrol", "--oneliner", "show", "job", number)
    times = (re.search(rf"\b{name}=(\S+)", told)[1] for name in ("StartTime", "EndTime"))
    return SlurmJob(number, *map(datetime.fromisoformat, times))


def queued_jobs() -> set[str]:
    """List the jobs that run or wait."""
    return set(run("squeue", "--noheader", "--format=%A").split())


def limit_time(number: str, minutes: int) -> None:
    """Have a job end so many minutes from now, or up to one minute later."""
    ran = datetime.now() - slurm_job(number).started
    limit = math.ceil(ran.total_seconds() / 60) + minutes
    run("scontrol", "update", f"JobId={number}", f"TimeLimit={limit}")


def fill_in_profile(copy: RepositoryCopy) -> None:
    """Write the partition into the profile, the one line that is left to the user."""
    file = copy.folder / PROFILE / "config.yaml"
    file.write_text(file.read_text().replace("your_partition", PARTITION))


def pack_smallest_models(copy: RepositoryCopy, gpus: int = 0) -> None:
    """Let runs of the smallest models share a job, and its GPU: the first row of the table."""
    file = copy.folder / "profiles/resources.yaml"
    table = yaml.safe_load(file.read_text())
    table["stages"]["fine_tune"][0] |= {"packed": True, "gpus": gpus}
    file.write_text(yaml.safe_dump(table))


@contextmanager
def submitted(
    copy: RepositoryCopy, *arguments: str, **environment: str
) -> Iterator[subprocess.Popen]:
    """Run Snakemake on the cluster, as the README says, beside the block and to its good end.

    When the block raises, Snakemake is interrupted, and cancels its jobs.
    """
    said = copy.folder / "said.txt"
    study = subprocess.Popen(
        [SNAKEMAKE, "--workflow-profile", PROFILE, *SOON, *arguments],
        cwd=copy.folder,
        env={**os.environ, **environment},
        stdout=said.open("w"),
        stderr=subprocess.STDOUT,
    )
    try:
        yield study
        status = study.wait(timeout=PATIENCE_SECONDS)
    except BaseException:
        study.send_signal(signal.SIGINT)
        raise
    assert status == 0, said.read_text()[-10_000:]


@dataclass(frozen=True)
class Training:
    """One run that is trained on the cluster, known by its folder of results."""

    copy: RepositoryCopy
    directory: str

    @property
    def log(self) -> str:
        name = self.directory.removeprefix("results/runs/")
        return (self.copy.folder / f"logs/fine_tune/{name}.log").read_text()

    @property
    def record(self) -> dict:
        """Give what the run says of itself once it is trained: attempts, SLURM job, node …"""
        name = self.directory.removeprefix("results/runs/")
        return json.loads((self.copy.folder / f"results/costs/fine_tune/{name}.json").read_text())

    @property
    def is_done(self) -> bool:
        return (self.copy.folder / self.directory / "train.json").exists()

    def checkpoint(self) -> Path | None:
        """Give the newest checkpoint, once there is one."""
        for identity in self.copy.folder.glob("checkpoints/*/identity.json"):
            if f'"{self.directory}/model"' in identity.read_text():
                return max(identity.parent.glob("step-*"), default=None)
        return None

    def process(self) -> int | None:
        """Give the process that trains, while there is one; Snakemake is told of its model, too."""
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_text().split("\0")
                started = any(word.endswith("workflow_scripts/run.py") for word in command)
                if started and {"fine_tune", f"{self.directory}/model"} <= set(command):
                    return int(folder.name)
            except OSError:  # it ended just now
                continue
        return None

    def environment(self) -> dict[str, str]:
        """Give the environment of the process that trains."""
        lines = Path(f"/proc/{self.process()}/environ").read_text().split("\0")
        return dict(line.split("=", 1) for line in lines if "=" in line)

    def held(self) -> "Held | None":
        """Stop the process where it is, once there is a checkpoint, so that a test has time."""
        process = self.process()
        if process is None or self.checkpoint() is None:
            return None
        os.kill(process, signal.SIGSTOP)
        environment = self.environment()
        job, node = environment["SLURM_JOB_ID"], environment["SLURMD_NODENAME"]
        return Held(process, job, node, self.checkpoint().name)


@dataclass(frozen=True)
class Held:
    """A training that stands still: its process, its SLURM job and node, its last checkpoint."""

    process: int
    job: str
    node: str
    checkpoint: str

    def go_on(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGCONT)

    def is_warned(self) -> bool:
        """Say whether SIGUSR1 has reached the process: it waits to be seen, or was seen already."""
        try:
            status = Path(f"/proc/{self.process}/status").read_text()
        except FileNotFoundError:
            return True
        pending = re.search(r"^ShdPnd:\s*(\w+)", status, re.MULTILINE)[1]
        waits = bool(int(pending, 16) >> (signal.SIGUSR1 - 1) & 1)
        return waits or "State:\tT" not in status


def hold(trainings: dict[str, Training], study: subprocess.Popen) -> dict[str, Held]:
    """Hold every training at its first checkpoint; fail when the study ends before."""
    held: dict[str, Held] = {}

    def all_are_held() -> bool:
        assert study.poll() is None, "the study ended before its trainings could be held"
        for name in trainings.keys() - held.keys():
            if stopped := trainings[name].held():
                held[name] = stopped
        return held.keys() == trainings.keys()

    eventually("checkpoints of all trainings", all_are_held)
    return held


def kill_node(node: str) -> None:
    """Kill all that runs on a node, as if it had lost power: its slurmd and the jobs' processes."""
    jobs = run("squeue", "--noheader", "--format=%A", "--nodelist", node).split()
    kill_daemon(f"slurmd-{node}")
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
            command = (folder / "cmdline").read_bytes()
            of_job = any(f"SLURM_JOB_ID={job}".encode() in environment for job in jobs)
            steps = any(command.startswith(f"slurmstepd: [{job}.".encode()) for job in jobs)
            if of_job or steps:
                os.kill(int(folder.name), signal.SIGKILL)
        except OSError:  # it ended just now
            continue


def restart_controller() -> None:
    """Kill slurmctld and start it again."""
    kill_daemon("slurmctld")
    run(START)


def kill_daemon(name: str) -> None:
    """Kill a daemon by the file of its process, which .ci/slurm_on_this_machine names."""
    os.kill(int(Path(f"/run/{name}.pid").read_text()), signal.SIGKILL)
