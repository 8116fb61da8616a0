"""Write the responses of one variant to the problems of one split."""

from showhow.jobs.options import Reads, StageOptions, Writes
from typing import Any
from pydantic import Field
from pathlib import Path
from typing import Annotated

import typer

from showhow.jobs.stage import run_stage
from showhow.responses import load_variant
from showhow.responses.response import write_responses as write_file
from showhow.tasks import load_task
from showhow.tasks.problem import read_problems


class Options(StageOptions):
    """What this stage is told."""

    problems: Reads = Field(description="The problems to respond to.")
    output: Writes = Field(description="Where the responses go, one a line.")
    task_kind: str = Field(description="The task's file in showhow/tasks.")
    variant_kind: str = Field(description="The variant's file in showhow/responses.")
    settings: dict[str, Any] = Field(description="The variant's settings.")


def write_responses(
    task_kind: Annotated[str, typer.Option(help="The task's file in showhow/tasks.")],
    variant_kind: Annotated[str, typer.Option(help="The variant's file in showhow/responses.")],
    settings: Annotated[str, typer.Option(help="The variant's settings, as JSON.")],
    problems: Annotated[Path, typer.Option(help="The problems to respond to.")],
    output: Annotated[Path, typer.Option(help="Where the responses go, one a line.")],
) -> None:
    task, variant = load_task(task_kind), load_variant(variant_kind)
    chosen = variant.Settings.model_validate_json(settings)
    write_file(output, [variant.write(chosen, task, p) for p in read_problems(problems)])


if __name__ == "__main__":
    run_stage(write_responses)
