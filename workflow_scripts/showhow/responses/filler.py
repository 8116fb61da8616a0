"""As many words as an explanation, none of which says anything."""

from pydantic import Field

from showhow.responses.explanation import LevelSettings, final_answer, sentences
from showhow.responses.response import Response, Variant
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task


class FillerSettings(LevelSettings):
    """The explanation that sets the length, and the word that stands in its place."""

    word: str = Field("so", pattern=r"^\S+$", description="The word that is said over and over.")


class Filler(Variant):
    """A full stop is a word here, too, so that a word-level tokenizer gives equal lengths.

    There are no steps, so only the final answer is scored.
    """

    kind = "filler"
    description = "One word repeated to the length of the explanation, then the answer."
    control = True
    Settings = FillerSettings

    def write(self, settings: FillerSettings, task: Task, problem: Problem) -> Response:
        words = " ".join(sentences(task, problem, settings.level)).split()
        text = f"{' '.join([settings.word] * len(words))}\n{final_answer(problem)}"
        return Response(problem.id, problem.prompt, text, problem.answer, (), "last")


VARIANT = Filler()
