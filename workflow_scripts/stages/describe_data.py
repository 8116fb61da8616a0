"""Describe a task's data: counts, lengths, and what is right without solving anything."""

from pydantic import Field

from showhow.jobs.options import Reads, Writes
from showhow.jobs.stage import run_stage
from showhow.tasks.description import describe, write_description
from showhow.tasks.own_data.told import OfTask
from showhow.tasks.problem import Problem, read_problems
from showhow.tasks.shortcuts import try_shortcuts, write_shortcuts


class Options(OfTask):
    problems: list[Reads] = Field(description="The problems of every split.")
    output: Writes = Field(description="Where the description goes.")
    shortcuts: Writes = Field(description="Where it goes what each shortcut gets right.")
    task: str = Field(description="The task's name.")


def describe_data(options: Options) -> None:
    problems = {path.stem: read_problems(path) for path in options.problems}
    write_description(options.output, describe(problems))
    task, settings = options.loaded_task, options.task_settings
    training, evaluated = training_and_evaluation(problems)
    tried = try_shortcuts(options.task, task, settings, training, evaluated)
    write_shortcuts(options.shortcuts, tried)


def training_and_evaluation(
    splits: dict[str, list[Problem]],
) -> tuple[list[Problem], dict[str, list[Problem]]]:
    """Tell the largest training set from the splits to evaluate on."""
    training = [problems for name, problems in splits.items() if name.startswith("train")]
    evaluated = {
        name: problems for name, problems in splits.items() if not name.startswith("train")
    }
    return max(training, key=len), evaluated


if __name__ == "__main__":
    run_stage(describe_data, Options)
