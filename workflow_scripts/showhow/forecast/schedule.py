"""What a study will cost before it is submitted, and forecast beside actual once it has run.

The arithmetic (showhow.forecast.workload) says what a job asks of a device. Where jobs of the same
stage have run on that kind of device, their records say how long a token takes instead: those of
the same model, or else those of the model nearest in size, scaled by the sizes.
"""

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from showhow.base.rows import read_json
from showhow.forecast.gpus import Device, device_of
from showhow.forecast.workload import COMPUTING_STAGES, Workload, Workloads
from showhow.jobs.lineage import record_files
from showhow.staleness.plan import PlannedJob
from showhow.study.paths import JobName

Source = Literal["arithmetic", "records", "records of another size"]


@dataclass(frozen=True)
class CostRecord:
    """What a finished job took: where its record lies, seconds, tokens, and the kind of device.

    device: its name in profiles/gpus.yaml; None for a GPU that is not there.
    """

    cost: str
    stage: str
    model: str
    seconds: float
    tokens: int
    device: str | None


@dataclass(frozen=True)
class JobForecast:
    """What one job is expected to take. memory: bytes on the device, at the peak."""

    job: PlannedJob
    device: str
    gpus: int
    seconds: float
    workload: Workload
    source: Source


@dataclass(frozen=True)
class Placement:
    """Where a job runs: the kind of device, and how many GPUs (0: on a core)."""

    device: str
    gpus: int


def read_cost_records(
    folder: Path, models: Iterable[str], devices: dict[str, Device]
) -> list[CostRecord]:
    """Read what finished jobs of the computing stages took, below `folder`."""
    known = set(models)
    records = []
    for stage in COMPUTING_STAGES:
        for file in record_files(folder / stage):
            content = read_json(file)
            cost = file.relative_to(folder)
            name = JobName.read(cost.as_posix())
            model = name.model if name and name.model in known else ""
            hardware = content.get("provenance", {}).get("hardware", {})
            records.append(
                CostRecord(
                    cost=cost.as_posix(),
                    stage=stage,
                    model=model,
                    seconds=content["wall_seconds"] + content["startup_cpu_seconds"],
                    tokens=content["tokens"],
                    device=device_of(devices, hardware.get("gpus", ())),
                )
            )
    return records


@dataclass(frozen=True)
class Speeds:
    """Seconds per token that records show, by stage, model and kind of device."""

    seconds_per_token: dict[tuple[str, str, str], float]
    parameters: dict[str, int | None]

    def of(self, stage: str, model: str, device: str) -> tuple[float, Source] | None:
        """Give the seconds that a token takes, and what says so; None where no record does."""
        if (stage, model, device) in self.seconds_per_token:
            return self.seconds_per_token[stage, model, device], "records"
        size = self.parameters.get(model)
        others = [
            (its_size, seconds)
            for (its_stage, other, its_device), seconds in self.seconds_per_token.items()
            if (its_stage, its_device) == (stage, device)
            and (its_size := self.parameters.get(other))
        ]
        if not others or not size:
            return None
        nearest, seconds = min(others, key=lambda other: abs(math.log(other[0] / size)))
        return seconds * size / nearest, "records of another size"


def speeds_of(records: list[CostRecord], parameters: dict[str, int | None]) -> Speeds:
    """Take the speed of each stage, model and kind of device over all of its records together."""
    seconds: dict[tuple[str, str, str], float] = defaultdict(float)
    tokens: dict[tuple[str, str, str], int] = defaultdict(int)
    for record in records:
        if record.device is not None and record.tokens:
            key = (record.stage, record.model, record.device)
            seconds[key] += record.seconds
            tokens[key] += record.tokens
    return Speeds({key: seconds[key] / tokens[key] for key in seconds}, parameters)


def forecast_job(
    job: PlannedJob,
    placement: Placement,
    workloads: Workloads,
    speeds: Speeds,
    devices: dict[str, Device],
) -> JobForecast | None:
    """Forecast one job; None for one whose workload is not known, or that computes nothing."""
    device = devices[placement.device]
    workload = workloads.of(job.cost, device)
    if workload is None:
        return None
    measured = speeds.of(job.stage, job.model, placement.device)
    seconds, source = workload.seconds(device, max(1, placement.gpus)), "arithmetic"
    if measured is not None:
        seconds, source = measured[0] * workload.tokens, measured[1]
    return JobForecast(job, placement.device, placement.gpus, seconds, workload, source)


def wall_seconds(forecasts: list[JobForecast], gpus: int, cores: int) -> float:
    """Say when the last job ends, on so many GPUs and, for what needs none, so many cores.

    Jobs start in the given order as soon as there is room; a prediction starts after its
    training, and a fine-tuning after its base's pretraining.
    """
    free = {True: [0.0] * gpus, False: [0.0] * cores}
    ended: dict[str, float] = {}
    for forecast in sorted(forecasts, key=lambda one: COMPUTING_STAGES.index(one.job.stage)):
        lanes = free[forecast.gpus > 0]
        wanted = min(max(1, forecast.gpus), len(lanes))
        taken = [heapq.heappop(lanes) for _ in range(wanted)]
        ready = max((ended.get(before, 0.0) for before in _waits_for(forecast.job)), default=0.0)
        end = max(*taken, ready) + forecast.seconds
        for _ in taken:
            heapq.heappush(lanes, end)
        ended[forecast.job.cost] = end
    return max(ended.values(), default=0.0)


def _waits_for(job: PlannedJob) -> tuple[str, ...]:
    if job.stage == "predict":
        return (replace(job.name, rule="fine_tune").record,)
    if job.stage == "fine_tune":
        return (JobName("pretrain", {"ladder_model": job.model}).record,)
    return ()


@dataclass(frozen=True)
class Comparison:
    """Forecast and actual seconds of the finished jobs of one stage, model and kind of device."""

    stage: str
    model: str
    device: str
    jobs: int
    forecast: float
    actual: float

    @property
    def ratio(self) -> float:
        """How many times longer it took than was forecast."""
        return self.actual / self.forecast


def compare(
    records: list[CostRecord], workloads: Workloads, devices: dict[str, Device]
) -> list[Comparison]:
    """Set what finished jobs took beside the arithmetic's forecast, as it was before any ran."""
    forecast: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    actual: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for record in records:
        if record.device is None:
            continue
        device = devices[record.device]
        workload = workloads.of(record.cost, device)
        if workload is not None:
            key = (record.stage, record.model, record.device)
            forecast[key].append(workload.seconds(device))
            actual[key].append(record.seconds)
    return [
        Comparison(*key, len(seconds), sum(forecast[key]), sum(seconds))
        for key, seconds in actual.items()
    ]
