"""As many words as an explanation, none of which says anything of the problem."""

from itertools import cycle, islice
from string import ascii_letters

from pydantic import Field

from showhow.responses.explanation import LevelSettings, final_answer, sentences
from showhow.responses.response import Response, Variant
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task


class FillerSettings(LevelSettings):
    """The explanation that sets the length, and the word that stands in its place."""

    word: str | None = Field(
        None,
        pattern=r"^\S+$",
        description="A word that is said over and over; null for the letters in turn, of which a "
        "model knows how many it has written.",
    )


class Filler(Variant):
    """A full stop is a word here, too, so that the ladder's tokenizer gives equal lengths.

    One word over and over has to be counted, which small models cannot: they write on until they
    are cut off, and have no answer. There are no steps, so only the final answer is scored.
    """

    kind = "filler"
    description = "Letters in turn, or one word, as long as the explanation; then the answer."
    control = True
    Settings = FillerSettings

    def write(self, settings: FillerSettings, task: Task, problem: Problem) -> Response:
        words = " ".join(sentences(task, problem, settings.level, settings.wordings)).split()
        said = islice(cycle([settings.word] if settings.word else ascii_letters), len(words))
        text = f"{' '.join(said)}\n{final_answer(problem)}"
        return Response(problem.id, problem.prompt, text, problem.answer, (), "last")


VARIANT = Filler()
