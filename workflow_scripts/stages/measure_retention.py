"""Measure what a fine-tuned model keeps of tasks outside its training data."""

from showhow.jobs.options import ComputingOptions, Reads, Resumable, ToldPart, Writes
from pydantic import Field
from showhow.answers.forms import AnswerForm
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import torch
import typer

from showhow.base.errors import ShowhowError
from showhow.base.hashing import content_hash
from showhow.base.rows import write_json, write_jsonl
from showhow.evaluation.generation import generate, longest_generation
from showhow.evaluation.prediction import Prediction
from showhow.jobs.devices import take_gpus
from showhow.jobs.finished_batches import FinishedBatches
from showhow.jobs.stage import (
    CHECKPOINTS,
    CheckpointsOption,
    CodeOption,
    GpusOption,
    run_stage,
)
from showhow.jobs.unfinished import unfinished_work
from showhow.models.loading import Base, load_base
from showhow.models.precision import place
from showhow.probes.divergence import measure_divergence
from showhow.probes.retained_tasks import read_task, retained_items, summarise
from showhow.recipes.evaluation import EvaluationSettings
from showhow.recipes.probes import ProbeSettings
from showhow.responses.response import Response


class FilesOfTask(ToldPart):
    """A task outside the training data: its test problems, and what belongs to them."""

    name: str
    problems: Reads
    responses: Reads = Field(description="The reference responses.")
    before: Reads = Field(description="The base's predictions.")
    answer_form: AnswerForm | None = Field(
        None, description="How answers stand in free text; null where this project words them."
    )


class Options(ComputingOptions, Resumable):
    """What this stage is told."""

    model: Reads = Field(description="The folder of the fine-tuned model or adapter.")
    base: Reads = Field(description="The folder of the base that it started from.")
    items: Writes = Field(description="Where what was kept of each problem goes.")
    output: Writes = Field(description="Where the summary of each task goes.")
    tasks: tuple[FilesOfTask, ...]
    evaluation: EvaluationSettings
    settings: ProbeSettings
    space_digits: bool = Field(False, description="Numbers are written by digit.")


def measure_retention(
    model: Annotated[Path, typer.Option(help="The folder of the fine-tuned model or adapter.")],
    base: Annotated[Path, typer.Option(help="The folder of the base that it started from.")],
    task: Annotated[list[str], typer.Option(help="A task outside the training data; repeat.")],
    problems: Annotated[list[Path], typer.Option(help="Each task's test problems.")],
    responses: Annotated[list[Path], typer.Option(help="Each task's reference responses.")],
    before: Annotated[list[Path], typer.Option(help="The base's predictions for each task.")],
    answer_form: Annotated[
        list[str], typer.Option(help="How each task's answers stand in free text, JSON or empty.")
    ],
    evaluation: Annotated[str, typer.Option(help="The evaluation settings, as JSON.")],
    settings: Annotated[str, typer.Option(help="The probe settings, as JSON.")],
    items: Annotated[Path, typer.Option(help="Where what was kept of each problem goes.")],
    output: Annotated[Path, typer.Option(help="Where the summary of each task goes.")],
    space_digits: Annotated[bool, typer.Option(help="Numbers are written by digit.")] = False,
    threads: Annotated[int, typer.Option(help="Threads of the computation.")] = 1,
    gpus: GpusOption = 0,
    code: CodeOption = "",
    checkpoints: CheckpointsOption = CHECKPOINTS,
) -> int:
    if len({len(each) for each in (task, problems, responses, before, answer_form)}) > 1:
        raise ShowhowError(
            "Write one --problems, --responses, --before and --answer-form for each --task."
        )
    take_gpus(gpus)
    torch.set_num_threads(threads)
    asking = EvaluationSettings.model_validate_json(evaluation)
    measuring = ProbeSettings.model_validate_json(settings)
    tuned, untuned = load_tuned(model, base, space_digits), load_base(base, space_digits)
    described = zip(task, problems, responses, before, answer_form, strict=True)
    tasks = [read_task(*files) for files in described]
    # First what needs the weights as they are: in bf16 they lose digits for good.
    for each in (tuned, untuned):
        place(each.model, measuring.precision)
    moved = [
        measure_divergence(
            untuned, tuned, [(p.prompt, p.prediction) for p in each.before], measuring.batch_size
        )
        for each in tasks
    ]
    place(tuned.model, asking.precision)
    determined_by = {
        "model": content_hash(model),
        "responses": [content_hash(path) for path in responses],
        "evaluation": asking.model_dump(mode="json"),
        "space_digits": space_digits,
        "threads": threads,
        "code": code,
    }
    with unfinished_work(checkpoints, items, determined_by) as kept:
        after = [
            answer(tuned, each.references, asking, kept / f"{each.name}.jsonl") for each in tasks
        ]
        rows = [retained_items(*measured) for measured in zip(tasks, after, moved, strict=True)]
        write_jsonl(items, [asdict(row) for of_task in rows for row in of_task])
        summaries = {
            each.name: asdict(summarise(of_task, sum(a.truncated for a in answers)))
            for each, of_task, answers in zip(tasks, rows, after, strict=True)
        }
        write_json(output, {"tasks": summaries})
    generated = sum(each.generated_tokens for answers in after for each in answers)
    return generated + sum(row.tokens for of_task in rows for row in of_task)


def load_tuned(model: Path, base: Path, space_digits: bool) -> Base:
    if not (model / "adapter_config.json").is_file():
        return load_base(model, space_digits)
    from showhow.training.adapters import load_adapter  # only adapters wait for peft

    return load_adapter(load_base(base, space_digits), model)


def answer(
    tuned: Base, references: list[Response], asking: EvaluationSettings, batches: Path
) -> list[Prediction]:
    limit = asking.max_new_tokens or longest_generation(tuned, [r.response for r in references])
    prompts = [(reference.id, reference.prompt) for reference in references]
    finished = FinishedBatches(batches, Prediction)
    return generate(tuned, prompts, asking.batch_size, limit, finished)


if __name__ == "__main__":
    run_stage(measure_retention)
