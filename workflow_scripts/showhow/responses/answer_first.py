"""The answer before its explanation, as in WT5 (Narang et al. 2020).

The model has to answer before it can use its own steps.
"""

from showhow.responses.explanation import LevelSettings, answer_first, sentences
from showhow.responses.response import Response, Variant
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task


class AnswerFirst(Variant):
    kind = "answer_first"
    description = "The answer, then the explanation."
    control = True
    Settings = LevelSettings

    def write(self, settings: LevelSettings, task: Task, problem: Problem) -> Response:
        return answer_first(problem, sentences(task, problem, settings.level))


VARIANT = AnswerFirst()
