"""What variants with an explanation share: its sentences and where the answer stands."""

from dataclasses import replace
from random import Random
from typing import ClassVar

from pydantic import Field, PositiveInt

from showhow.base.errors import ShowhowError
from showhow.responses.response import AnswerPosition, Response, Variant, VariantSettings
from showhow.tasks.problem import Problem, Step
from showhow.tasks.task import Level, Task


class WordingSettings(VariantSettings):
    """In how many wordings a level of detail is written."""

    wordings: PositiveInt = Field(
        1,
        description="In how many wordings explanations are written: each problem's in one of them, "
        "drawn for it by chance. listops, addition and parity have 3, which say the same in as "
        "many words.",
    )


class LevelSettings(WordingSettings):
    """The level of detail that a control changes one thing about."""

    level: Level = Field("medium", description="How detailed the explanation is.")


def sentences(
    task: Task,
    problem: Problem,
    level: Level,
    wordings: int = 1,
    steps: tuple[Step, ...] | None = None,
) -> tuple[str, ...]:
    """Word the steps of a problem, innermost first, in the one of these wordings that is its own.

    steps: in place of the problem's own.
    """
    chosen = wording_of(task, problem, level, wordings)
    return tuple(
        say(task, step, level, chosen) for step in (problem.steps if steps is None else steps)
    )


def wording_of(task: Task, problem: Problem, level: Level, wordings: int) -> int:
    """Draw a problem's wording, from 0: one for its explanation and for all controls of its level.

    Raises ShowhowError where the task has fewer.
    """
    if wordings > task.wordings:
        raise ShowhowError(
            f"The task '{task.kind}' can say a level of detail in {task.wordings} "
            f"wording{'s' if task.wordings > 1 else ''}, not in {wordings}; make the variant's "
            "`wordings` smaller."
        )
    return Random(f"wording of {level} {problem.id} {problem.prompt}").randrange(wordings)


def say(task: Task, step: Step, level: Level, wording: int) -> str:
    """Word one step in one wording; the first is the task's own."""
    return task.explain_otherwise(step, level, wording) if wording else task.explain(step, level)


def with_wordings(
    response: Response,
    task: Task,
    level: Level,
    wordings: int,
    steps: tuple[Step, ...],
) -> Response:
    """Note beside each sentence of these steps how else it could be said, where it could.

    A model cannot know which wording was drawn for a problem: any of them is as right.
    """
    if wordings == 1:
        return response
    all_ways = [tuple(say(task, step, level, way) for way in range(wordings)) for step in steps]
    ways_of = {sentence: ways for ways in all_ways for sentence in ways}
    return replace(response, wordings=tuple(ways_of[sentence] for sentence in response.steps))


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
    Settings = WordingSettings

    def write(self, settings: WordingSettings, task: Task, problem: Problem) -> Response:
        told = sentences(task, problem, self.level, settings.wordings)
        response = answer_last(problem, told)
        return with_wordings(response, task, self.level, settings.wordings, problem.steps)
