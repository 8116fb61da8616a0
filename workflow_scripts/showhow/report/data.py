"""What became of the user's own data and of what was asked of writers, as rows of the report."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from showhow.analysis.table_files import read_table
from showhow.base.rows import read_record

LOSSES = (
    *("rows", "filtered", "duplicate_ids", "no_prompt", "no_answer", "duplicates"),
    *("contradictions", "unmatched", "no_response"),
)
"""What is counted of each file, in the order of the report's columns."""

ASKED = (
    *("asked", "written", "left_out", "requests", "wrong", "prompt_tokens"),
    "completion_tokens",
)
"""What is counted of each writer, in the order of the report's columns."""


def read_source(task: str, path: Path) -> list[dict]:
    """Give for each split of a task what describe_source said of it.

    incomplete, in_test: questions that were dropped. shared: training questions in the test files.
    prompts: how they look. files: by name, counts of rows and of those
    that came to nothing (LOSSES). responses: by name, how many (n), their mean words, how many
    carry an answer, and how many the right one.
    """
    splits = read_record(path, ("train", "test"))
    return [{"task": task, "split": split, **told} for split, told in splits.items()]


MET = ("split", "problems", "prompts_met", "solutions_met")
"""What is counted of the problems that stand in a corpus."""


def read_contamination(task: str, models: Iterable[str], path: Path) -> list[dict]:
    """Give for each split how many of its problems the bases of these models have read."""
    counts = read_table(path, MET).astype({"solutions_met": "Int64"})
    about = {"task": task, "models": ", ".join(models)}
    return [
        {**about, **{column: None if count is pd.NA else count for column, count in row.items()}}
        for row in counts[[*MET]].to_dict("records")
    ]


def by_split(rows: list[dict]) -> dict[str, dict]:
    """Give the rows of one task by their split."""
    return {row["split"]: row for row in rows}


def read_usage(task: str, variant: str, path: Path) -> dict:
    """Give what a stage that asked a writer said of it; its cost is None where nothing was paid."""
    told = read_record(path, ("writer", *ASKED, "cost"))
    return {"task": task, "variant": variant, **told}
