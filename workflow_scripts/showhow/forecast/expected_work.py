"""How much work a job is, beside others of its stage: parameters times tokens."""

from collections.abc import Callable
from pathlib import Path

from showhow.base.errors import ShowhowError
from showhow.forecast.gpus import Device
from showhow.forecast.text_estimates import TextEstimates
from showhow.forecast.workload import Workloads
from showhow.models.shapes import shape_of
from showhow.models.sizes import parameters_of
from showhow.staleness.plan import PlannedJob
from showhow.study.configuration import Configuration
from showhow.study.paths import MODELS, placed


def estimates_of(configuration: Configuration) -> tuple[TextEstimates, Workloads]:
    """Give what is known of the texts before they exist, and of the work that they will be."""
    models = configuration.models
    bases = {
        name: Path(model.path) if model.kind == "folder" else Path(placed(MODELS)) / name
        for name, model in models.items()
    }
    texts = TextEstimates(configuration, bases)
    shapes = {name: shape_of(model, bases[name]) for name, model in models.items()}
    return texts, Workloads(configuration, shapes, texts)


def work_in(configuration: Configuration, device: Device) -> Callable[[PlannedJob], float | None]:
    """Give the function that estimates a job's work; None where size or texts are not known yet."""
    workloads: list[Workloads] = []

    def work(job: PlannedJob) -> float | None:
        try:
            workloads[:] = workloads or [estimates_of(configuration)[1]]
            asked = workloads[0].of(job.cost, device)
        except (ShowhowError, OSError):
            # Texts that are fetched first, or that somebody is asked for.
            return None
        parameters = parameters_of(configuration.models[job.model]) if asked else None
        return asked.tokens * parameters if asked and parameters else None

    return work
