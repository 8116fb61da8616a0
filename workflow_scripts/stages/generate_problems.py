"""Make the problems of one task and split."""

from showhow.jobs.options import Reads, StageOptions, Writes
from typing import Any
from pydantic import Field
from pathlib import Path
from typing import Annotated

import typer

from showhow.jobs.stage import run_stage
from showhow.tasks import load_task
from showhow.tasks.problem import read_problems, write_problems


class Options(StageOptions):
    """What this stage is told."""

    exclude: list[Reads] = Field(
        [], description="Problems that must not appear, in any equal form."
    )
    output: Writes = Field(description="Where the problems go, one a line.")
    kind: str = Field(description="The task's file in showhow/tasks.")
    settings: dict[str, Any] = Field(description="The task's settings.")
    split: str = Field(description='"train", or one of the task\'s evaluation splits.')
    count: int = Field(description="How many problems.")


def generate_problems(
    kind: Annotated[str, typer.Option(help="The task's file in showhow/tasks.")],
    settings: Annotated[str, typer.Option(help="The task's settings, as JSON.")],
    split: Annotated[str, typer.Option(help='"train", or one of the task\'s evaluation splits.')],
    count: Annotated[int, typer.Option(help="How many problems.")],
    output: Annotated[Path, typer.Option(help="Where the problems go, one a line.")],
    exclude: Annotated[
        list[Path] | None, typer.Option(help="Problems that must not appear, in any equal form.")
    ] = None,
) -> None:
    task = load_task(kind)
    excluded = {
        task.canonical(problem) for path in exclude or [] for problem in read_problems(path)
    }
    problems = task.generate(task.Settings.model_validate_json(settings), split, count, excluded)
    write_problems(output, problems)


if __name__ == "__main__":
    run_stage(generate_problems)
