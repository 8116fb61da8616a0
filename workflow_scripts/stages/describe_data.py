"""Describe a task's data: counts, lengths, and what is right without solving anything."""

from pydantic import Field

from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage
from showhow.tasks.description import describe, write_description
from showhow.tasks.problem import read_problems


class Options(StageOptions):
    problems: list[Reads] = Field(description="The problems of every split.")
    output: Writes = Field(description="Where the description goes.")


def describe_data(options: Options) -> None:
    problems = {path.stem: read_problems(path) for path in options.problems}
    write_description(options.output, describe(problems))


if __name__ == "__main__":
    run_stage(describe_data, Options)
