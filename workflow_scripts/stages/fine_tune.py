"""Fine-tune a base model on the responses of one variant: one run."""

import shutil
from showhow.jobs.options import Computation, ComputingOptions, Machine, Reads, Resumable, ToldPart, Writes
from showhow.training.tracking import LOG
from showhow.recipes.training import Match
from pydantic import Field
from pathlib import Path
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import torch
import typer

from showhow.base.errors import ShowhowError
from showhow.base.files import remove_folder, whole_folder
from showhow.base.hashing import content_hash
from showhow.base.rows import write_json
from showhow.jobs.attempts import read_attempts
from showhow.jobs.devices import take_gpus
from showhow.jobs.stage import (
    CHECKPOINT_SECONDS,
    CHECKPOINTS,
    CheckpointSecondsOption,
    CheckpointsOption,
    CodeOption,
    GpusOption,
    LogOption,
    TrackersOption,
    Work,
    parse_json_option,
    run_stage,
)
from showhow.jobs.unfinished import forget_work_on, unfinished_work
from showhow.models.loading import Base, load_base, save_base
from showhow.recipes.training import AdapterRecipe, TrainingRecipe
from showhow.responses.response import Response, read_responses
from showhow.training.adapters import add_adapter, save_adapter
from showhow.training.budget import optimiser_steps
from showhow.training.examples import tokenise, tokenise_responses
from showhow.training.gpu_memory import within_gpu_memory
from showhow.training.processes import (
    spread_over,
    these_processes,
    told_by_the_first,
    weights_in_parts,
)
from showhow.training.tracking import Tracking
from showhow.training.trainer import train

KeepAdapterOption = Annotated[
    bool,
    typer.Option(
        help="Leave a copy of the adapter beside its folder, which goes after the evaluation.",
        envvar="SHOWHOW_KEEP_ADAPTERS",
    ),
]


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
    """What this stage is told."""

    base: Reads = Field(description="The base model's folder.")
    responses: Reads = Field(description="The training responses.")
    reference: Reads | None = Field(
        None, description="Responses whose target tokens a matched run gets."
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
    random_weights: bool = Field(
        False, description="Start from random weights drawn from the run's seed."
    )


def fine_tune(
    run: Annotated[str, typer.Option(help="Which run this is (study, task, …, seed), as JSON.")],
    base: Annotated[Path, typer.Option(help="The base model's folder.")],
    responses: Annotated[Path, typer.Option(help="The training responses.")],
    recipe: Annotated[str, typer.Option(help="The training recipe, as JSON.")],
    model_output: Annotated[
        Path, typer.Option(help="The folder for the fine-tuned model, or for its adapter.")
    ],
    output: Annotated[Path, typer.Option(help="Where the record of the training goes.")],
    reference: Annotated[
        Path | None, typer.Option(help="Responses whose target tokens a matched run gets.")
    ] = None,
    random_weights: Annotated[
        bool, typer.Option(help="Start from random weights drawn from the run's seed.")
    ] = False,
    keep_adapter: KeepAdapterOption = False,
    threads: Annotated[int, typer.Option(help="Threads of each process.")] = 1,
    gpus: GpusOption = 0,
    sharded: Annotated[
        int, typer.Option(help="1: each of several GPUs holds a part of the model.", min=0, max=1)
    ] = 0,
    code: CodeOption = "",
    checkpoints: CheckpointsOption = CHECKPOINTS,
    checkpoint_seconds: CheckpointSecondsOption = CHECKPOINT_SECONDS,
    log: LogOption = None,
    trackers: TrackersOption = (),
) -> Work:
    take_gpus(gpus)
    spread_over(gpus)
    torch.set_num_threads(threads)
    processes = these_processes()
    if processes.is_main_process:
        forget_work_on(checkpoints, base)
    identity = parse_json_option(run)
    chosen = TrainingRecipe.model_validate_json(recipe)
    seed = identity["seed"]
    if sharded and chosen.adapter is not None:
        raise ShowhowError(
            "A model with an adapter is not sharded over several GPUs; let every GPU hold the "
            "whole of it (sharded: false in the table of resources)."
        )
    loaded = load_base(base, chosen.space_digits, seed if random_weights else None)
    written = read_responses(responses)
    steps = optimiser_steps(
        chosen,
        identity["match"],
        target_tokens(loaded, written),
        target_tokens(loaded, read_responses(reference) if reference else written),
    )
    examples = tokenise(
        loaded, [(r.prompt, r.response) for r in written], [r.masked_tokens for r in written]
    )
    determined_by = {
        "run": identity,
        "recipe": chosen.model_dump(mode="json"),
        "base": content_hash(base),
        "random_weights": random_weights,
        "responses": content_hash(responses),
        "steps": steps,
        "threads": threads,
        "processes": processes.num_processes,
        "sharded": sharded,
        "code": code,
    }
    sizes = {"parameters": loaded.model.num_parameters()}
    trained = loaded if chosen.adapter is None else add_adapter(loaded, chosen.adapter, seed)
    sizes["trainable_parameters"] = trained.model.num_parameters(only_trainable=True)
    with ExitStack() as block:
        # One process has the folder's lock for all.
        work = unfinished_work(checkpoints, model_output, determined_by)
        kept = told_by_the_first(lambda: block.enter_context(work))
        tracking = Tracking(log, tuple(trackers))
        with within_gpu_memory(chosen, kept) as fitting:
            record = train(
                *(trained, examples, fitting, steps, seed, kept, checkpoint_seconds, tracking),
                sharded=sharded == 1,
            )
        weights = weights_in_parts(trained.model) if sharded else None
        if processes.is_main_process:
            save(trained, chosen.adapter, model_output, identity["model"], weights)
            copy_adapter(model_output, chosen.adapter is not None and keep_adapter)
            write_json(output, {"run": identity, **sizes, **asdict(record)})
    return Work(record.train_tokens, read_attempts(kept))


def save(
    trained: Base,
    adapter: AdapterRecipe | None,
    folder: Path,
    name_of_base: str,
    weights: dict[str, torch.Tensor] | None,
) -> None:
    """Write the whole model, or its adapter alone; `weights` as for `save_base`."""
    if adapter is None:
        save_base(trained, folder, weights=weights)
    else:
        save_adapter(trained, folder, name_of_base)


def copy_adapter(folder: Path, wanted: bool) -> None:
    """Leave a copy of an adapter beside its folder, or none: no copy of an earlier run's stays."""
    copy = folder.with_name("adapter")
    if wanted:
        with whole_folder(copy) as beside:
            shutil.copytree(folder, beside, dirs_exist_ok=True)
    else:
        remove_folder(copy)


def target_tokens(base: Base, responses: list[Response]) -> list[int]:
    """Count each response's tokens, its end token included."""
    return [len(ids) + 1 for ids in tokenise_responses(base, [r.response for r in responses])]


if __name__ == "__main__":
    run_stage(fine_tune)
