"""No explanation."""

from showhow.responses.explanation import answer_alone
from showhow.responses.response import Response, Variant, VariantSettings
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task


class NoExplanation(Variant):
    kind = "none"
    description = "The answer alone."
    detail = 0

    def write(self, settings: VariantSettings, task: Task, problem: Problem) -> Response:
        return answer_alone(problem)


VARIANT = NoExplanation()
