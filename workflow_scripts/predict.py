"""Have a fine-tuned model answer the problems of one or more splits."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import torch
import typer

from showhow.artifacts import content_hash, write_jsonl
from showhow.attempts import Attempts, read_attempts
from showhow.errors import ShowhowError
from showhow.evaluation.finished_batches import FinishedBatches
from showhow.evaluation.generation import generate, longest_generation
from showhow.evaluation.prediction import Prediction
from showhow.models.loading import Base, load_base
from showhow.models.precision import place
from showhow.responses.response import read_responses
from showhow.unfinished import forget_work_on, unfinished_work
from showhow.workflow.devices import take_gpus
from showhow.workflow.recipes import EvaluationSettings
from showhow.workflow.stage import (
    CHECKPOINTS,
    CheckpointsOption,
    CodeOption,
    GpusOption,
    Work,
    run_stage,
)


def predict(
    model: Annotated[Path, typer.Option(help="The folder of the fine-tuned model or adapter.")],
    responses: Annotated[
        list[Path], typer.Option(help="Reference responses of a split: prompts, longest length.")
    ],
    settings: Annotated[str, typer.Option(help="The evaluation settings, as JSON.")],
    output: Annotated[list[Path], typer.Option(help="Where each split's predictions go.")],
    base: Annotated[Path | None, typer.Option(help="The base that an adapter belongs to.")] = None,
    space_digits: Annotated[bool, typer.Option(help="Numbers are written by digit.")] = False,
    threads: Annotated[int, typer.Option(help="Threads of the computation.")] = 1,
    gpus: GpusOption = 0,
    code: CodeOption = "",
    checkpoints: CheckpointsOption = CHECKPOINTS,
) -> Work:
    if len(responses) != len(output):
        raise ShowhowError("Name as many --output files as there are --responses files.")
    take_gpus(gpus)
    torch.set_num_threads(threads)
    forget_work_on(checkpoints, model)
    chosen = EvaluationSettings.model_validate_json(settings)
    tuned = load_tuned(model, base, space_digits)
    place(tuned.model, chosen.precision)
    determined_by = {
        "model": content_hash(model),
        "base": base and content_hash(base),
        "settings": chosen.model_dump(mode="json"),
        "space_digits": space_digits,
        "threads": threads,
        "code": code,
    }
    tokens, attempts = 0, Attempts()
    for path, destination in zip(responses, output, strict=True):
        references = read_responses(path)
        limit = chosen.max_new_tokens or longest_generation(tuned, [r.response for r in references])
        problems = [(reference.id, reference.prompt) for reference in references]
        asked = {**determined_by, "responses": content_hash(path)}
        with unfinished_work(checkpoints, destination, asked) as kept:
            finished = FinishedBatches(kept / "batches.jsonl", Prediction)
            predictions = generate(tuned, problems, chosen.batch_size, limit, finished)
            write_jsonl(destination, [asdict(prediction) for prediction in predictions])
        tokens += sum(prediction.generated_tokens for prediction in predictions)
        attempts = attempts.and_also(read_attempts(kept))
    return Work(tokens, attempts)


def load_tuned(model: Path, base: Path | None, space_digits: bool) -> Base:
    """Load what fine-tuning left: a whole model, or an adapter onto its base."""
    if base is None:
        return load_base(model, space_digits)
    from showhow.training.adapters import load_adapter  # only adapters wait for peft

    return load_adapter(load_base(base, space_digits), model)


if __name__ == "__main__":
    run_stage(predict)
