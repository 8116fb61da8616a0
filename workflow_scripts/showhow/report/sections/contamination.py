"""How many of the problems to evaluate on the bases have read in pretraining."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from showhow.analysis.table_files import read_table
from showhow.report.material import Material

DATA_FILES = ("contamination.html.jinja",)
MET = ("split", "problems", "prompts_met", "solutions_met")
"""What is counted of the problems that stand in a corpus."""


def show(material: Material) -> Mapping[str, Any] | None:
    rows = [
        row
        for one in material.contamination
        for row in read_contamination(one.task, one.models, one.counts)
    ]
    return {"rows": rows} if rows else None


def read_contamination(task: str, models: Iterable[str], path: Path) -> list[dict]:
    """Give for each split how many of its problems the bases of these models have read."""
    counts = read_table(path, MET).astype({"solutions_met": "Int64"})
    about = {"task": task, "models": ", ".join(models)}
    return [
        {**about, **{column: None if count is pd.NA else count for column, count in row.items()}}
        for row in counts[[*MET]].to_dict("records")
    ]
