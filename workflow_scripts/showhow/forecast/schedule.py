"""What a study will cost before it is submitted, and forecast beside actual once it has run.

The arithmetic (showhow.forecast.workload) says what a job asks of a device. Where jobs of the same
stage have run on that kind of device, their records say how long a token takes instead: those of
the same model, or else those of the model nearest in size, scaled by the sizes.
"""

import heapq
import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Literal

from showhow.forecast.gpus import Device, device_of
from showhow.forecast.workload import COMPUTING_STAGES, Workload, Workloads
from showhow.staleness.plan import CostRecord, PlannedJob

Source = Literal["arithmetic", "records", "records of another size"]


@dataclass(frozen=True)
class JobForecast:
    """What one job is expected to take on a kind of device. gpus: how many; 0 on a core."""

    job: PlannedJob
    device: str
    gpus: int
    seconds: float
    workload: Workload
    source: Source


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


def speeds_of(
    records: list[CostRecord], parameters: dict[str, int | None], devices: dict[str, Device]
) -> Speeds:
    """Take the speed of each stage, model and kind of device over all of its records together."""
    seconds: dict[tuple[str, str, str], float] = defaultdict(float)
    tokens: dict[tuple[str, str, str], int] = defaultdict(int)
    for record in records:
        device = device_of(devices, record.gpus)
        if device is not None and record.tokens:
            key = (record.stage, record.model, device)
            seconds[key] += record.seconds
            tokens[key] += record.tokens
    return Speeds({key: seconds[key] / tokens[key] for key in seconds}, parameters)


def forecast_job(
    job: PlannedJob,
    device: str,
    gpus: int,
    workloads: Workloads,
    speeds: Speeds,
    devices: dict[str, Device],
) -> JobForecast | None:
    """Forecast one job; None for one whose workload is not known, or that computes nothing."""
    workload = workloads.of(job.cost, devices[device])
    if workload is None:
        return None
    measured = speeds.of(job.stage, job.model, device)
    seconds, source = workload.seconds(devices[device], max(1, gpus)), "arithmetic"
    if measured is not None:
        seconds, source = measured[0] * workload.tokens, measured[1]
    return JobForecast(job, device, gpus, seconds, workload, source)


def wall_seconds(forecasts: list[JobForecast], gpus: int, cores: int) -> float:
    """Say when the last job ends, on so many GPUs and, for what needs none, so many cores.

    Jobs start in the given order as soon as there is room; a prediction starts after its
    training, and a fine-tuning after the pretraining of its model's bases and the trials of its
    condition's learning rates.
    """
    free = {True: [0.0] * gpus, False: [0.0] * cores}
    ended: dict[str, float] = {}
    pretrained: dict[str, float] = defaultdict(float)
    tried: dict[str, float] = defaultdict(float)
    for forecast in sorted(forecasts, key=lambda one: COMPUTING_STAGES.index(one.job.stage)):
        lanes = free[forecast.gpus > 0]
        wanted = min(max(1, forecast.gpus), len(lanes))
        taken = [heapq.heappop(lanes) for _ in range(wanted)]
        end = max(*taken, _ready(forecast.job, ended, pretrained, tried)) + forecast.seconds
        for _ in taken:
            heapq.heappush(lanes, end)
        ended[forecast.job.cost] = end
        if forecast.job.stage == "pretrain":
            pretrained[forecast.job.model] = max(end, pretrained[forecast.job.model])
        if forecast.job.stage == "predict_trial":
            condition = forecast.job.cost.removeprefix("predict_trial/").rpartition("/")[0]
            tried[condition] = max(end, tried[condition])
    return max(ended.values(), default=0.0)


def _ready(
    job: PlannedJob,
    ended: dict[str, float],
    pretrained: dict[str, float],
    tried: dict[str, float],
) -> float:
    """Say when that has ended which a job waits for."""
    if job.stage == "predict":
        return ended.get(replace(job.name, rule="fine_tune").record, 0.0)
    if job.stage == "predict_trial":
        return ended.get(replace(job.name, rule="try_learning_rate").record, 0.0)
    if job.stage == "fine_tune":
        condition = job.cost.removeprefix("fine_tune/").rpartition("/")[0]
        return max(pretrained.get(job.model, 0.0), tried.get(condition, 0.0))
    return pretrained.get(job.model, 0.0) if job.stage == "try_learning_rate" else 0.0


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
    both: dict[tuple[str, str, str], list[tuple[float, float]]] = defaultdict(list)
    for record in records:
        device = device_of(devices, record.gpus)
        workload = workloads.of(record.cost, devices[device]) if device else None
        if device and workload:
            key = (record.stage, record.model, device)
            both[key].append((workload.seconds(devices[device]), record.seconds))
    compared = [
        Comparison(*key, len(jobs), sum(time for time, _ in jobs), sum(time for _, time in jobs))
        for key, jobs in both.items()
    ]
    return sorted(compared, key=lambda one: COMPUTING_STAGES.index(one.stage))
