"""What a run would do and why, and how long it would take: a plan as text.

Who reads Snakemake's plan (commands/snakemake_plan.py) says for every job whether it would run and
what changed; here the jobs are counted, the causes are put together, and the time is estimated.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from math import log
from pathlib import Path
from statistics import median
from typing import Any, Literal

from showhow.base.rows import read_json
from showhow.jobs.lineage import record_files
from showhow.study.paths import JobName

State = Literal["reused", "new", "stale"]
ANY_MODEL = "any model"
MOST_CAUSES = 4
"""So many are told of each stage."""
LONGEST_PAUSE = 60
"""Seconds: what lies further apart was not made by one run."""


@dataclass(frozen=True)
class PlannedJob:
    """One job: what it makes, and what becomes of it.

    cost: where its cost is recorded, relative to the folder of costs; "" for a job without one.
    causes: for a stale job, what changed, in words. gone: of a finished one, the records of its run
    that are not there any more.
    """

    stage: str
    model: str
    cost: str
    state: State
    causes: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def name(self) -> JobName:
        """Name a job whose cost is recorded."""
        name = JobName.read(self.cost)
        assert name is not None, f"{self.cost} is no record of a job"
        return name


@dataclass(frozen=True)
class CostRecord:
    """What a finished job took; `cost` says which it was, as that of a planned one.

    model: "" for a job without one, or of one that is not there any more. gpus: what their driver
    calls them. processor, cores: of the machine; node: its name where SLURM chose it; ended: when;
    None where the record does not say.
    """

    cost: str
    stage: str
    model: str
    seconds: float
    tokens: int = 0
    gpus: tuple[str, ...] = ()
    processor: str | None = None
    cores: int | None = None
    node: str | None = None
    ended: datetime | None = None


def read_cost_records(folder: Path, models: Iterable[str]) -> list[CostRecord]:
    """Read the records of earlier jobs below `folder`, by the models that there are."""
    known = set(models)
    records = []
    for file in record_files(folder):
        content = read_json(file)
        cost = file.relative_to(folder).as_posix()
        name = JobName.read(cost)
        provenance = content.get("provenance", {})
        hardware, ended = provenance.get("hardware", {}), provenance.get("ended")
        records.append(
            CostRecord(
                cost=cost,
                stage=cost.partition("/")[0],
                model=name.model if name and name.model in known else "",
                seconds=content["wall_seconds"] + content["startup_cpu_seconds"],
                tokens=content.get("tokens", 0),
                gpus=tuple(hardware.get("gpus", ())),
                processor=hardware.get("processor"),
                cores=hardware.get("cores"),
                node=hardware.get("node"),
                ended=datetime.fromisoformat(ended) if ended else None,
            )
        )
    return records


def made_here(records: Iterable[CostRecord], hardware: Mapping[str, Any]) -> list[CostRecord]:
    """Leave out what another machine took, unless that was a cluster's node: it will be again."""
    here = (hardware["processor"], hardware["cores"])
    return [
        record
        for record in records
        if record.node or record.processor is None or (record.processor, record.cores) == here
    ]


@dataclass(frozen=True)
class Scaled:
    """Stages whose jobs take time by their work, which is parameters times tokens.

    parameters: by model, None where nobody knows. work_of: what a job will be, before it ran.
    """

    stages: Collection[str] = ()
    parameters: Mapping[str, int | None] = field(default_factory=dict)
    work_of: Callable[[PlannedJob], float | None] = lambda job: None

    def done_for(self, record: CostRecord) -> float:
        """Say how much work a finished job was; 0 where that is not known."""
        return record.tokens * (self.parameters.get(record.model) or 0)


@dataclass(frozen=True)
class Costs:
    """Seconds that earlier jobs took: by record, the median by stage and model, and by work.

    by_work: of each stage of `scaled`, the work of its jobs and their seconds. between: seconds
    that pass beside each job, until the next one's turn.
    """

    by_job: dict[str, float]
    by_stage_and_model: dict[tuple[str, str], float]
    by_work: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    scaled: Scaled = Scaled()
    between: float = 0.0

    def expected(self, job: PlannedJob) -> float | None:
        """Expect what the same job took, or else what its like did; None where nothing says it.

        A job that computes takes as much longer than its like as it is more work. Of others the
        median counts. Jobs whose cost nobody records take next to nothing.
        """
        if not job.cost:
            return 0.0
        if job.stage in self.scaled.stages:
            own = self.by_job.get(job.cost)
            return self._by_work(job) if own is None else own
        of_any_model = self.by_stage_and_model.get((job.stage, ANY_MODEL))
        of_its_like = self.by_stage_and_model.get((job.stage, job.model), of_any_model)
        return self.by_job.get(job.cost, of_its_like)

    def _by_work(self, job: PlannedJob) -> float | None:
        """Scale the seconds of those jobs of the stage that were nearest in work."""
        done = self.by_work.get(job.stage)
        work = self.scaled.work_of(job) if done else None
        if not done or not work:
            return None
        nearest = min(done, key=lambda one: abs(log(one[0] / work)))[0]
        return work / nearest * median(seconds for its, seconds in done if its == nearest)


