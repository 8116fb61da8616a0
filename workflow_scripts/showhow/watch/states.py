"""A study while it runs: which jobs wait, run, are done or failed, from what the files say.

Who reads Snakemake's plan (commands/watch.py) names the jobs, showhow.watch.study_files
reads what has become of them, and here that is made into the rows of a table.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from showhow.training.progress import Progress

State = Literal["waiting", "running", "done", "failed"]
Planned = Literal["reused", "missing", "stale"]
# A step of a large model takes long; four signs of life may stay out.
SILENT_SECONDS = 60.0


@dataclass(frozen=True)
class WatchedJob:
    """One job of the plan.

    outputs: what it makes, without what is deleted once it has been read. log: the path of its
    log, "" without one. planned: it has nothing to do, or its outputs were not there or not whole,
    or they were there and are out of date.
    """

    stage: str
    name: str
    outputs: tuple[str, ...]
    log: str
    planned: Planned


@dataclass(frozen=True)
class Signs:
    """What the files say of one job at one moment.

    made: its outputs are there and up to date. begun: Snakemake has started or submitted it and
    has not seen its end. at_work: its log was written since then. error: Snakemake has told of
    its failure.
    """

    made: bool = False
    begun: bool = False
    at_work: bool = False
    error: bool = False
    progress: Progress | None = None


@dataclass(frozen=True)
class TrainingRow:
    """A training that runs, or that was interrupted and waits to go on; silent in seconds."""

    stage: str
    name: str
    state: State
    progress: Progress
    silent: float


@dataclass(frozen=True)
class FailedRow:
    """A failed job, and the last sentence of its log."""

    stage: str
    name: str
    log: str
    sentence: str


@dataclass(frozen=True)
class View:
    """All that the table shows. alive: Snakemake is at work on the study.

    stages: how many jobs of each are in each state.
    """

    alive: bool
    stages: dict[str, Counter[State]]
    trainings: list[TrainingRow]
    failed: list[FailedRow]

    @property
    def counts(self) -> Counter[State]:
        return sum(self.stages.values(), Counter())


def state_of(signs: Signs, alive: bool, now: float) -> State:
    """Say which state a job is in. `now` is in seconds since 1970.

    A job that Snakemake has submitted waits until its log or its progress shows that it runs. One
    that was begun by a Snakemake that is gone runs as long as it gives signs of life.
    """
    if signs.begun:
        return "running" if _lives(signs, now) or (alive and signs.at_work) else "waiting"
    if signs.made:
        return "done"
    return "failed" if signs.error else "waiting"


def _lives(signs: Signs, now: float) -> bool:
    progress = signs.progress
    return progress is not None and not progress.ended and now - progress.time < SILENT_SECONDS


def view_of(
    jobs: Iterable[tuple[WatchedJob, Signs]], sentences: dict[str, str], alive: bool, now: float
) -> View:
    """Make the rows from the jobs, in their order, and the last sentence of each failed one's log.

    Interrupted trainings stand behind the running ones.
    """
    stages: dict[str, Counter[State]] = defaultdict(Counter)
    trainings, failed = [], []
    for job, signs in jobs:
        state = state_of(signs, alive, now)
        stages[job.stage][state] += 1
        if state == "failed":
            failed.append(FailedRow(job.stage, job.name, job.log, sentences.get(job.log, "")))
        elif signs.progress and (state == "running" or _interrupted(signs)):
            silent = max(0.0, now - signs.progress.time)
            trainings.append(TrainingRow(job.stage, job.name, state, signs.progress, silent))
    trainings.sort(key=lambda row: row.state != "running")
    return View(alive, stages, trainings, failed)


def _interrupted(signs: Signs) -> bool:
    progress = signs.progress
    return not signs.made and progress is not None and 0 < progress.step < progress.steps


def sparkline(values: list[float], width: int, marks: str = "▁▂▃▄▅▆▇█") -> str:
    """Draw a curve in one line of at most `width` characters: the means of equal stretches."""
    finite = [value for value in values if abs(value) != float("inf") and value == value]
    if not finite:
        return ""
    low, high = min(finite), max(finite)
    cells = min(width, len(finite))
    bounds = [round(index * len(finite) / cells) for index in range(cells + 1)]
    means = [sum(finite[a:b]) / (b - a) for a, b in pairwise(bounds)]
    span = (high - low) or 1.0
    # The mean of nearly equal values may lie beside them by rounding.
    shares = [min(1.0, max(0.0, (mean - low) / span)) for mean in means]
    return "".join(marks[round(share * (len(marks) - 1))] for share in shares)
