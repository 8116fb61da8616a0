"""Say what a study will cost before it is submitted. Takes Snakemake's own options beside its own:

python workflow_scripts/run.py forecast --gpus 8 --gpu A100 --configfile configs/paper.yaml
"""

import sys
from argparse import ArgumentParser
from functools import partial
from pathlib import Path

from commands.snakemake_plan import Plan, print_plan
from showhow.base.repository import shipped
from showhow.forecast.disk import disk_of
from showhow.forecast.expected_work import estimates_of
from showhow.forecast.gpus import CPU, device_named, read_devices
from showhow.forecast.schedule import (
    JobForecast,
    compare,
    forecast_job,
    speeds_of,
    wall_seconds,
)
from showhow.forecast.wording import (
    Forecast,
    describe_comparison,
    describe_forecast,
    unpinned,
    warnings_of,
)
from showhow.forecast.workload import COMPUTING_STAGES
from showhow.models.sizes import parameters_of
from showhow.staleness.plan import PlannedJob, read_cost_records
from showhow.study.configuration import Configuration
from showhow.study.paths import COSTS, MODELS, placed
from showhow.study.resources import Request, read_resources, request_of

DEVICES = shipped(Path("profiles/gpus.yaml"))
NOTHING = "Nothing to forecast: all results are up to date.\n"


def describe(plan: Plan, gpus: int, gpu: str) -> str:
    """Write the forecast of what would run, what to mind, and what finished jobs took beside it."""
    configuration, devices = plan.configuration, read_devices(DEVICES)
    texts, workloads = estimates_of(configuration)
    sizes = {name: parameters_of(model) for name, model in configuration.models.items()}
    records = read_cost_records(Path(placed(COSTS)), configuration.models)
    speeds = speeds_of(records, sizes, devices)
    running = [job for job in plan.jobs if job.state != "reused"]
    computing = [job for job in running if job.stage in COMPUTING_STAGES]
    requests = requests_of(computing, configuration, sizes)
    known: list[JobForecast] = []
    for job in computing:
        gpus_of_job = requests[job.stage, job.model].gpus
        device = gpu if gpus_of_job else CPU
        expected = forecast_job(job, device, gpus_of_job, workloads, speeds, devices)
        if expected is not None:
            known.append(expected)
    forecast = Forecast(
        jobs=known,
        others=len(running) - len(computing),
        unknown=len(computing) - len(known),
        wall_seconds=wall_seconds(known, gpus, plan.cores),
        disk=disk_of(running, configuration, texts, gpus),
        gpus=gpus,
        cores=plan.cores,
    )
    used = dict.fromkeys(job.model for job in plan.jobs if job.stage == "fine_tune")
    warned = [
        *warnings_of(known, requests, devices, configuration),
        *unpinned(configuration, used, Path(placed(MODELS))),
    ]
    finished = compare(records, workloads, devices)
    parts = (
        describe_forecast(forecast) if running else NOTHING,
        "Mind\n" + "".join(f"- {sentence}\n" for sentence in warned) if warned else "",
        describe_comparison(finished) if finished else "",
    )
    return "\n".join(filter(None, parts))


def requests_of(
    jobs: list[PlannedJob], configuration: Configuration, sizes: dict[str, int | None]
) -> dict[tuple[str, str], Request]:
    """Say what jobs ask for, by stage and model."""
    table = read_resources(shipped(Path(configuration.cluster.resources)))
    return {
        (job.stage, job.model): request_of(table, row_of(job.stage), sizes[job.model])
        for job in jobs
    }


def row_of(stage: str) -> str:
    """Name the rows that a stage asks by: what a base is asked takes a prediction's."""
    if stage == "try_learning_rate":
        return "fine_tune"
    return stage if stage in ("pretrain", "fine_tune") else "predict"


def main() -> int:
    parser = ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--gpus", type=int, default=1, help="GPUs that run at the same time.")
    parser.add_argument("--gpu", default="A100", help="Their kind, as in profiles/gpus.yaml.")
    own, of_snakemake = parser.parse_known_args()
    gpu = device_named(read_devices(DEVICES), own.gpu)
    return print_plan(of_snakemake, partial(describe, gpus=own.gpus, gpu=gpu))


if __name__ == "__main__":
    sys.exit(main())
