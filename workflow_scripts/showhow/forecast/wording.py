"""The forecast as a person reads it: what would run, where and how long, and what may go wrong."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from showhow.base.rows import read_json
from showhow.forecast.disk import Disk
from showhow.forecast.gpus import CPU, Device
from showhow.forecast.schedule import Comparison, JobForecast
from showhow.models.arithmetic import weight_bytes
from showhow.models.sizes import parameters_of
from showhow.staleness.plan import in_words
from showhow.study.configuration import Configuration
from showhow.study.resources import Request

COMMIT = re.compile(r"[0-9a-f]{40}")
# A process with torch and transformers, before it loads a model.
LIBRARY_BYTES = 3e9
DAY = 86_400


@dataclass(frozen=True)
class Forecast:
    """All that is known before a study is submitted.

    jobs: forecasts of the jobs that compute. others: how many more jobs there are. unknown: jobs
    that compute, of a model whose size nobody knows. wall_seconds: until the last of them ends.
    """

    jobs: list[JobForecast]
    others: int
    unknown: int
    wall_seconds: float
    disk: Disk
    gpus: int
    cores: int


def describe_forecast(forecast: Forecast) -> str:
    """Write the forecast as a table by stage and model, and the sums below it."""
    lines = [
        f"{'stage':<19}{'model':<20}{'jobs':>6}{'on':>12}{'tokens':>9}{'hours':>11}"
        f"{'longest job':>14}{'memory':>9}  by"
    ]
    for group in _by_stage_and_model(forecast.jobs):
        first = group[0]
        hours = sum(one.seconds * max(1, one.gpus) for one in group) / 3600
        lines.append(
            f"{first.job.stage:<19}{first.job.model:<20}{len(group):>6}{_place(first):>12}"
            f"{_count(sum(one.workload.tokens for one in group)):>9}{hours:>11,.1f}"
            f"{duration(max(one.seconds for one in group)):>14}"
            f"{_gigabytes(max(one.workload.memory for one in group)):>9}  {first.source}"
        )
    return "\n".join([*lines, "", *_sums(forecast)]) + "\n"


def _by_stage_and_model(jobs: list[JobForecast]) -> list[list[JobForecast]]:
    groups: dict[tuple, list[JobForecast]] = {}
    for one in jobs:
        key = (one.job.stage, one.job.model, one.device, one.gpus, one.source)
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def _place(forecast: JobForecast) -> str:
    return "a core" if forecast.device == CPU else f"{forecast.gpus} x {forecast.device}"


def _sums(forecast: Forecast) -> list[str]:
    total = len(forecast.jobs) + forecast.others + forecast.unknown
    gpu_hours = sum(one.seconds * one.gpus for one in forecast.jobs) / 3600
    core_hours = sum(one.seconds for one in forecast.jobs if not one.gpus) / 3600
    places = []
    if gpu_hours:
        places.append(f"{forecast.gpus} GPU{'s' if forecast.gpus > 1 else ''}")
    if core_hours:
        places.append(f"{forecast.cores} core{'s' if forecast.cores > 1 else ''}")
    lines = [f"Jobs        {total:,}; those not listed take seconds to minutes each on a core"]
    if gpu_hours:
        lines.append(f"GPU hours   {gpu_hours:,.1f}")
    if core_hours:
        lines.append(f"Core hours  {core_hours:,.1f}")
    if places:
        lines.append(f"Wall time   {duration(forecast.wall_seconds)} on {' and '.join(places)}")
    stays, running = forecast.disk.stays, forecast.disk.while_running
    lines.append(f"Disk        {_gigabytes(stays)} stay; {_gigabytes(running)} more while it runs")
    if forecast.unknown:
        lines.append(f"Not known   {forecast.unknown} jobs: their models do not say `parameters`")
    return lines


def describe_comparison(comparisons: list[Comparison]) -> str:
    """Write what finished jobs were expected to take beside what they took."""
    lines = [
        "Finished: forecast beside actual",
        f"{'stage':<19}{'model':<20}{'on':<12}{'jobs':>5}{'forecast':>14}{'actual':>14}"
        f"{'actual / forecast':>20}",
    ]
    lines += [
        f"{one.stage:<19}{one.model:<20}{one.device:<12}{one.jobs:>5}"
        f"{duration(one.forecast):>14}{duration(one.actual):>14}{one.ratio:>20.2f}"
        for one in comparisons
    ]
    return "\n".join(lines) + "\n"


def warnings_of(
    forecasts: list[JobForecast],
    requests: dict[tuple[str, str], Request],
    devices: dict[str, Device],
    configuration: Configuration,
) -> list[str]:
    """Say where a row of the table of resources is too small for what runs in it.

    requests: what the table asks for, by stage and model.
    """
    sentences = []
    for group in _by_stage_and_model(forecasts):
        stage, model = group[0].job.stage, group[0].job.model
        longest = max(group, key=lambda one: one.seconds)
        largest = max(group, key=lambda one: one.workload.memory)
        row = requests[stage, model]
        sentences += _too_little_memory(largest, row, devices[largest.device], configuration)
        if longest.seconds > 60 * row.minutes:
            times = int(longest.seconds // (60 * row.minutes))
            sentences.append(
                f"{stage} of {model}: {longest.job.cost} takes about {duration(longest.seconds)}, "
                f"its row gives {duration(60 * row.minutes)}; it will be requeued {times} time"
                f"{'s' if times > 1 else ''} and go on from its checkpoint."
            )
        if longest.workload.bf16 and devices[longest.device].bf16_tflops is None:
            sentences.append(
                f"{stage} of {model}: {longest.device} has no bf16; write `precision: fp32`."
            )
    return sentences


def _too_little_memory(
    largest: JobForecast, row: Request, device: Device, configuration: Configuration
) -> list[str]:
    stage, model = largest.job.stage, largest.job.model
    node = LIBRARY_BYTES + weight_bytes(parameters_of(configuration.models[model]) or 0)
    sentences = []
    if largest.device == CPU:
        node = largest.workload.memory
    elif largest.workload.memory > device.memory:
        remedy = (
            "make micro_batch_size smaller, or turn on gradient_checkpointing"
            if stage not in ("predict", "predict_trial")
            else "make evaluation.batch_size smaller"
        )
        sentences.append(
            f"{stage} of {model} holds about {_gigabytes(largest.workload.memory)} at its peak, "
            f"more than the {_gigabytes(device.memory)} of one {largest.device}: {remedy}."
        )
    if node > 1e6 * row.memory_mb:
        sentences.append(
            f"{stage} of {model} holds about {_gigabytes(node)} of the node's memory, its row "
            f"asks for {_gigabytes(1e6 * row.memory_mb)}: raise memory_mb."
        )
    return sentences


def unpinned(configuration: Configuration, models: Iterable[str], folder: Path) -> list[str]:
    """Say which hub models are named by something that moves, and the commit to pin them to.

    folder: that of the base models, where the download notes the commit that it fetched.
    """
    sentences = []
    for name in models:
        model = configuration.models[name]
        if model.kind != "hub" or COMMIT.fullmatch(model.revision):
            continue
        source = folder / name / "source.json"
        known = f" {read_json(source)['commit']}," if source.is_file() else ""
        sentences.append(
            f"models.{name}.revision is {model.revision}, which may move: pin the commit{known} "
            f"that the download notes in {source}."
        )
    return sentences


def duration(seconds: float) -> str:
    """Write a duration for people; from two days on in days and hours."""
    if seconds < 2 * DAY:
        return in_words(seconds)
    days, hours = divmod(round(seconds / 3600), 24)
    return f"{days} days {hours} h"


def _count(number: float) -> str:
    for unit, name in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= unit:
            return f"{number / unit:.1f} {name}"
    return f"{number:.0f}"


def _gigabytes(number: float) -> str:
    return f"{number / 1e9:,.1f} GB"
