"""Whether the bases know facts and do not answer questions about them yet."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from showhow.analysis.manipulation_checks import COLUMNS
from showhow.analysis.table_files import read_table
from showhow.report.material import Material
from showhow.report.tables import format_number

DATA_FILES = ("checks.html.jinja",)


def show(material: Material) -> Mapping[str, Any] | None:
    if "checks" not in material.tables:
        return None
    rows = check_rows(read_table(material.tables["checks"], COLUMNS))
    return {"rows": rows} if rows else None


def check_rows(checks: pd.DataFrame) -> list[dict]:
    """One row per base, task and check; the share of the ceiling and its interval as text."""
    rows = []
    for row in checks.to_dict("records"):
        of_ceiling, low, high = (
            format_number(row[name]) for name in ("of_ceiling", "ci_low", "ci_high")
        )
        rows.append({**row, "of_ceiling": of_ceiling, "interval": f"{low} to {high}"})
    return rows
