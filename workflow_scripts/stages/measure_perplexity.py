"""Measure how familiar responses are to a base model: their perplexity before fine-tuning."""

from showhow.jobs.options import ComputingOptions, Reads, Resumable, ToldPart, Writes
from pydantic import Field
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import torch
import typer

from showhow.base.hashing import content_hash
from showhow.base.rows import write_json, write_jsonl
from showhow.jobs.attempts import read_attempts
from showhow.jobs.devices import take_gpus
from showhow.jobs.finished_batches import FinishedBatches
from showhow.jobs.stage import (
    CHECKPOINTS,
    CheckpointsOption,
    CodeOption,
    GpusOption,
    Work,
    parse_json_option,
    run_stage,
)
from showhow.jobs.unfinished import unfinished_work
from showhow.models.loading import load_base
from showhow.models.precision import place
from showhow.probes.perplexity import ResponsePerplexity, summarise
from showhow.probes.perplexity import measure_perplexity as measure
from showhow.recipes.probes import ProbeSettings
from showhow.responses.response import read_responses


class ProbeIdentity(ToldPart):
    """Whose responses are measured under which model."""

    model: str
    task: str
    variant: str
    split: str


class Options(ComputingOptions, Resumable):
    """What this stage is told."""

    model: Reads = Field(description="The base model's folder.")
    responses: Reads = Field(description="The responses to measure.")
    examples: Writes = Field(description="Where each response's perplexity goes.")
    output: Writes = Field(description="Where their summary goes.")
    identity: ProbeIdentity
    settings: ProbeSettings
    space_digits: bool = Field(False, description="Numbers are written by digit.")


def measure_perplexity(
    identity: Annotated[
        str, typer.Option(help="Whose responses under which model (model, task, …), as JSON.")
    ],
    model: Annotated[Path, typer.Option(help="The base model's folder.")],
    responses: Annotated[Path, typer.Option(help="The responses to measure.")],
    settings: Annotated[str, typer.Option(help="The probe settings, as JSON.")],
    examples: Annotated[Path, typer.Option(help="Where each response's perplexity goes.")],
    output: Annotated[Path, typer.Option(help="Where their summary goes.")],
    space_digits: Annotated[bool, typer.Option(help="Numbers are written by digit.")] = False,
    threads: Annotated[int, typer.Option(help="Threads of the computation.")] = 1,
    gpus: GpusOption = 0,
    code: CodeOption = "",
    checkpoints: CheckpointsOption = CHECKPOINTS,
) -> Work:
    take_gpus(gpus)
    torch.set_num_threads(threads)
    chosen = ProbeSettings.model_validate_json(settings)
    base = load_base(model, space_digits)
    place(base.model, chosen.precision)
    determined_by = {
        "model": content_hash(model),
        "responses": content_hash(responses),
        "settings": chosen.model_dump(mode="json"),
        "space_digits": space_digits,
        "threads": threads,
        "code": code,
    }
    with unfinished_work(checkpoints, examples, determined_by) as kept:
        finished = FinishedBatches(kept / "batches.jsonl", ResponsePerplexity)
        measured = measure(base, read_responses(responses), chosen.batch_size, finished)
        write_jsonl(examples, [asdict(each) for each in measured])
        summary = asdict(summarise(measured, chosen.perplexity_cap))
        write_json(output, {**parse_json_option(identity), **summary})
    return Work(sum(each.tokens for each in measured), read_attempts(kept))


if __name__ == "__main__":
    run_stage(measure_perplexity)
