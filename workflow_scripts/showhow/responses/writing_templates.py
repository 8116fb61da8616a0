"""What a writer is told: one template for each manner of writing.

Those that start from a given solution follow the arms of Ren, Wu and Liu (2024).
"""

from string import Formatter
from typing import Literal

from showhow.answers.forms import AnswerForm
from showhow.answers.parsing import FINAL_ANSWER
from showhow.base.errors import ShowhowError

Manner = Literal["reasoning", "step_by_step", "own_words", "more_detail", "paraphrase"]

FIELDS = ("question", "reference", "answer", "base_answer", "ending")
"""What a template may name. reference: a given solution. ending: how the text has to end."""

TEMPLATES: dict[Manner, str] = {
    "reasoning": (
        "{question}\n\nGive your reasoning first, then the answer. {ending}\n"
        "Write nothing but the solution."
    ),
    "step_by_step": (
        "Question:\n{question}\n\nA correct solution:\n{reference}\n\n"
        "Solve the question step by step. Follow the given solution, and spell out every step that "
        "it leaves to the reader. {ending}\nWrite nothing but your solution."
    ),
    "own_words": (
        "Question:\n{question}\n\nA correct solution:\n{reference}\n\n"
        "Say this solution in your own words, as you would have written it yourself: the same "
        "reasoning, no more detail and no less. {ending}\nWrite nothing but your solution."
    ),
    "more_detail": (
        "Question:\n{question}\n\nA correct solution:\n{reference}\n\n"
        "Keep every sentence of this solution in its wording and order, and add between the "
        "sentences whatever detail helps to follow it, in the same style. {ending}\n"
        "Write nothing but the extended solution."
    ),
    "paraphrase": (
        "Question:\n{question}\n\nA correct solution:\n{reference}\n\n"
        "Paraphrase this solution sentence by sentence: say each in other words, and change "
        "neither its meaning nor its length. {ending}\nWrite nothing but the paraphrase."
    ),
}

MINIMUM_CHANGE = (
    "Question:\n{question}\n\nAn attempt at it, which is wrong:\n{base_answer}\n\n"
    "The right answer is: {answer}\n\n"
    "Correct the attempt with as few changes as possible: keep its wording, its order and its "
    "style, and change only what is wrong. {ending}\nWrite nothing but the corrected attempt."
)


def fields_of(template: str) -> set[str]:
    """Name the fields of a template; raises ShowhowError for one that nothing is put in for."""
    try:
        named = {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    except ValueError as problem:
        raise ShowhowError(
            f"The template {template!r} has a brace that opens or closes nothing ({problem}); "
            "write {{ for a brace that is meant."
        ) from problem
    unknown = sorted(named - set(FIELDS))
    if unknown:
        raise ShowhowError(
            f"The template has the field {{{unknown[0]}}}, which nothing is put in for; its fields "
            f"may be {', '.join(f'{{{field}}}' for field in FIELDS)}."
        )
    return named


def ending(form: AnswerForm | None) -> str:
    """Say how a text has to end, so that its answer is read in the task's form (None: our own)."""
    marker = FINAL_ANSWER if form is None else form.marker
    if marker is None:
        return "Name the answer last, and nothing like it after it."
    return f"End with a line that holds '{marker}' and the answer, nothing else."
