"""What became of the user's own data: of each file, what was used and what was not."""

from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from showhow.base.rows import read_record
from showhow.base.surroundings import surroundings
from showhow.report.material import Material

DATA_FILES = ("sources.html.jinja",)
LOSSES = (
    *("rows", "filtered", "duplicate_ids", "no_prompt", "no_answer", "duplicates"),
    *("contradictions", "unmatched", "no_response"),
)
"""What is counted of each file, in the order of the report's columns."""


def show(material: Material) -> Mapping[str, Any] | None:
    splits = [*chain(*(read_source(task, path) for task, path in material.sources.items()))]
    shown = {"splits": splits, "losses": LOSSES, "results": surroundings().results}
    return shown if splits else None


def read_source(task: str, path: Path) -> list[dict]:
    """Give for each split of a task what describe_source said of it.

    incomplete, in_test: questions that were dropped. shared: training questions in the test files.
    prompts: how they look. files: by name, counts of rows and of those
    that came to nothing (LOSSES). responses: by name, how many (n), their mean words, how many
    carry an answer, and how many the right one.
    """
    splits = read_record(path, ("train", "test"))
    return [{"task": task, "split": split, **told} for split, told in splits.items()]


def by_split(rows: list[dict]) -> dict[str, dict]:
    """Give the rows of one task by their split."""
    return {row["split"]: row for row in rows}
