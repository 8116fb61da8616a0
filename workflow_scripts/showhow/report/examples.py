"""A few predictions of a run beside what they should have been, to see what a number is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Literal

from showhow.base.rows import read_rows
from showhow.base.wording import damaged
from showhow.responses.response import Response

ROWS = 5
KINDS = ("unread", "wrong", "right")


@dataclass(frozen=True)
class Example:
    """One problem: what was asked, what should have been said, what was, and what was read of it.

    predicted: what was read, None where no answer could be. answer: the right one.
    """

    kind: Literal["unread", "wrong", "right"]
    id: str
    prompt: str
    response: str
    prediction: str
    predicted: str | None
    answer: str
    truncated: bool


@dataclass(frozen=True)
class ExamplesOfRun:
    """Some predictions of one run, as a variant's example."""

    task: str
    variant: str
    run: str
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Scored:
    """What is shown of a line of items.jsonl."""

    id: str
    correct: bool
    truncated: bool
    answer: str
    predicted: str | None


@dataclass(frozen=True)
class Predicted:
    """What is shown of a line of predictions.jsonl."""

    id: str
    prompt: str
    prediction: str


def read_examples(
    items: Path, predictions: Path, responses: Path, rows: int = ROWS
) -> tuple[Example, ...]:
    """Take some predictions of a run on the split of `responses`: of each kind, unread first."""
    return chosen(*examples_by_kind(items, predictions, responses).values(), rows=rows)


def examples_by_kind(items: Path, predictions: Path, responses: Path) -> dict[str, list[Example]]:
    """Give all predictions of a run on the split of `responses`: unread, wrong and right ones."""
    references = {line.id: line for line in read_rows(responses, Response)}
    written = {line.id: line for line in read_rows(predictions, Predicted)}
    by_kind: dict[str, list[Example]] = {kind: [] for kind in KINDS}
    for scored in read_rows(items, Scored):
        if scored.id not in references:
            continue  # of another split
        if scored.id not in written:
            raise damaged(predictions, f"it has no prediction of {scored.id}")
        example = _example(scored, written[scored.id], references[scored.id])
        by_kind[example.kind].append(example)
    return by_kind


def _example(scored: Scored, written: Predicted, reference: Response) -> Example:
    wrong = "unread" if scored.predicted is None else "wrong"
    return Example(
        kind="right" if scored.correct else wrong,
        id=scored.id,
        prompt=written.prompt,
        response=reference.response,
        prediction=written.prediction,
        predicted=scored.predicted,
        answer=scored.answer,
        truncated=scored.truncated,
    )


def chosen(*kinds: Sequence[Example], rows: int) -> tuple[Example, ...]:
    """Take from each kind in turn, so that all that there are can be seen; kinds stay together."""
    in_turn = [example for turn in zip_longest(*kinds) for example in turn if example is not None]
    return tuple(sorted(in_turn[:rows], key=lambda example: KINDS.index(example.kind)))
