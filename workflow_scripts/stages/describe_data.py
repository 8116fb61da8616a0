"""Describe a task's data: counts, lengths, and what is right without solving anything."""

from showhow.jobs.options import Reads, StageOptions, Writes
from pydantic import Field
from pathlib import Path
from typing import Annotated

import typer

from showhow.jobs.stage import run_stage
from showhow.tasks.description import describe, write_description
from showhow.tasks.problem import read_problems


class Options(StageOptions):
    """What this stage is told."""

    problems: list[Reads] = Field(description="The problems of every split.")
    output: Writes = Field(description="Where the description goes.")


def describe_data(
    problems: Annotated[list[Path], typer.Option(help="The problems of every split.")],
    output: Annotated[Path, typer.Option(help="Where the description goes.")],
) -> None:
    write_description(output, describe({path.stem: read_problems(path) for path in problems}))


if __name__ == "__main__":
    run_stage(describe_data)
