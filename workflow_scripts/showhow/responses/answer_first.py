"""The answer before its explanation, as in WT5 (Narang et al. 2020).

The model has to answer before it can use its own steps.
"""

from dataclasses import replace

from pydantic import Field

from showhow.responses.explanation import (
    LevelSettings,
    answer_first,
    sentences,
    with_wordings,
)
from showhow.responses.response import Response, Variant
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task


class AnswerFirstSettings(LevelSettings):
    """The explanation that follows, and what the answer weighs beside it."""

    equal_weight: bool = Field(
        True,
        description="Whether the answer has as large a share of the loss as where it stands alone; "
        "else each of its tokens weighs as much as one of the explanation's.",
    )


class AnswerFirst(Variant):
    kind = "answer_first"
    description = "The answer, with as much of the loss as if it stood alone; then the explanation."
    control = True
    Settings = AnswerFirstSettings

    def write(self, settings: AnswerFirstSettings, task: Task, problem: Problem) -> Response:
        level, wordings = settings.level, settings.wordings
        response = answer_first(problem, sentences(task, problem, level, wordings))
        response = with_wordings(response, task, level, wordings, problem.steps)
        if not settings.equal_weight:
            return response
        start = response.response.index(": ") + len(": ")
        return replace(response, as_alone=(start, start + len(problem.answer)))


VARIANT = AnswerFirst()
