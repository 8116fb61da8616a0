"""Fine-tune a base model on the responses of one variant: one run."""

from contextlib import ExitStack
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from pydantic import Field

from showhow.base.errors import ShowhowError
from showhow.base.rows import write_json
from showhow.base.surroundings import surroundings
from showhow.jobs.attempts import read_attempts
from showhow.jobs.options import (
    Computation,
    ComputingOptions,
    Machine,
    Reads,
    Resumable,
    ToldPart,
    Writes,
)
from showhow.jobs.records import Work
from showhow.jobs.stage import run_stage
from showhow.jobs.unfinished import forget_work_on, unfinished_work
from showhow.models.loading import Base, load_base, save_base
from showhow.recipes.training import Match, TrainingRecipe
from showhow.responses.response import Response, read_responses
from showhow.training.adapters import add_adapter, save_adapter
from showhow.training.budget import asked_after, optimiser_steps
from showhow.training.chosen_checkpoint import ChosenCheckpoint
from showhow.training.examples import Example, tokenise, tokenise_responses
from showhow.training.gpu_memory import within_gpu_memory
from showhow.training.model_card import origin_of, write_card
from showhow.training.processes import (
    spread_over,
    these_processes,
    told_by_the_first,
    weights_in_parts,
)
from showhow.training.tracking import LOG, Tracking
from showhow.training.trainer import TrainingRecord, train

VALIDATION = "showhow.evaluation.validation"
"""Imported by a run that chooses its checkpoint alone: others do not depend on how answers are read
(staleness/stage_code.py)."""


class RunIdentity(ToldPart):
    """Which run this is."""

    study: str
    task: str
    variant: str
    model: str
    n_train: int
    match: Match
    seed: int


class Options(ComputingOptions, Resumable):
    base: Reads = Field(description="The base model's folder.")
    responses: Reads = Field(description="The training responses.")
    reference: Reads | None = Field(
        None, description="Responses whose target tokens a matched run gets."
    )
    validation: Reads | None = Field(
        None, description="The problems by which a checkpoint is chosen; none: the last is kept."
    )
    validation_responses: Reads | None = Field(
        None, description="The reference responses to these: prompts, longest length."
    )
    model_output: Writes = Field(
        description="The folder for the fine-tuned model, or for its adapter."
    )
    output: Writes = Field(description="Where the record of the training goes.")
    sharded: Computation[int] = Field(
        0, ge=0, le=1, description="1: each of several GPUs holds a part of the model."
    )
    log: Machine[Path | None] = Field(None, description=LOG)
    run: RunIdentity
    recipe: TrainingRecipe
    choosing: dict[str, Any] | None = Field(
        None, description="How the checkpoint is chosen, if it is: what `VALIDATION` reads."
    )
    base_name: str | None = Field(
        None, description="What the base is called, where it is one of several of its model."
    )
    chat: bool | None = Field(
        None, description="Prompts are in the model's chat template; null where it has one."
    )
    random_weights: bool = Field(
        False, description="Start from random weights drawn from the run's seed."
    )


@dataclass(frozen=True)
class Prepared:
    """What is trained, on what, for how many steps; sizes: how many parameters there are.

    chosen: what chooses among the checkpoints; None where the last one is kept.
    """

    model: Base
    examples: list[Example]
    steps: int
    sizes: dict[str, int]
    chosen: ChosenCheckpoint | None


def fine_tune(options: Options) -> Work:
    spread_over(options.gpus)
    processes = these_processes()
    if processes.is_main_process:
        forget_work_on(options.checkpoints, options.base)
    prepared = prepare(options)
    determined_by = options.determined_by(steps=prepared.steps, processes=processes.num_processes)
    with ExitStack() as block:
        # One process has the folder's lock for all.
        work = unfinished_work(options.checkpoints, options.model_output, determined_by)
        kept = told_by_the_first(lambda: block.enter_context(work))
        record = train_in(kept, prepared, options)
        weights = weights_in_parts(prepared.model.model) if options.sharded else None
        if processes.is_main_process:
            save(prepared, record, weights, options)
    asked = prepared.chosen.tokens if prepared.chosen else 0
    return Work(record.train_tokens + asked, read_attempts(kept))


