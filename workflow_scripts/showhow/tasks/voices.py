"""Two voices in which the steps of any task can be said: other words and order, the same content.

A sentence has a step's operation, operands, intermediate and result, and fixed words between them.
Voice a names the operation first, voice b the operands first and from the last one to the first;
their words have nothing in common. Each word is one token of the ladder's tokenizer, so that a
step takes as many tokens in one voice as in the other.
"""

from dataclasses import dataclass
from itertools import product, starmap
from random import Random

from showhow.recipes.voices import VOICES, VoiceName
from showhow.tasks.problem import Step


@dataclass(frozen=True)
class Words:
    """The words of a voice; where there are several, they mean the same and either may be said.

    around_first stands before and behind what is named first, before_all opens a detailed step.
    """

    around_first: tuple[tuple[str, str], ...]
    before_intermediate: str
    before_result: tuple[tuple[str, str], ...]
    before_all: str
    before_again: str


WORDS: dict[VoiceName, Words] = {
    "a": Words(
        around_first=(("find", "of"), ("have", "in")),
        before_intermediate="is",
        before_result=(("so", "answer"), ("and", "becomes")),
        before_all="walk",
        before_again="write",
    ),
    "b": Words(
        around_first=(("{", "}"), ("(", ")")),
        before_intermediate="=",
        before_result=(("|", ">"), ("&", "~")),
        before_all="@",
        before_again="^",
    ),
}


@dataclass(frozen=True)
class Manner:
    """Which words, in which voice's order, and whether operands and result are said twice."""

    words: VoiceName
    order: VoiceName
    detailed: bool = False


def own_manner(voice: VoiceName) -> Manner:
    """Say things as the voice does."""
    return Manner(voice, voice)


def say(step: Step, manner: Manner, random: Random) -> str:
    """Word one step; `random` decides between words that mean the same."""
    words = WORDS[manner.words]
    return _sentence(
        step, manner, random.choice(words.around_first), random.choice(words.before_result)
    )


def wordings(step: Step, manner: Manner) -> list[str]:
    """List all sentences that `say` may give, always in the same order."""
    words = WORDS[manner.words]
    choices = product(words.around_first, words.before_result)
    return [_sentence(step, manner, *chosen) for chosen in choices]


def every_wording(step: Step) -> set[str]:
    """Give all sentences that say this step, in any voice, order and detail."""
    manners = starmap(Manner, product(VOICES, VOICES, (False, True)))
    return {sentence for manner in manners for sentence in wordings(step, manner)}


def _sentence(
    step: Step, manner: Manner, around_first: tuple[str, str], before_result: tuple[str, str]
) -> str:
    words = WORDS[manner.words]
    operands = " ".join(step.operands if manner.order == "a" else reversed(step.operands))
    named = (step.operation, operands) if manner.order == "a" else (operands, step.operation)
    parts = [around_first[0], named[0], around_first[1], named[1]]
    if step.intermediate:
        parts += [words.before_intermediate, step.intermediate]
    parts += [*before_result, step.result]
    if manner.detailed:
        parts = [words.before_all, operands, *parts, words.before_again, step.result]
    return " ".join([*parts, "."])
