"""Make the problems of one task and split."""

from typing import Any

from pydantic import Field

from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage
from showhow.tasks import load_task
from showhow.tasks.problem import read_problems, write_problems


class Options(StageOptions):
    exclude: list[Reads] = Field(
        [], description="Problems that must not appear, in any equal form."
    )
    files: list[Reads] = Field(
        [], description="The files that the settings name, for the record of what was read."
    )
    output: Writes = Field(description="Where the problems go, one a line.")
    kind: str = Field(description="The task's file in showhow/tasks.")
    settings: dict[str, Any] = Field(description="The task's settings.")
    split: str = Field(description='"train", or one of the task\'s evaluation splits.')
    count: int = Field(description="How many problems.")


def generate_problems(options: Options) -> None:
    task = load_task(options.kind)
    excluded = {
        task.canonical(problem) for path in options.exclude for problem in read_problems(path)
    }
    settings = task.Settings.model_validate(options.settings)
    problems = task.generate(settings, options.split, options.count, excluded)
    write_problems(options.output, problems)


if __name__ == "__main__":
    run_stage(generate_problems, Options)
