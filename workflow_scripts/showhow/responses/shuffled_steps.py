"""The same steps in an order in which they cannot be worked out one after the other."""

from random import Random

from showhow.responses.explanation import LevelSettings, answer_last, sentences, with_wordings
from showhow.responses.response import Response, Variant
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task


def reordered(steps: tuple[str, ...], random: Random) -> tuple[str, ...]:
    """Shuffle until the order is another one; steps that are all alike stay as they are."""
    if len(set(steps)) < 2:
        return steps
    shuffled = steps
    while shuffled == steps:
        shuffled = tuple(random.sample(steps, len(steps)))
    return shuffled


class ShuffledSteps(Variant):
    kind = "shuffled_steps"
    description = "The explanation's steps in random order, then the answer."
    control = True
    Settings = LevelSettings

    def write(self, settings: LevelSettings, task: Task, problem: Problem) -> Response:
        level, wordings = settings.level, settings.wordings
        steps = sentences(task, problem, level, wordings)
        response = answer_last(problem, reordered(steps, self.random(problem)))
        return with_wordings(response, task, level, wordings, problem.steps)


VARIANT = ShuffledSteps()
