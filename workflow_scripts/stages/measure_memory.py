"""Measure how well a base model knows the answers to problems, before fine-tuning."""

from showhow.jobs.options import ComputingOptions, Reads, Resumable, Writes
from pydantic import Field
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import torch
import typer

from showhow.base.hashing import content_hash
from showhow.base.rows import write_jsonl
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
from showhow.jobs.unfinished import unfinished_work
from showhow.models.loading import load_base
from showhow.models.precision import place
from showhow.probes.memory_level import Memory
from showhow.probes.memory_level import measure_memory as measure
from showhow.recipes.probes import MemorySettings
from showhow.tasks.problem import read_problems


class Options(ComputingOptions, Resumable):
    """What this stage is told."""

    model: Reads = Field(description="The base model's folder.")
    problems: Reads = Field(description="The problems whose answers it may know.")
    output: Writes = Field(description="Where each problem's memory level goes.")
    settings: MemorySettings
    first: int | None = Field(None, description="Measure so many; all by default.")
    space_digits: bool = Field(False, description="Numbers are written by digit.")


def measure_memory(
    model: Annotated[Path, typer.Option(help="The base model's folder.")],
    problems: Annotated[Path, typer.Option(help="The problems whose answers it may know.")],
    settings: Annotated[str, typer.Option(help="The memory settings, as JSON.")],
    output: Annotated[Path, typer.Option(help="Where each problem's memory level goes.")],
    first: Annotated[int | None, typer.Option(help="Measure so many; all by default.")] = None,
    space_digits: Annotated[bool, typer.Option(help="Numbers are written by digit.")] = False,
    threads: Annotated[int, typer.Option(help="Threads of the computation.")] = 1,
    gpus: GpusOption = 0,
    code: CodeOption = "",
    checkpoints: CheckpointsOption = CHECKPOINTS,
) -> Work:
    take_gpus(gpus)
    torch.set_num_threads(threads)
    chosen = MemorySettings.model_validate_json(settings)
    base = load_base(model, space_digits)
    place(base.model, chosen.precision)
    determined_by = {
        "model": content_hash(model),
        "problems": content_hash(problems),
        "settings": chosen.model_dump(mode="json"),
        "first": first,
        "space_digits": space_digits,
        "threads": threads,
        "code": code,
    }
    with unfinished_work(checkpoints, output, determined_by) as kept:
        finished = FinishedBatches(kept / "batches.jsonl", Memory)
        measured = measure(base, read_problems(problems)[:first], chosen, finished)
        write_jsonl(output, [asdict(each) for each in measured])
    return Work(sum(each.completions for each in measured), read_attempts(kept))


if __name__ == "__main__":
    run_stage(measure_memory)
