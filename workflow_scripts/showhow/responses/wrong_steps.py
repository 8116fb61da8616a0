"""An explanation whose steps are wrong and go on from wrong results; the answer is right."""

from showhow.responses.explanation import LevelSettings, answer_last, sentences, with_wordings
from showhow.responses.response import Response, Variant
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task


class WrongSteps(Variant):
    """No step has the result that its operands give, and these are not the problem's own.

    Who evaluates the last step is right no more often than by chance (docs/controls.md). Steps are
    scored against the wrong sentences, as those are what the model is taught.
    """

    kind = "wrong_steps"
    description = "Steps that misread and miscalculate, each from the last; then the right answer."
    control = True
    Settings = LevelSettings

    def write(self, settings: LevelSettings, task: Task, problem: Problem) -> Response:
        wrong = task.solve_wrongly(problem, self.random(problem))
        level, wordings = settings.level, settings.wordings
        response = answer_last(problem, sentences(task, problem, level, wordings, wrong))
        return with_wordings(response, task, level, wordings, wrong)


VARIANT = WrongSteps()
