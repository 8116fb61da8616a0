"""What variants with an explanation share: its sentences and where the answer stands."""

from typing import ClassVar

from pydantic import Field

from showhow.responses.response import AnswerPosition, Response, Variant, VariantSettings
from showhow.tasks.problem import Problem
from showhow.tasks.task import Level, Task


class LevelSettings(VariantSettings):
    """The level of detail that a control changes one thing about."""

    level: Level = Field("medium", description="How detailed the explanation is.")


def sentences(task: Task, problem: Problem, level: Level) -> tuple[str, ...]:
    """Word the steps of a problem, innermost first."""
    return tuple(task.explain(step, level) for step in problem.steps)


def final_answer(problem: Problem) -> str:
    """Word the answer that an explanation leads to."""
    return f"Final answer : {problem.answer}"


def answer_alone(problem: Problem) -> Response:
    """Respond with nothing but the answer."""
    return _response(problem, problem.answer, (), "alone")


def answer_last(problem: Problem, steps: tuple[str, ...]) -> Response:
    """Respond with the steps, one a line, then the answer."""
    return _response(problem, "\n".join((*steps, final_answer(problem))), steps, "last")


def answer_first(problem: Problem, steps: tuple[str, ...]) -> Response:
    """Respond with the answer as a sentence, then the steps, one a line."""
    return _response(problem, "\n".join((f"{final_answer(problem)} .", *steps)), steps, "first")


def _response(
    problem: Problem, text: str, steps: tuple[str, ...], position: AnswerPosition
) -> Response:
    return Response(problem.id, problem.prompt, text, problem.answer, steps, position)


class Explanation(Variant):
    """An explanation of one level of detail, then the answer."""

    level: ClassVar[Level]

    def write(self, settings: VariantSettings, task: Task, problem: Problem) -> Response:
        return answer_last(problem, sentences(task, problem, self.level))