def prepare(options: Options) -> Prepared:
    """Load the base, with an adapter if there is to be one, and tokenise what it learns from."""
    recipe, seed = options.recipe, options.run.seed
    if options.sharded and recipe.adapter is not None:
        raise ShowhowError(
            "A model with an adapter is not sharded over several GPUs; let every GPU hold the "
            "whole of it (sharded: false in the table of resources)."
        )
    if options.sharded and options.choosing is not None:
        raise ShowhowError(
            "A model that is sharded over several GPUs is not asked while it is trained; write "
            "choose: null in its training, or let every GPU hold the whole of it (sharded: false "
            "in the table of resources)."
        )
    drawn_from = seed if options.random_weights else None
    loaded = load_base(options.base, recipe.space_digits, drawn_from, options.chat)
    written = read_responses(options.responses)
    reference = read_responses(options.reference) if options.reference else written
    steps = optimiser_steps(
        recipe,
        options.run.match,
        target_tokens(loaded, written),
        target_tokens(loaded, reference),
    )
    examples = tokenise(
        loaded,
        [(r.prompt, r.response) for r in written],
        [r.masked_tokens for r in written],
        [r.as_alone for r in written],
    )
    sizes = {"parameters": loaded.model.num_parameters()}
    trained = loaded if recipe.adapter is None else add_adapter(loaded, recipe.adapter, seed)
    sizes["trainable_parameters"] = trained.model.num_parameters(only_trainable=True)
    return Prepared(trained, examples, steps, sizes, chooser(trained, steps, options, len(written)))


def chooser(base: Base, steps: int, options: Options, examples: int) -> ChosenCheckpoint | None:
    """Prepare the choice among the checkpoints, where there is to be one."""
    choosing, recipe = options.choosing, options.recipe
    if choosing is None or options.validation is None or options.validation_responses is None:
        return None
    asked = options.validation, options.validation_responses
    read = import_module(VALIDATION).judge
    judge = read(choosing, base, asked, recipe.precision, options.run.seed)
    due = asked_after(judge.choosing.every, steps, examples, recipe.batch_size)
    return ChosenCheckpoint(judge, due)


def train_in(folder: Path, prepared: Prepared, options: Options) -> TrainingRecord:
    """Train with checkpoints in `folder`, in micro-batches that fit into memory."""
    around = surroundings()
    with within_gpu_memory(options.recipe, folder) as fitting:
        return train(
            prepared.model,
            prepared.examples,
            fitting,
            prepared.steps,
            options.run.seed,
            folder,
            around.checkpoint_seconds,
            Tracking(options.log, around.trackers),
            sharded=options.sharded == 1,
            chosen=prepared.chosen,
        )


def save(
    prepared: Prepared,
    record: TrainingRecord,
    weights: dict[str, torch.Tensor] | None,
    options: Options,
) -> None:
    """Write the whole model, or its adapter alone, and the record; `weights` as for `save_base`."""
    model, place, run = prepared.model, options.model_output, options.run.model_dump()
    adapted, origin = options.recipe.adapter is not None, origin_of(options.base)

    def describe(folder: Path) -> None:
        write_card(folder, run, model, origin, adapted, str(place))

    if adapted:
        save_adapter(model, place, origin.name, origin.commit, describe)
    else:
        save_base(model, place, describe, weights)
    told = {"run": run, "learning_rate": options.recipe.learning_rate, **prepared.sizes}
    told["prompts"] = prepared.model.form_of_prompts
    told["chosen"] = prepared.chosen and prepared.chosen.record()
    write_json(options.output, {**told, **asdict(record)})


def target_tokens(base: Base, responses: list[Response]) -> list[int]:
    """Count each response's tokens, its end token included."""
    return [len(ids) + 1 for ids in tokenise_responses(base, [r.response for r in responses])]


if __name__ == "__main__":
    run_stage(fine_tune, Options)
