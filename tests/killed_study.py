"""A study that is killed: its processes, and what it has when nobody works on it."""

import json
import os
import re
import signal
import subprocess
import time
from base64 import urlsafe_b64decode
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tiny_study import SNAKEMAKE

PATIENCE_SECONDS = 7200
POLL_SECONDS = 0.05

COSTS_SECTION = re.compile(r'<section id="costs">.*?</section>', re.DOTALL)


@dataclass(frozen=True)
class Job:
    """A job that runs: its log file, relative to the study, tells which; its processes."""

    log: str
    processes: tuple[int, ...]

    @property
    def stage(self) -> str:
        return self.log.split("/")[1].removesuffix(".log")


@dataclass(frozen=True)
class KilledStudy:
    """A copy of the workflow in `base`/study; whose standard error lies in `base` belongs to it."""

    base: Path

    @property
    def folder(self) -> Path:
        return self.base / "study"

    @property
    def said(self) -> Path:
        return self.base / "said.txt"

    def start(self, *options: str) -> "Start":
        command = [str(SNAKEMAKE), "--cores", "2", *options]
        scratch = self.base / "tmp"
        scratch.mkdir(exist_ok=True)
        environment = {**os.environ, "TMPDIR": str(scratch), "PYTHONDONTWRITEBYTECODE": "1"}
        environment.pop("SHOWHOW_WARM_START", None)  # its server is its own, and is killed as well
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment,
            stdout=self.said.open("w"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        return Start(self, process)

    def errors(self) -> Iterator[tuple[int, Path]]:
        """Give the processes of this study, each with the file that is its standard error."""
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                error = Path(os.readlink(f"/proc/{name}/fd/2"))
            except OSError:
                continue
            if error.is_relative_to(self.base):
                yield int(name), error

    def processes(self) -> list[int]:
        return [process for process, _ in self.errors()]

    def servers(self) -> list[int]:
        return [p for p, error in self.errors() if error.is_relative_to(self.base / "tmp")]

    def jobs(self) -> list[Job]:
        """List the jobs that run; those of a `run` directive are in Snakemake's own process."""
        logs = defaultdict(list)
        for process, error in self.errors():
            if error.is_relative_to(self.folder / "logs"):
                logs[str(error.relative_to(self.folder))].append(process)
        return [Job(log, tuple(processes)) for log, processes in sorted(logs.items())]

    def finished_files(self) -> dict[str, tuple[int, int]]:
        """Give inode and date of every result; hidden is what a job has not finished."""
        return {
            str(path.relative_to(self.folder)): (path.stat().st_ino, path.stat().st_mtime_ns)
            for path in (self.folder / "results").rglob("*")
            if path.is_file() and "/." not in str(path.relative_to(self.folder))
        }

    def recorded_jobs(self) -> Counter:
        """Count the finished jobs of every stage that leaves records of its costs."""
        costs = self.folder / "results/costs"
        return Counter(file.relative_to(costs).parts[0] for file in costs.rglob("[!.]*.json"))

    def incomplete(self) -> set[str]:
        """List the outputs whose jobs Snakemake knows to have begun and not to have ended."""
        folder = self.folder / ".snakemake" / "incomplete"
        files = (file for file in folder.rglob("*") if file.is_file())
        encoded = (
            "".join(part.removeprefix("@") for part in f.relative_to(folder).parts) for f in files
        )
        return {urlsafe_b64decode(name).decode() for name in encoded}


@dataclass(frozen=True)
class Start:
    """One start of Snakemake."""

    study: KilledStudy
    process: subprocess.Popen

    def running(self) -> bool:
        return self.process.poll() is None

    def end(self) -> int:
        return self.process.wait(timeout=PATIENCE_SECONDS)


def send(process: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, number)


def await_silence(study: KilledStudy) -> None:
    """Wait until no process of the study is left; the server ends by itself."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while study.processes() and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    assert not study.processes(), f"Processes that never end: {study.jobs()}"


def results(folder: Path) -> dict[str, bytes]:
    """Read everything that two equal runs have in common; of the report, all but the costs."""
    found = {}
    for path in sorted((folder / "results").rglob("*")):
        name = str(path.relative_to(folder / "results"))
        apart = name.startswith("costs/") or name.endswith("-costs.csv")
        if path.is_file() and not apart and path.name != ".snakemake_timestamp":
            content = path.read_bytes()
            if path.suffix == ".html":
                content = COSTS_SECTION.sub("", content.decode()).encode()
            found[name] = content
    return found


def leftovers(study: KilledStudy) -> list[str]:
    """List what should be gone when a study is done."""
    folder = study.folder
    hidden = [p for p in (folder / "results").rglob(".*") if p.name != ".snakemake_timestamp"]
    places = ("checkpoints", ".snakemake/incomplete", ".snakemake/locks")
    kept = [p for place in places for p in (folder / place).rglob("*")]
    return [str(path.relative_to(study.base)) for path in (*hidden, *kept)]


# Between a kill and the next start.


@dataclass(frozen=True)
class Kept:
    """What the next attempt at a job must go on from: its newest step, or its answered problems."""

    step: int = 0
    answered: int = 0
    done: bool = False


@dataclass(frozen=True)
class Snapshot:
    """A study between a kill and the next start."""

    kept: dict[str, Kept]
    files: dict[str, tuple[int, int]]
    incomplete: set[str]
    logs: dict[str, int]


def look_at(study: KilledStudy) -> Snapshot:
    return Snapshot(
        kept_work(study.folder), study.finished_files(), study.incomplete(), log_dates(study)
    )


def log_dates(study: KilledStudy) -> dict[str, int]:
    logs = (study.folder / "logs").rglob("*.log")
    return {str(log.relative_to(study.folder)): log.stat().st_mtime_ns for log in logs}


def kept_work(folder: Path) -> dict[str, Kept]:
    """Read what killed jobs left, by the log of the job."""
    kept = {}
    for identity in folder.glob("checkpoints/[!.]*/identity.json"):
        try:
            target = Path(json.loads(identity.read_text())["target"])
        except (ValueError, FileNotFoundError):
            continue
        steps = [int(path.name.removeprefix("step-")) for path in identity.parent.glob("step-*")]
        answered = answered_problems(identity.with_name("batches.jsonl"))
        done = identity.with_name("done").exists()
        if log := log_of_target(target):
            kept[log] = Kept(max(steps, default=0), answered, done)
    return kept


def answered_problems(batches: Path) -> int:
    if not batches.is_file():
        return 0
    whole = [line for line in batches.read_text().splitlines(keepends=True) if line.endswith("\n")]
    return sum(len(json.loads(line.partition(" ")[2])["rows"]) for line in whole)


def log_of_target(target: Path) -> str | None:
    if target.is_relative_to("results/probes"):
        return None
    if target.is_relative_to("results/models"):
        return f"logs/pretrain/{target.name}.log"
    run = target.parent.relative_to("results/runs")
    if target.name == "model":
        return f"logs/fine_tune/{run}.log"
    return f"logs/predict/{run}.log"
