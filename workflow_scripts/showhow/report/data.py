"""What became of the user's own data and of what was asked of writers, as rows of the report."""

from dataclasses import dataclass
from pathlib import Path

from showhow.base.rows import read_record

LOSSES = (
    *("rows", "filtered", "duplicate_ids", "no_prompt", "no_answer", "duplicates"),
    *("unmatched", "no_response"),
)
"""What is counted of each file, in the order of the report's columns."""


@dataclass(frozen=True)
class FileRow:
    """One file of one split: its rows, and those that came to nothing, as in LOSSES."""

    file: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class ResponsesRow:
    """The responses of one name: how many, their mean words, and the share with the right answer.

    right, answered: in percent.
    """

    name: str
    n: int
    words: float
    answered: float
    right: float


@dataclass(frozen=True)
class SplitRows:
    """One split of one task's data. incomplete, in_test: questions that were dropped."""

    task: str
    split: str
    questions: int
    incomplete: int
    in_test: int
    files: tuple[FileRow, ...]
    responses: tuple[ResponsesRow, ...]


@dataclass(frozen=True)
class WrittenRow:
    """What one writer wrote for one variant of one task. cost: None where nothing was paid."""

    task: str
    variant: str
    writer: str
    asked: int
    written: int
    left_out: int
    requests: int
    wrong: int
    prompt_tokens: int
    completion_tokens: int
    cost: float | None


def read_source(task: str, path: Path) -> list[SplitRows]:
    """Read what describe_source said of a task's files."""
    return [
        SplitRows(
            task=task,
            split=split,
            questions=told["questions"],
            incomplete=told["incomplete"],
            in_test=told["in_test"],
            files=tuple(
                FileRow(file, tuple(lost[key] for key in LOSSES))
                for file, lost in told["files"].items()
            ),
            responses=tuple(
                ResponsesRow(
                    name,
                    n := counts["n"],
                    counts["mean_words"],
                    100 * counts["answered"] / n,
                    100 * counts["right"] / n,
                )
                for name, counts in told["responses"].items()
            ),
        )
        for split, told in read_record(path, ("train", "test")).items()
    ]


def read_usage(task: str, variant: str, path: Path) -> WrittenRow:
    """Read what a stage that asked a writer said of it."""
    keys = [key for key in WrittenRow.__dataclass_fields__ if key not in ("task", "variant")]
    told = read_record(path, keys)
    return WrittenRow(task, variant, **{key: told[key] for key in keys})
