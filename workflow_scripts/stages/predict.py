"""Have a fine-tuned model answer the problems of every split."""

from showhow.jobs.options import ComputingOptions, Reads, Resumable, Writes
from pydantic import Field
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import torch
import typer

from showhow.base.hashing import content_hash
from showhow.base.rows import write_jsonl
from showhow.evaluation.generation import generate, longest_generation
from showhow.evaluation.prediction import Prediction
from showhow.jobs.attempts import read_attempts
from showhow.jobs.devices import take_gpus
from showhow.jobs.finished_batches import FinishedBatches
from showhow.jobs.stage import (
    CHECKPOINTS,
    CheckpointsOption,
    CodeOption,
    GpusOption,
    Work,
    run_stage,
)
from showhow.jobs.unfinished import forget_work_on, unfinished_work
from showhow.models.loading import Base, load_base
from showhow.models.precision import place
from showhow.recipes.evaluation import EvaluationSettings
from showhow.responses.response import read_responses


class Options(ComputingOptions, Resumable):
    """What this stage is told."""

    model: Reads = Field(description="The folder of the fine-tuned model or adapter.")
    base: Reads | None = Field(None, description="The base that an adapter belongs to.")
    responses: list[Reads] = Field(
        description="Each split's reference responses: prompts, longest length."
    )
    output: Writes = Field(description="Where the predictions of all splits go.")
    settings: EvaluationSettings
    space_digits: bool = Field(False, description="Numbers are written by digit.")


def predict(
    model: Annotated[Path, typer.Option(help="The folder of the fine-tuned model or adapter.")],
    responses: Annotated[
        list[Path], typer.Option(help="Each split's reference responses: prompts, longest length.")
    ],
    settings: Annotated[str, typer.Option(help="The evaluation settings, as JSON.")],
    output: Annotated[Path, typer.Option(help="Where the predictions of all splits go.")],
    base: Annotated[Path | None, typer.Option(help="The base that an adapter belongs to.")] = None,
    space_digits: Annotated[bool, typer.Option(help="Numbers are written by digit.")] = False,
    threads: Annotated[int, typer.Option(help="Threads of the computation.")] = 1,
    gpus: GpusOption = 0,
    code: CodeOption = "",
    checkpoints: CheckpointsOption = CHECKPOINTS,
) -> Work:
    take_gpus(gpus)
    torch.set_num_threads(threads)
    forget_work_on(checkpoints, model)
    chosen = EvaluationSettings.model_validate_json(settings)
    tuned = load_tuned(model, base, space_digits)
    place(tuned.model, chosen.precision)
    problems, limits = [], []
    for path in responses:
        references = read_responses(path)
        problems += [(reference.id, reference.prompt) for reference in references]
        longest = longest_generation(tuned, [reference.response for reference in references])
        limits += [chosen.max_new_tokens or longest] * len(references)
    determined_by = {
        "model": content_hash(model),
        "base": base and content_hash(base),
        "responses": [content_hash(path) for path in responses],
        "settings": chosen.model_dump(mode="json"),
        "space_digits": space_digits,
        "threads": threads,
        "code": code,
    }
    with unfinished_work(checkpoints, output, determined_by) as kept:
        finished = FinishedBatches(kept / "batches.jsonl", Prediction)
        predictions = generate(tuned, problems, chosen.batch_size, limits, finished)
        write_jsonl(output, [asdict(prediction) for prediction in predictions])
    tokens = sum(prediction.generated_tokens for prediction in predictions)
    return Work(tokens, read_attempts(kept))


def load_tuned(model: Path, base: Path | None, space_digits: bool) -> Base:
    """Load what fine-tuning left: a whole model, or an adapter onto its base."""
    if base is None:
        return load_base(model, space_digits)
    from showhow.training.adapters import load_adapter  # only adapters wait for peft

    return load_adapter(load_base(base, space_digits), model)


if __name__ == "__main__":
    run_stage(predict)
