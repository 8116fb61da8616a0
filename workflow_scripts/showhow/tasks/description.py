"""What a task's data are like: how many, how long, and what can be had without solving them."""

from collections import Counter
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from showhow.base.errors import ShowhowError
from showhow.base.rows import read_json, write_json
from showhow.base.wording import damaged
from showhow.tasks.problem import Problem


class SplitDescription(BaseModel):
    """One split; accuracies are between 0 and 1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    n: int
    length_low: int
    length_high: int
    answer_counts: dict[str, int]
    majority_answer: str
    majority_accuracy: float  # of always giving the split's own most frequent answer
    copy_last_accuracy: float  # of always giving the problem's last operand


class DataDescription(BaseModel):
    """All splits of a task, and the range of lengths that training covers, both ends included."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    splits: dict[str, SplitDescription]
    train_length_low: int
    train_length_high: int


def describe_split(problems: list[Problem]) -> SplitDescription:
    """Describe the problems of one split, which must not be empty."""
    counts = Counter(problem.answer for problem in problems)
    # Of answers that are equally frequent the first in the alphabet, whatever the problems' order.
    majority = min(counts, key=lambda answer: (-counts[answer], answer))
    lengths = [int(problem.groups["length"]) for problem in problems]
    copied = sum(problem.last_operand == problem.answer for problem in problems)
    return SplitDescription(
        n=len(problems),
        length_low=min(lengths),
        length_high=max(lengths),
        answer_counts=dict(sorted(counts.items())),
        majority_answer=majority,
        majority_accuracy=counts[majority] / len(problems),
        copy_last_accuracy=copied / len(problems),
    )


def describe(splits: dict[str, list[Problem]]) -> DataDescription:
    """Describe a task's splits by name; names of training sets begin with "train".

    Raises ShowhowError when a split is empty or there is no training set.
    """
    empty = sorted(name for name, problems in splits.items() if not problems)
    if empty:
        raise ShowhowError(f"Nothing can be said of a split without problems: {', '.join(empty)}.")
    described = {name: describe_split(problems) for name, problems in splits.items()}
    training = [split for name, split in described.items() if name.startswith("train")]
    if not training:
        raise ShowhowError(
            f"There is no training set among the splits {', '.join(splits)}; "
            "the name of one must begin with 'train'."
        )
    return DataDescription(
        splits=described,
        train_length_low=min(split.length_low for split in training),
        train_length_high=max(split.length_high for split in training),
    )


def write_description(path: Path | str, description: DataDescription) -> None:
    """Write a description as JSON, the whole file or nothing."""
    write_json(path, description.model_dump())


def read_description(path: Path | str) -> DataDescription:
    """Read what `write_description` wrote; other content raises ShowhowError with the path."""
    content = read_json(path)
    try:
        return DataDescription.model_validate(content)
    except ValidationError as reason:
        wrong = f"{reason.error_count()} keys are wrong"
        raise damaged(path, f"it does not describe a task's data: {wrong}") from reason
