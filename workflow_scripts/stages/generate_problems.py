"""Make the problems of one task and split.

Training problems that a writer or a base is asked are made once, and drawn from for every seed.
"""

from pathlib import Path

from pydantic import Field

from showhow.jobs.options import Reads, Writes
from showhow.jobs.stage import run_stage
from showhow.tasks.own_data.told import OfTaskWithFiles
from showhow.tasks.problem import Problem, read_problems, write_problems
from showhow.tasks.problem_sets import draw_problems, make_problems


class Options(OfTaskWithFiles):
    exclude: list[Reads] = Field(
        [], description="Problems that must not appear, in any equal form."
    )
    pool: Reads | None = Field(
        None, description="The training problems that all seeds' sets are drawn from."
    )
    output: Writes = Field(description="Where the problems go, one a line.")
    split: str = Field(description='"train", or one of the task\'s evaluation splits.')
    count: int = Field(description="How many problems.")
    draw: int = Field(0, description="The seed that a training set is drawn for; 0: for all.")


def generate_problems(options: Options) -> None:
    made = _made(options) if options.pool is None else _drawn(options.pool, options)
    write_problems(options.output, made)


def _drawn(pool: Path, options: Options) -> list[Problem]:
    return draw_problems(read_problems(pool), options.count, options.draw)


def _made(options: Options) -> list[Problem]:
    before = [problem for path in options.exclude for problem in read_problems(path)]
    settings, task = options.task_settings, options.loaded_task
    return make_problems(task, settings, options.split, options.count, before, options.draw)


if __name__ == "__main__":
    run_stage(generate_problems, Options)
