"""Kills a study at random moments until it is done, over and over, and looks at what was lost.

    python tests/crash.py --kills 100 --seed 1

The real Snakemake runs the smoke study in a copy of this repository: once undisturbed, then killed
and started again until it is done, then another from nothing, until the number of kills is
reached. Between a kill and the next start it notes what was there: checkpoints, finished batches,
whole results. Whatever is lost, made twice without need, different or left over is a complaint.
"""

import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Annotated, Literal

import typer
import yaml

from killed_study import (
    POLL_SECONDS,
    Job,
    Kept,
    KilledStudy,
    Snapshot,
    Start,
    await_silence,
    leftovers,
    log_dates,
    look_at,
    results,
    send,
)
from tiny_study import REPOSITORY, workflow_copy

LONGEST_WAIT = 4.0
"""Seconds from a start, or a kill that leaves Snakemake running, to the next kill, at most."""
HEAD_START = 0.02
"""By which share of the study kills may be ahead of what is done: its end is killed as well."""

RESUMED = re.compile(r"Going on from the checkpoint \S+/step-(\d+)")
PROGRESS = re.compile(r"(training|generating): .*? (\d+)/(\d+) \[")
FAILED_LOG = re.compile(r"^ +log: (logs/\S+) \(check log file", re.MULTILINE)
"""A failed job names its log so; all others name theirs as well."""


# Ways to die.


@dataclass(frozen=True)
class Kind:
    """A way to die, and who does: one job, all jobs that run, or Snakemake (and whom it takes)."""

    name: str
    victim: Literal["job", "jobs", "Snakemake"]
    do: Callable[["Start", Job | None, random.Random], None]


def kill_a_job(number: signal.Signals) -> Callable:
    def kill(start: "Start", job: Job, chance: random.Random) -> None:
        send(chance.choice(job.processes), number)

    return kill


def kill_snakemake(number: signal.Signals) -> Callable:
    return lambda start, job, chance: send(start.process.pid, number)


def press_control_c(start: "Start", job: Job | None, chance: random.Random) -> None:
    os.killpg(start.process.pid, signal.SIGINT)


def kill_the_server(start: "Start", job: Job | None, chance: random.Random) -> None:
    for process in start.study.servers():
        send(process, signal.SIGKILL)


def cut_the_power(start: "Start", job: Job | None, chance: random.Random) -> None:
    while processes := start.study.processes():
        for process in processes:
            send(process, signal.SIGKILL)
        start.process.poll()


KINDS = (
    Kind("job SIGKILL", "job", kill_a_job(signal.SIGKILL)),
    Kind("job SIGTERM", "job", kill_a_job(signal.SIGTERM)),
    Kind("server SIGKILL", "jobs", kill_the_server),
    Kind("Snakemake SIGKILL", "Snakemake", kill_snakemake(signal.SIGKILL)),
    Kind("Snakemake SIGTERM", "Snakemake", kill_snakemake(signal.SIGTERM)),
    Kind("Snakemake SIGINT", "Snakemake", kill_snakemake(signal.SIGINT)),
    Kind("Ctrl-C", "Snakemake", press_control_c),
    Kind("power cut", "Snakemake", cut_the_power),
)


# What came of it.


@dataclass
class Findings:
    """What came of the kills."""

    kills: Counter = field(default_factory=Counter)
    hits: Counter = field(default_factory=Counter)
    resumed: Counter = field(default_factory=Counter)
    saved: Counter = field(default_factory=Counter)
    made_again: Counter = field(default_factory=Counter)
    starts: int = 0
    studies: int = 0
    complaints: list[str] = field(default_factory=list)

    def complain(self, complaint: str) -> None:
        self.complaints.append(complaint)
        print(complaint, file=sys.stderr, flush=True)

    def note_kill(self, kind: str, stages: set[str]) -> None:
        self.kills[kind] += 1
        self.hits.update((stage, kind) for stage in stages)
        number = sum(self.kills.values())
        print(f"{number}. {kind}: {', '.join(sorted(stages))}", file=sys.stderr, flush=True)
        if number % 10 == 0:
            print(table(self), file=sys.stderr, flush=True)

    def hits_of(self, stage: str) -> int:
        return sum(count for (hit, _), count in self.hits.items() if hit == stage)

    def compare(self, before: Snapshot, study: KilledStudy) -> None:
        """Look at a start that has ended: did it go on from what was there before?"""
        after = log_dates(study)
        for log, kept in before.kept.items():
            if after.get(log) != before.logs.get(log):
                self._compare_attempt(log, kept, (study.folder / log).read_text(errors="replace"))
        files = study.finished_files()
        for name, state in before.files.items():
            if files.get(name) == state:
                continue
            if any(name == out or name.startswith(f"{out}/") for out in before.incomplete):
                self.made_again[stage_of_result(name)] += name.endswith((".json", ".jsonl"))
            else:
                self.complain(f"{name} was whole and is another or gone.")

    def _compare_attempt(self, log: str, kept: Kept, text: str) -> None:
        stage = Job(log, ()).stage
        begun = PROGRESS.search(text)
        going_on = RESUMED.search(text)
        first = int(going_on[1]) if going_on else int(begun[2]) if begun else None
        owed = kept.answered if stage == "predict" else kept.step
        if first is None or not owed:
            return
        if first < owed:
            self.complain(f"{log}: {owed} were done, and it went on from {first}.")
        else:
            self.resumed[stage] += 1
            self.saved[stage] += kept.done


