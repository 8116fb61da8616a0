"""What became of the user's files: counts, dropped rows, and the form of the prompts."""

from dataclasses import dataclass

from showhow.tasks.own_data.doubts import twins_among
from showhow.tasks.own_data.prompts_form import PromptForm, form_of
from showhow.tasks.own_data.selection import (
    DroppedRow,
    Losses,
    ResponseCounts,
    Selected,
    count_responses,
    split_of,
)
from showhow.tasks.own_data.settings import DatasetSettings


@dataclass(frozen=True)
class SplitSource:
    """What became of the files of one split.

    questions: what may be drawn. in_test: training questions that are left out because the test
    set asks them. shared: training questions that stand in the test files, asked or not. twins:
    pairs of responses that are the same texts.
    """

    questions: int
    files: dict[str, Losses]
    incomplete: int
    in_test: int
    shared: int
    responses: dict[str, ResponseCounts]
    prompts: PromptForm
    twins: list[tuple[str, str]]


@dataclass(frozen=True)
class SourceDescription:
    """The splits that have files, and every dropped row with the split that it was dropped from."""

    splits: dict[str, SplitSource]
    dropped: list[tuple[str, DroppedRow]]


def describe(
    settings: DatasetSettings, asked: int | None = None, judged: bool = True
) -> SourceDescription:
    """Describe the training data, and what is asked before it is cut to what is asked for.

    asked: how many test questions are asked, None for all: no other is kept out of the training.
    judged: whether responses are read and compared with the right answers, which for programs means
    to run them.
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
    splits = {
        "train": _described(settings, train, drawn, judged, len(kept_out), len(shared)),
        "test": _described(settings, test, test_order, judged),
    }
    if settings.validation:
        validation, order = split_of(settings, "validation")
        splits["validation"] = _described(settings, validation, order, judged)
        dropped += [("validation", row) for row in validation.dropped]
    return SourceDescription(splits, dropped)


def _described(
    settings: DatasetSettings,
    chosen: Selected,
    order: list[str],
    judged: bool,
    in_test: int = 0,
    shared: int = 0,
) -> SplitSource:
    questions = [chosen.questions[key] for key in order]
    return SplitSource(
        questions=len(order),
        files=chosen.losses,
        incomplete=chosen.incomplete,
        in_test=in_test,
        shared=shared,
        responses=count_responses(settings, questions) if judged else {},
        prompts=form_of([question.prompt for question in questions]),
        twins=twins_among(questions),
    )