def costs_of(records: list[CostRecord], scaled: Scaled = Scaled()) -> Costs:
    """Sum up what earlier jobs took."""
    alike: dict[tuple[str, str], list[float]] = defaultdict(list)
    for record in records:
        alike[record.stage, record.model].append(record.seconds)
        alike[record.stage, ANY_MODEL].append(record.seconds)
    by_work: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for record in records:
        if record.stage in scaled.stages and (work := scaled.done_for(record)):
            by_work[record.stage].append((work, record.seconds))
    by_job = {record.cost: record.seconds for record in records}
    medians = {key: median(seconds) for key, seconds in alike.items()}
    return Costs(by_job, medians, dict(by_work), scaled, _between(records))


def _between(records: Iterable[CostRecord]) -> float:
    """Measure what starting a job takes beside it: the time since the last one's end, less its own.

    Of very short jobs it is most of the time. Jobs that ran side by side show none, and those of a
    cluster wait for a node of theirs instead.
    """
    ended = sorted(
        (record.ended, record.seconds) for record in records if record.ended and not record.node
    )
    apart = [((end - last).total_seconds(), took) for (last, _), (end, took) in pairwise(ended)]
    pauses = [max(0.0, gap - took) for gap, took in apart if gap - took < LONGEST_PAUSE]
    return median(pauses) if pauses else 0.0


def describe_plan(jobs: list[PlannedJob], costs: Costs, cores: int) -> str:
    """Write a plan: a line for each stage, the causes, and the expected time on so many cores."""
    running = [job for job in jobs if job.state != "reused"]
    gone = _gone(jobs)
    if not running:
        return f"Nothing to do: all {len(jobs)} results are up to date.\n{gone}"
    lines = [f"{'stage':<20}{'jobs':>7}{'reused':>8}{'new':>7}{'stale':>7}   expected"]
    stages = list(dict.fromkeys(job.stage for job in jobs))
    for stage in stages:
        of_stage = [job for job in jobs if job.stage == stage]
        states = Counter(job.state for job in of_stage)
        counts = f"{len(of_stage):>7}{states['reused']:>8}{states['new']:>7}{states['stale']:>7}"
        expected = _time_of([job for job in of_stage if job.state != "reused"], costs)
        lines.append(f"{stage:<20}{counts}   {expected}".rstrip())
    causes = _causes(jobs, stages)
    if causes:
        lines += ["", "Stale, because", *causes]
    return "\n".join([*lines, "", _total(running, costs, cores)]) + f"\n{gone}"


def _gone(jobs: list[PlannedJob]) -> str:
    """Say which records were deleted: what was made of them stays, and so nothing asks for them."""
    gone = [file for job in jobs for file in job.gone]
    if not gone:
        return ""
    first, others = gone[0], f" and {len(gone) - 1} more" if len(gone) > 1 else ""
    return (
        f"Deleted, and not made again, as what was made of it is there: {first}{others}. "
        f"To make it again: snakemake --cores 1 --configfile FILE --force {first}\n"
    )


def _time_of(jobs: list[PlannedJob], costs: Costs) -> str:
    if not any(job.cost for job in jobs):
        return ""
    known = [seconds for job in jobs if (seconds := costs.expected(job)) is not None]
    return in_words(sum(known)) if len(known) == len(jobs) else "not known"


def _causes(jobs: list[PlannedJob], stages: list[str]) -> list[str]:
    """Say of each stage why its jobs are stale: what concerns most of them first, and not all."""
    lines = []
    for stage in stages:
        stale = [job for job in jobs if job.stage == stage and job.state == "stale"]
        counted = Counter(cause for job in stale for cause in job.causes)
        most = (
            [*counted.items()] if len(counted) <= MOST_CAUSES else counted.most_common(MOST_CAUSES)
        )
        lines += [f"{stage:<20}{number:>7} x {cause}" for cause, number in most]
        if len(counted) > len(most):
            lines.append(f"{stage:<20}{'':>7}   … and {len(counted) - len(most)} more reasons")
    return lines


def _total(running: list[PlannedJob], costs: Costs, cores: int) -> str:
    expected = [costs.expected(job) for job in running]
    known = sum(seconds for seconds in expected if seconds is not None)
    share = "about" if None not in expected else "at least"
    unknown = sorted(
        {job.stage for job, time in zip(running, expected, strict=True) if time is None}
    )
    jobs = f"{len(running)} job{'s' if len(running) > 1 else ''}"
    between = costs.between * len(running)
    starting = f" and {in_words(between)} of starting jobs" if between >= 1 else ""
    on_cores = f"{cores} core{'s' if cores > 1 else ''}"
    spread = f"{in_words(known / cores + between)} on {on_cores}"
    total = f"{jobs}: {share} {in_words(known)} of work{starting}, {spread}."
    if unknown and not known:
        total = f"{jobs}: how long they take is not known."
    if unknown:
        total += f" No earlier run says how long these take: {', '.join(unknown)}."
    return total


def in_words(seconds: float) -> str:
    """Write a duration for people: 0.4 s, 12 s, 3 min 20 s, 2 h 05 min."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min"