def stage_of_result(name: str) -> str:
    """Name a stage by the record of its jobs; other results are not counted."""
    parts = name.split("/")
    return parts[2] if parts[1] == "costs" else ""


# The test.


@dataclass
class Killer:
    """Kills starts of a study at random moments, rarely killed stages first.

    jobs: how many jobs with a record of their cost each stage of the study has.
    """

    chance: random.Random
    findings: Findings
    jobs: Counter
    kinds: list[Kind] = field(default_factory=list)

    def finish(self, study: KilledStudy, kills: int) -> int:
        """Start a study again and again until it is done; kill it `kills` times, or less often."""
        left = kills
        while True:
            if any((study.folder / ".snakemake/locks").glob("*.lock")):
                study.start("--unlock").end()
            before = look_at(study)
            start = study.start(*(["--keep-going"] if self.chance.random() < 0.8 else []))
            self.findings.starts += 1
            killed, left = self._disturb(start, left, kills)
            status = start.end()
            self._judge(study, status, killed)
            if status == 0:
                await_silence(study)
                self.findings.compare(before, study)
                return kills - left
            # A study is started again at once or when all its jobs are gone: both must do.
            if self.chance.random() < 0.5:
                await_silence(study)
            self.findings.compare(before, study)

    def _judge(self, study: KilledStudy, status: int, killed: set[str] | None) -> None:
        """Complain about a job that failed although nobody killed it."""
        said = study.said.read_text(errors="replace")
        if killed is not None and status != 0:
            failed = set(FAILED_LOG.findall(said)) - killed
            if failed or not killed:
                self.findings.complain(f"Not killed, yet failed: {failed}\n{said[-4000:]}")

    def _disturb(self, start: Start, left: int, kills: int) -> tuple[set[str] | None, int]:
        """Kill until Snakemake ends. Give the logs of the killed jobs; None if it was hit."""
        killed: set[str] = set()
        while left:
            self._await_moment(start, 1 - left / kills)
            kind, running = self._next_kind(), start.study.jobs()
            if not start.running() or (kind.victim == "job" and not running):
                self.kinds.append(kind)
                if start.running():
                    continue
                break
            job = min(running, key=lambda job: self.findings.hits_of(job.stage), default=None)
            hit = [job] if kind.victim == "job" else running
            kind.do(start, job, self.chance)
            left -= 1
            self.findings.note_kill(kind.name, {other.stage for other in hit} or {"(starting)"})
            if kind.victim == "Snakemake":
                return None, left
            killed |= {other.log for other in hit}
        return killed, left

    def _await_moment(self, start: Start, share: float) -> None:
        """Wait for a random time, and until the study has got as far as its share of kills."""
        deadline = time.monotonic() + self.chance.uniform(0, LONGEST_WAIT)
        while start.running() and (
            time.monotonic() < deadline or self._progress(start.study) < share - HEAD_START
        ):
            time.sleep(POLL_SECONDS)

    def _progress(self, study: KilledStudy) -> float:
        """Say how much of a study is done, all stages of one weight: the last have few jobs."""
        done = study.recorded_jobs()
        return fmean(done[stage] / count for stage, count in self.jobs.items())

    def _next_kind(self) -> Kind:
        """Draw the kinds like cards, so that all come up; half of them kill one job."""
        if not self.kinds:
            self.kinds = [k for k in KINDS for _ in range(3 if k.victim == "job" else 1)]
            self.chance.shuffle(self.kinds)
        return self.kinds.pop()


