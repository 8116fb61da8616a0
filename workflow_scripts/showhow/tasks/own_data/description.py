"""What became of the user's files: counts, dropped rows, and the form of the prompts."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from showhow.tasks.own_data.selection import (
    DroppedRow,
    Losses,
    OwnQuestion,
    ResponseCounts,
    Selected,
    count_responses,
    split_of,
)
from showhow.tasks.own_data.settings import DatasetSettings

ENDING_WORDS = 4
OPTION = re.compile(r"^\s*\(?[A-E1-9][).:]\s|\boptions\b|\(A\)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class PromptForm:
    """How the prompts of a split look, as shares of them.

    ending: the last words that most have in common, and their share. colon: prompts that end in
    one. options: prompts that list some. example: the first prompt.
    """

    ending: str = ""
    ending_share: float = 0.0
    colon: float = 0.0
    options: float = 0.0
    example: str = ""


@dataclass(frozen=True)
class SplitSource:
    """What became of the files of one split.

    questions: what may be drawn. in_test: training questions that are left out because the test
    set asks them. shared: training questions that stand in the test files, asked or not.
    """

    questions: int
    files: dict[str, Losses]
    incomplete: int
    in_test: int
    shared: int
    responses: dict[str, ResponseCounts]
    prompts: PromptForm


@dataclass(frozen=True)
class SourceDescription:
    """Both splits, and every row that was dropped with the split that it was dropped from."""

    splits: dict[str, SplitSource]
    dropped: list[tuple[str, DroppedRow]]


def describe(settings: DatasetSettings, asked: int | None = None) -> SourceDescription:
    """Describe the training data, and the test data before they are cut to what is asked.

    asked: how many test questions are asked, None for all: no other is kept out of the training.
    """
    test, test_order = split_of(settings, "test")
    train, train_order = split_of(settings, "train")
    shared = set(train_order) & set(test_order)
    kept_out = set(train_order) & set(test_order[:asked])
    drawn = [key for key in train_order if key not in kept_out]
    dropped = [("train", row) for row in train.dropped]
    dropped += [
        ("train", DroppedRow(settings.train[0].name, train.questions[key].row, "a test question"))
        for key in train_order
        if key in kept_out
    ]
    if settings.test:
        dropped += [("test", row) for row in test.dropped]
    return SourceDescription(
        {
            "train": _described(settings, train, drawn, len(kept_out), len(shared)),
            "test": _described(settings, test, test_order, 0, 0),
        },
        dropped,
    )


def _described(
    settings: DatasetSettings, chosen: Selected, order: list[str], in_test: int, shared: int
) -> SplitSource:
    questions = [chosen.questions[key] for key in order]
    return SplitSource(
        questions=len(order),
        files=chosen.losses,
        incomplete=chosen.incomplete,
        in_test=in_test,
        shared=shared,
        responses=count_responses(settings, questions),
        prompts=form_of(questions),
    )


def form_of(questions: Iterable[OwnQuestion]) -> PromptForm:
    """Say how the prompts of some questions end, and whether they list options."""
    prompts = [question.prompt.rstrip() for question in questions]
    if not prompts:
        return PromptForm()
    endings = Counter(" ".join(prompt.split()[-ENDING_WORDS:]) for prompt in prompts)
    ending, count = endings.most_common(1)[0]
    return PromptForm(
        ending=ending if count > 1 else "",
        ending_share=count / len(prompts) if count > 1 else 0.0,
        colon=sum(prompt.endswith(":") for prompt in prompts) / len(prompts),
        options=sum(OPTION.search(prompt) is not None for prompt in prompts) / len(prompts),
        example=prompts[0],
    )
