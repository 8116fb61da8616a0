"""The pairs of variants that a study names, each contrast as a sentence."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from showhow.analysis.comparisons import COLUMNS
from showhow.analysis.table_files import blocks, read_table, rows_of
from showhow.report.figures import figures_of
from showhow.report.material import Material
from showhow.report.tables import MINUS

DATA_FILES = ("comparisons.html.jinja",)
FIGURE = "comparison"


@dataclass(frozen=True)
class ContrastRow:
    """One contrast as the report shows it: what it is of, in words and numbers.

    first, second: the accuracies, without which two that are both 0 look like two that are alike.
    """

    task: str
    model: str
    n_train: int
    match: str
    split: str
    first: float
    second: float
    sentence: str
    p: float
    p_holm: float


@dataclass(frozen=True)
class PairOfVariants:
    """Two variants, and by how much they differ wherever both were trained."""

    first: str
    second: str
    rows: list[ContrastRow]


def show(material: Material) -> Mapping[str, Any] | None:
    if "comparisons" not in material.tables:
        return None
    comparisons = read_table(material.tables["comparisons"], COLUMNS)
    pairs = compared_pairs(comparisons)
    figures = figures_of(material, {FIGURE})
    return {"pairs": pairs, "contrasts": len(comparisons), "figures": figures} if pairs else None


def compared_pairs(comparisons: pd.DataFrame) -> list[PairOfVariants]:
    """Arrange the table of a study's comparisons by pair, in its order."""
    return [
        PairOfVariants(first, second, [_row(row) for row in rows_of(of_pair)])
        for (first, second), of_pair in blocks(comparisons, ["first", "second"], sort=False)
    ]


def _row(row: Any) -> ContrastRow:
    place = (row.task, row.model, row.n_train, row.match, row.split)
    accuracies = (row.accuracy_first, row.accuracy_second)
    return ContrastRow(*place, *accuracies, sentence_of(row), row.p, row.p_holm)


def sentence_of(row: Any) -> str:
    """Say a contrast, as in `gpt4 minus human: +0.031 [+0.002, +0.060], 5 seeds, 300 problems`."""
    found = signed(row.estimate)
    if not math.isnan(row.ci_low):
        found += f" [{signed(row.ci_low)}, {signed(row.ci_high)}]"
    units = f"{row.units} {row.unit}{'s' if row.units > 1 else ''}"
    if math.isnan(row.ci_low):
        units += ", which gives no interval" if row.units == 1 else ""
    return f"{row.first} minus {row.second}: {found}, {units}, {row.problems:,} problems"


def signed(number: float) -> str:
    """Write a difference with its sign and three places."""
    return f"{number:+.3f}".replace("-", MINUS)
