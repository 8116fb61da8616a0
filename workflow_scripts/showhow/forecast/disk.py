"""What a study takes on the disk: base models, data, predictions, weights, checkpoints."""

from dataclasses import dataclass
from statistics import fmean

from showhow.forecast.text_estimates import TextEstimates
from showhow.forecast.workload import asked_of
from showhow.models.arithmetic import OPTIMIZER_BYTES, weight_bytes
from showhow.models.sizes import parameters_of
from showhow.staleness.plan import PlannedJob
from showhow.study.configuration import Configuration
from showhow.study.grid import rows_of
from showhow.study.paths import Run, Split
from showhow.training.checkpoints import KEPT

# What every job leaves beside its results (log, cost record, Snakemake's own), what a
# line of items.jsonl takes, and what a prediction's line adds to prompt and answer.
BYTES_PER_JOB = 20_000
BYTES_PER_ITEM = 350
BYTES_PER_PREDICTION = 100
PACKED = 4
"""How many times smaller a fetched file is than its weights in fp32, at eight bits each."""
WRITING_STAGES = ("write_responses", "write_responses_for_base")
TRAINING_STAGES = ("fine_tune", "try_learning_rate")
PREDICTING_STAGES = ("predict", "predict_trial")
SCORING_STAGES = ("score", "score_trial")


@dataclass(frozen=True)
class Disk:
    """Bytes that the jobs leave, and that those running at once hold besides."""

    stays: float
    while_running: float


def disk_of(
    jobs: list[PlannedJob], configuration: Configuration, texts: TextEstimates, at_once: int
) -> Disk:
    """Add up what the given jobs leave; a training holds its weights and its checkpoints."""
    stays = sum(BYTES_PER_JOB + _results_of(job, configuration, texts) for job in jobs)
    stays += sum(_weights_of(job, configuration) for job in _kept_trainings(jobs, configuration))
    held = [_held_by(job, configuration) for job in jobs if job.stage in TRAINING_STAGES]
    return Disk(stays, sum(sorted(held)[-at_once:]))


def _results_of(job: PlannedJob, configuration: Configuration, texts: TextEstimates) -> float:
    if job.stage in ("download", "convert_gguf", "pretrain"):
        return weight_bytes(_parameters(job.model, configuration))
    if job.stage == "fetch_package":
        return weight_bytes(_parameters(job.model, configuration)) / PACKED
    known = ("generate_problems", *WRITING_STAGES, *PREDICTING_STAGES, *SCORING_STAGES)
    if job.stage not in known:
        return 0.0
    named = job.name.wildcards
    task = named["task"]
    if job.stage in SCORING_STAGES:
        asked = asked_of(job.stage, configuration, task)
        return BYTES_PER_ITEM * sum(problems for _, problems in asked)
    if job.stage in PREDICTING_STAGES:
        return _bytes_of_predictions(job, task, named["variant"], configuration, texts)
    split = Split.read(named["split"])
    row = (
        texts.response_bytes(task, named["variant"], split.name, named.get("model", ""))
        if job.stage in WRITING_STAGES
        else texts.problem_bytes(task, split.name)
    )
    return rows_of(configuration, task, split) * row


def _bytes_of_predictions(
    job: PlannedJob, task: str, variant: str, configuration: Configuration, texts: TextEstimates
) -> float:
    total = 0.0
    for split, problems in asked_of(job.stage, configuration, task):
        written = texts.responses(task, variant, split, job.model)
        text = fmean(len(one.prompt) + len(one.response) for one in written)
        total += problems * (text + BYTES_PER_PREDICTION)
    return total


def _kept_trainings(jobs: list[PlannedJob], configuration: Configuration) -> list[PlannedJob]:
    """List the trainings whose weights stay: all, those of adapters, one of all seeds, none."""
    trainings = [job for job in jobs if job.stage == "fine_tune"]
    if configuration.keeping.weights == "all":
        return trainings
    if configuration.keeping.weights == "adapters":
        return [job for job in trainings if configuration.training_of(job.model).adapter]
    if configuration.keeping.weights == "best":
        # Of those that differ in the seed alone.
        return list({Run.of(job.name.wildcards).condition: job for job in trainings}.values())
    return []


def _weights_of(job: PlannedJob, configuration: Configuration) -> float:
    """An adapter is of the order of a hundredth of its base."""
    whole = weight_bytes(_parameters(job.model, configuration))
    adapter = configuration.training_of(job.model).adapter is not None
    return whole / 100 if adapter else whole


def _held_by(job: PlannedJob, configuration: Configuration) -> float:
    """The weights that wait for their evaluation, the checkpoints, and the one being written.

    A checkpoint holds the best weights so far as well, where these are chosen.
    """
    parameters = _parameters(job.model, configuration)
    recipe = configuration.training_of(job.model)
    best = recipe.checkpoint is not None
    if recipe.adapter is not None:
        return (1 + (1 + best) * (KEPT + 1)) * weight_bytes(parameters) / 100
    checkpoint = weight_bytes(parameters) + OPTIMIZER_BYTES[recipe.optimizer] * parameters
    checkpoint += best * weight_bytes(parameters)
    return weight_bytes(parameters) + (KEPT + 1) * checkpoint


def _parameters(model: str, configuration: Configuration) -> int:
    return parameters_of(configuration.models[model]) or 0
