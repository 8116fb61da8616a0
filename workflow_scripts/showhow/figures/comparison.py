"""The pairs of variants that a study names: by how much the first is more often right."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter, FuncFormatter, MaxNLocator

from showhow.analysis.table_files import rows_of
from showhow.figures.figure import FigureData
from showhow.figures.style import (
    BLUE,
    WHITE_EDGE,
    empty_figure,
    in_paper_style,
    panel_grid,
    short_number,
)
from showhow.figures.summaries import arms, difference
from showhow.figures.variants import written

name = "comparison"
title = "Variants compared"
CAPTION = (
    "Accuracy on the test split with the first variant minus that with the second, one row for "
    "each task, model and number N of training examples. Small points are single seeds ({seeds}), "
    "markers their mean, bars the {interval}, paired by seed and problem and not corrected for the "
    "number of rows; {problems}. Right of zero the first is more often right."
)
by = ("task",)
MOST = 1.02
"""No difference in accuracy is larger than 1; an interval from two seeds may go beyond."""

ROW_HEIGHT = 0.17
"""Inches."""

Row = tuple[str, str, int, str]
"""Task, model, N and match."""


@in_paper_style
def draw(data: FigureData) -> Figure:
    """Draw a panel for each pair; all have the same rows, so that they are read across."""
    found = data.comparisons
    if found is None or (found := found[found["split"] == "test"]).empty:
        return empty_figure(
            "variants to compare, trained on the same task,\nmodel and N (compare:)"
        )
    rows = rows_in_order(found, data)
    pairs = list(found[["first", "second"]].drop_duplicates().itertuples(index=False, name=None))
    titles = [f"{written(first)}\nminus {written(second)}" for first, second in pairs]
    height = max(0.9, ROW_HEIGHT * len(rows) + 0.5)
    figure, grid = panel_grid(titles, 3, height, legend_rows=0, sharex=True, sharey=True)
    for (first, second), axes in zip(pairs, grid, strict=True):
        of_pair = found[(found["first"] == first) & (found["second"] == second)]
        draw_pair(axes, of_pair, rows, seeds_of(data, first, second))
    axes = grid[0]
    axes.set_yticks(range(len(rows)), [label_of(row, rows) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    low, high = axes.get_xlim()
    axes.set_xlim(max(low, -MOST), min(high, MOST))
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(in_points))
    figure.supxlabel("difference in accuracy (percentage points)", fontsize=7)
    return figure


def rows_in_order(found: pd.DataFrame, data: FigureData) -> list[Row]:
    """Give the rows of all pairs: by task, model's size and N."""
    models = {model: place for place, model in enumerate(data.models)}
    there = found[["task", "model", "n_train", "match"]].drop_duplicates()
    rows: list[Row] = list(there.itertuples(index=False, name=None))
    return sorted(rows, key=lambda row: (data.tasks.index(row[0]), models[row[1]], row[2:]))


def label_of(row: Row, rows: list[Row]) -> str:
    """Name a row by what tells it from others; N always stands there."""
    task, model, n_train, match = row
    several_tasks, several_models = (len({other[part] for other in rows}) > 1 for part in (0, 1))
    said = [f"N = {short_number(n_train)}"]
    if match != "examples":
        said.append(f"matched {written(match)}")
    return " · ".join([*[task] * several_tasks, *[model] * several_models, *said])


def seeds_of(data: FigureData, first: str, second: str) -> dict[Row, tuple[float, ...]]:
    """Give the difference of each seed that both variants have, by row."""
    items = data.items[data.items["split"] == "test"]
    tables = dict(arms(items[items["variant"].isin([first, second])]))
    found = {}
    for (task, model, variant, n_train, match), table in tables.items():
        other = tables.get((task, model, second, n_train, match))
        if variant == first and other is not None and (mean := difference(table, other)):
            found[task, model, n_train, match] = mean.seeds
    return found


def draw_pair(
    axes: Axes, found: pd.DataFrame, rows: list[Row], seeds: dict[Row, tuple[float, ...]]
) -> None:
    """One pair: each row's interval, seeds and mean."""
    for row in rows_of(found):
        key = (row.task, row.model, row.n_train, row.match)
        place, of_seeds = rows.index(key), seeds.get(key, ())
        axes.plot([row.ci_low, row.ci_high], [place, place], color=BLUE, linewidth=1.2)
        axes.plot(of_seeds, [place] * len(of_seeds), ".", color=BLUE, markersize=2.5)
        axes.plot(row.estimate, place, "o", color=BLUE, markersize=4, **WHITE_EDGE)
    axes.axvline(0, color="#555555", linewidth=0.8)
    axes.grid(visible=False, axis="y")


def in_points(difference: float, _: int) -> str:
    """Write a difference in accuracy as percentage points."""
    return Formatter.fix_minus(f"{100 * difference:+.3g}") if difference else "0"
