"""An explanation in which every step has a wrong result, though the answer is right."""

from dataclasses import replace

from showhow.responses.explanation import LevelSettings, answer_last
from showhow.responses.response import Response, Variant
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task


class WrongSteps(Variant):
    """Operands stay those of the right solution, so a wrong result is not carried on.

    Steps are scored against the wrong sentences, as those are what the model is taught.
    """

    kind = "wrong_steps"
    description = "The explanation with a wrong result in every step, then the right answer."
    control = True
    Settings = LevelSettings

    def write(self, settings: LevelSettings, task: Task, problem: Problem) -> Response:
        random = self.random(problem)
        wrong = (replace(step, result=task.wrong_result(step, random)) for step in problem.steps)
        return answer_last(problem, tuple(task.explain(step, settings.level) for step in wrong))


VARIANT = WrongSteps()
