"""Say what a study will cost before it is submitted. Takes Snakemake's own options beside its own:

python workflow_scripts/forecast.py --gpus 8 --gpu A100 --configfile configs/paper.yaml
"""

import sys
from argparse import ArgumentParser
from functools import partial
from pathlib import Path

from showhow.models.shapes import shape_of
from showhow.models.sizes import parameters_of
from showhow.workflow.disk import disk_of
from showhow.workflow.forecast import (
    Placement,
    compare,
    forecast_job,
    read_cost_records,
    speeds_of,
    wall_seconds,
)
from showhow.workflow.forecast_text import (
    Forecast,
    describe_comparison,
    describe_forecast,
    unpinned,
    warnings_of,
)
from showhow.workflow.gpus import CPU, device_named, read_devices
from showhow.workflow.resources import Request, read_resources, request_of
from showhow.workflow.text_estimates import TextEstimates
from showhow.workflow.workload import COMPUTING_STAGES, Workloads
from snakemake_plan import COSTS, Plan, print_plan

DEVICES = Path("profiles/gpus.yaml")
MODELS = Path("results/models")


def describe(plan: Plan, gpus: int, gpu: str) -> str:
    configuration, devices = plan.configuration, read_devices(DEVICES)
    models = configuration.models
    bases = {
        name: Path(model.path) if model.kind == "folder" else MODELS / name
        for name, model in models.items()
    }
    texts = TextEstimates(configuration, bases)
    shapes = {name: shape_of(model, bases[name]) for name, model in models.items()}
    workloads = Workloads(configuration, shapes, texts)
    records = read_cost_records(COSTS, models, devices)
    running = [job for job in plan.jobs if job.state != "reused"]
    computing = [job for job in running if job.stage in COMPUTING_STAGES]
    sizes = {name: parameters_of(model) for name, model in models.items()}
    table = read_resources(Path(configuration.cluster.resources))
    requests = {
        (job.stage, job.model): request_of(table, row_of(job.stage), sizes[job.model])
        for job in computing
    }
    speeds = speeds_of(records, sizes)
    forecasts = [
        forecast_job(
            job, placement(requests[job.stage, job.model], gpu), workloads, speeds, devices
        )
        for job in computing
    ]
    known = [forecast for forecast in forecasts if forecast is not None]
    parts = []
    if running:
        parts.append(
            describe_forecast(
                Forecast(
                    jobs=known,
                    others=len(running) - len(computing),
                    unknown=len(computing) - len(known),
                    wall_seconds=wall_seconds(known, gpus, plan.cores),
                    disk=disk_of(running, configuration, texts, gpus),
                    gpus=gpus,
                    cores=plan.cores,
                )
            )
        )
    else:
        parts.append("Nothing to forecast: all results are up to date.\n")
    used = dict.fromkeys(job.model for job in plan.jobs if job.stage == "fine_tune")
    warned = [
        *warnings_of(known, requests, devices, configuration),
        *unpinned(configuration, used, MODELS),
    ]
    parts += ["Mind\n" + "".join(f"- {sentence}\n" for sentence in warned)] if warned else []
    finished = compare(records, workloads, devices)
    parts += [describe_comparison(finished)] if finished else []
    return "\n".join(parts)


def row_of(stage: str) -> str:
    """Name the rows that a stage asks by: what a base is asked takes a prediction's."""
    return "predict" if stage in ("measure_perplexity", "answer_problems") else stage


def placement(request: Request, gpu: str) -> Placement:
    return Placement(gpu if request.gpus else CPU, request.gpus)


def main() -> int:
    parser = ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--gpus", type=int, default=1, help="GPUs that run at the same time.")
    parser.add_argument("--gpu", default="A100", help="Their kind, as in profiles/gpus.yaml.")
    own, of_snakemake = parser.parse_known_args()
    gpu = device_named(read_devices(DEVICES), own.gpu)
    return print_plan(of_snakemake, partial(describe, gpus=own.gpus, gpu=gpu))


if __name__ == "__main__":
    sys.exit(main())
