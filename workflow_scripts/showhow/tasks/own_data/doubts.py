"""What is not wrong with the user's files and yet to be minded, in sentences."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations

from showhow.tasks.own_data.selection import OwnQuestion

NEARLY_ALL = 0.9


def contradictions(task: str, split: str, rows: Mapping[str, int]) -> Iterator[str]:
    """Warn of questions that stand in a file with several answers; rows: how many, by the file."""
    for file, count in rows.items():
        if count:
            yield (
                f"{task}, {split}: {count:,} {'row' if count == 1 else 'rows'} of {file} "
                f"{'has' if count == 1 else 'have'} a question that stands before, and another "
                f"answer; the first counts. results/data/{task}/dropped.csv names them."
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
