"""What is not wrong with the user's files and yet to be minded, in sentences."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import combinations
from typing import Any

from showhow.base.surroundings import surroundings
from showhow.tasks.own_data.selection import OwnQuestion

NEARLY_ALL = 0.9
ALIKE = 0.8
"""How like another, of 1, an answer is that may be the same one misspelt."""
OFTEN = 10
FEW_ANSWERS = 50
"""With more different ones, answers are no classes, and one that stands once is nothing rare."""


@dataclass(frozen=True, slots=True)
class RareAnswer:
    """An answer that one question alone has, and one much like it that many have.

    row: where it stands in the first file.
    """

    row: int
    answer: str
    like: str
    times: int


def contradictions(task: str, split: str, rows: Mapping[str, int]) -> Iterator[str]:
    """Warn of questions that stand in a file with several answers; rows: how many, by the file."""
    for file, count in rows.items():
        if count:
            yield (
                f"{task}, {split}: {count:,} {'row' if count == 1 else 'rows'} of {file} "
                f"{'has' if count == 1 else 'have'} a question that stands before, and another "
                f"answer; the first counts. {surroundings().results}/data/{task}/dropped.csv names "
                "them."
            )


def twins_among(questions: Collection[OwnQuestion]) -> list[tuple[str, str]]:
    """Name the pairs of responses whose texts are the same for nearly all of some questions."""
    names = sorted({name for question in questions for name in question.responses})
    found = []
    for one, other in combinations(names, 2):
        both = [each.responses for each in questions if {one, other} <= each.responses.keys()]
        same = sum(texts[one] == texts[other] for texts in both)
        if both and same >= NEARLY_ALL * len(both):
            found.append((one, other))
    return found


def same_responses(task: str, split: str, twins: Iterable[Iterable[str]]) -> Iterator[str]:
    """Warn of responses of two names that are the same texts: one file may be the other's copy."""
    for one, other in twins:
        yield (
            f"{task}, {split}: the responses {one} and {other} are word for word the same for "
            "nearly all questions, so that no difference can be found between them; look at their "
            "files and columns."
        )


def rare_among(questions: Collection[OwnQuestion]) -> list[RareAnswer]:
    """Find classes that are in all likelihood another one, misspelt: right answers are what counts.

    Answers that differ in their digits alone are different ones.
    """
    times = Counter(question.answer for question in questions)
    if len(times) > FEW_ANSWERS:
        return []
    often = [answer for answer, count in times.items() if count >= OFTEN]
    found = []
    for question in questions:
        if times[question.answer] == 1:
            for like in get_close_matches(question.answer, often, n=1, cutoff=ALIKE):
                if _without_digits(like) != _without_digits(question.answer):
                    found.append(RareAnswer(question.row, question.answer, like, times[like]))
    return found


def _without_digits(text: str) -> str:
    return re.sub(r"\d", "", text)


def rare_answers(task: str, split: str, found: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Warn of answers that may be misspelt (RareAnswer): who answers right is told wrong there."""
    for rare in found:
        yield (
            f"{task}, {split}: the answer {rare['answer']} stands once, in row {rare['row']}, and "
            f"{rare['like']} {rare['times']:,} times; if it is misspelt, correct the row."
        )
