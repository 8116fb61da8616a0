"""Make the problems of one task and split.

Training problems that a writer or a base is asked are made once, and drawn from for every seed.
"""

from pathlib import Path
from typing import Any

from pydantic import Field

from showhow.base.hashing import shuffled
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage
from showhow.tasks import load_task
from showhow.tasks.problem import Problem, read_problems, write_problems


class Options(StageOptions):
    exclude: list[Reads] = Field(
        [], description="Problems that must not appear, in any equal form."
    )
    files: list[Reads] = Field(
        [], description="The files that the settings name, for the record of what was read."
    )
    pool: Reads | None = Field(
        None, description="The training problems that all seeds' sets are drawn from."
    )
    output: Writes = Field(description="Where the problems go, one a line.")
    kind: str = Field(description="The task's file in showhow/tasks.")
    settings: dict[str, Any] = Field(description="The task's settings.")
    split: str = Field(description='"train", or one of the task\'s evaluation splits.')
    count: int = Field(description="How many problems.")
    draw: int = Field(0, description="The seed that a training set is drawn for; 0: for all.")


def generate_problems(options: Options) -> None:
    made = _made(options) if options.pool is None else _drawn(options.pool, options)
    write_problems(options.output, made)


def _drawn(pool: Path, options: Options) -> list[Problem]:
    """Take the first problems of a pool, which keep their names, in the draw's order."""
    problems = {problem.id: problem for problem in read_problems(pool)}
    return [problems[name] for name in shuffled(problems, options.draw)[: options.count]]


def _made(options: Options) -> list[Problem]:
    task = load_task(options.kind)
    excluded = {
        task.canonical(problem) for path in options.exclude for problem in read_problems(path)
    }
    settings = task.Settings.model_validate(options.settings)
    return task.generate(settings, options.split, options.count, excluded, options.draw)


if __name__ == "__main__":
    run_stage(generate_problems, Options)
