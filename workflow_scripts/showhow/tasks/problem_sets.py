"""The problems of a split: made, or drawn from those that the training sets of all seeds share."""

from collections.abc import Iterable

from showhow.base.hashing import shuffled
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task, TaskSettings


def make_problems(
    task: Task,
    settings: TaskSettings,
    split: str,
    count: int,
    made_before: Iterable[Problem],
    draw: int = 0,
) -> list[Problem]:
    """Make the first `count` problems of a split, none of which equals one that was made before.

    draw: the seed that a training set is drawn for; 0 for all. Raises ShowhowError when there are
    too few.
    """
    excluded = {task.canonical(problem) for problem in made_before}
    return task.generate(settings, split, count, excluded, draw)


def draw_problems(pool: Iterable[Problem], count: int, draw: int) -> list[Problem]:
    """Take the first problems of a pool, which keep their names, in the draw's order."""
    problems = {problem.id: problem for problem in pool}
    return [problems[name] for name in shuffled(problems, draw)[:count]]
