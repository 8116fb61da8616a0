"""What language models were asked to write, and what it cost."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from showhow.base.rows import read_record
from showhow.report.material import Material

DATA_FILES = ("written.html.jinja",)
ASKED = (
    *("asked", "written", "left_out", "requests", "wrong", "prompt_tokens"),
    "completion_tokens",
)
"""What is counted of each writer, in the order of the report's columns."""


def show(material: Material) -> Mapping[str, Any] | None:
    rows = [read_usage(one.task, one.writing, one.usage) for one in material.usages]
    return {"rows": rows, "asked": ASKED} if rows else None


def read_usage(task: str, variant: str, path: Path) -> dict:
    """Give what a stage that asked a writer said of it; its cost is None where nothing was paid."""
    told = read_record(path, ("writer", *ASKED, "cost"))
    return {"task": task, "variant": variant, **told}