def crash_test(
    base: Path, configuration: dict, kills: int, kills_per_study: int, seed: int
) -> Findings:
    """Kill studies of this configuration `kills` times; say what came of it.

    An undisturbed run that is there from an earlier time is used again.
    """
    pristine, quiet = base / "pristine", KilledStudy(base / "undisturbed")
    if not pristine.exists():
        workflow_copy(pristine, configuration)
        shutil.copytree(pristine, quiet.folder)
    assert quiet.start().end() == 0, quiet.said.read_text()
    await_silence(quiet)
    expected = results(quiet.folder)
    findings = Findings()
    # A shell's background jobs ignore Ctrl-C, and what they start would do so as well.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    killer = Killer(random.Random(seed), findings, quiet.recorded_jobs())
    left = kills
    while left:
        findings.studies += 1
        study = KilledStudy(base / f"study-{findings.studies}")
        shutil.copytree(pristine, study.folder)
        left -= killer.finish(study, min(left, kills_per_study))
        compare_results(study, expected, findings)
        print(progress(findings, kills), file=sys.stderr, flush=True)
    return findings


def compare_results(study: KilledStudy, expected: dict[str, bytes], findings: Findings) -> None:
    found = results(study.folder)
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            kind = "missing" if name not in found else "other" if name in expected else "new"
            findings.complain(f"{study.base.name}: results/{name} ({kind})")
    for left in leftovers(study):
        findings.complain(f"{study.base.name}: {left} is left over.")
    planned = study.start("--dry-run").end(), study.said.read_text()
    if planned[0] != 0 or "Nothing to be done" not in planned[1]:
        findings.complain(f"{study.base.name} is not done:\n{planned[1][-2000:]}")


def progress(findings: Findings, kills: int) -> str:
    done = sum(findings.kills.values())
    complaints = len(findings.complaints)
    return f"{done} of {kills} kills, {findings.studies} studies, {complaints} complaints"


def table(findings: Findings) -> str:
    """Write kills by stage and kind, then what was resumed and repeated, as Markdown."""
    kinds = [kind.name for kind in KINDS]
    stages = sorted({stage for stage, _ in findings.hits})
    lines = [f"| stage | {' | '.join(kinds)} | all | resumed | of these, done | made again |"]
    lines.append("|---" * (len(kinds) + 5) + "|")
    for stage in stages:
        counts = [str(findings.hits[stage, kind] or "") for kind in kinds]
        more = (findings.resumed[stage], findings.saved[stage], findings.made_again[stage])
        cells = [stage, *counts, str(findings.hits_of(stage)), *(str(n or "") for n in more)]
        lines.append(f"| {' | '.join(cells)} |")
    counts = [str(findings.kills[kind]) for kind in kinds]
    lines.append(f"| kills | {' | '.join(counts)} | {sum(findings.kills.values())} | | | |")
    return "\n".join(lines)


def killable(configuration: dict, steps: int) -> dict:
    """Make trainings long enough to be killed, with checkpoints, and keep the weights."""
    models = {
        name: {**model, **({"pretraining": {"steps": steps}} if "pretraining" in model else {})}
        for name, model in configuration["models"].items()
    }
    return {
        **configuration,
        "results": "results",
        "models": models,
        "keeping": {"weights": "all", "checkpoint_seconds": 0.1},
        "pretraining": {**configuration["pretraining"], "steps": steps},
        "training": {**configuration["training"], "steps": steps, "min_steps": steps},
        "evaluation": {**configuration["evaluation"], "batch_size": 2},
    }


def main(
    kills: Annotated[int, typer.Option(help="How often to kill.")] = 100,
    seed: Annotated[int, typer.Option(help="The seed of moments, kinds and victims.")] = 1,
    per_study: Annotated[int, typer.Option(help="Kills before a study may end.")] = 25,
    folder: Annotated[Path | None, typer.Option(help="Where to run; kept for a look.")] = None,
) -> None:
    """Kill the smoke study, and print the table of docs/benchmarks.md."""
    configuration = killable(yaml.safe_load((REPOSITORY / "configs/smoke.yaml").read_text()), 60)
    with tempfile.TemporaryDirectory(prefix="kills-") as temporary:
        findings = crash_test(folder or Path(temporary), configuration, kills, per_study, seed)
    print(table(findings))
    print(f"\n{progress(findings, kills)}, {findings.starts} starts")
    print(*findings.complaints, sep="\n")
    sys.exit(1 if findings.complaints else 0)


if __name__ == "__main__":
    typer.run(main)
