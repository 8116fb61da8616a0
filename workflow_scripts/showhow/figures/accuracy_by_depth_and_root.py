"""Accuracy by the depth of the expression and by its outermost operator."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from showhow.analysis.statistics import wilson_interval
from showhow.analysis.table_files import rows_of
from showhow.figures.figure import ARM, FigureData, at_largest_n
from showhow.figures.style import (
    WHITE_EDGE,
    accuracy_axis,
    draw_means,
    empty_figure,
    in_paper_style,
    legend_above,
    legend_handles,
    panel_grid,
    style_of,
)
from showhow.figures.summaries import Mean, panel_rows, panel_titles, panels, without_controls

name = "accuracy_by_depth_and_root"
title = "Accuracy by depth and by root operator"
CAPTION = (
    "Accuracy by the depth of the expression (splits test and deeper) and by its outermost "
    "operator (split test), by variant, at the largest training size of each task and model "
    "({largest_n}). Markers are means over the seeds ({seeds}); bars the {wilson}, which counts "
    "each problem once, however many seeds answered it."
)
by = ("task", "model")

SPLITS = {"depth": ["test", "deeper"], "root": ["test"]}
TITLES = {"depth": "depth", "root": "root operator"}


@in_paper_style
def draw(data: FigureData) -> Figure:
    groups = at_largest_n(without_controls(data.groups))
    groups = groups[groups["group"].isin(list(SPLITS))]
    if groups.empty:
        return empty_figure("a task whose problems have a depth or a root,\nsuch as listops")
    chosen = panels(groups, data)
    titles = [f"{title}\nby {TITLES[group]}" for title in panel_titles(chosen) for group in SPLITS]
    figure, grid = panel_grid(titles, columns=4, heights=1.5, sharey=True)
    variants = data.variants(groups)
    for place, panel in enumerate(chosen):
        rows = panel_rows(groups, panel)
        for axes, group in zip(grid[2 * place :], SPLITS, strict=False):
            draw_group(axes, mean_over_seeds(rows, group, data), variants, data)
    figure.supylabel("accuracy", fontsize=7)
    legend_above(figure, legend_handles(variants, data.study_variants))
    return figure


def mean_over_seeds(groups: pd.DataFrame, group: str, data: FigureData) -> pd.DataFrame:
    """Accuracy of each variant and value, with the number of distinct problems behind it."""
    rows = groups[(groups["group"] == group) & groups["split"].isin(SPLITS[group])]
    counts = rows.groupby([*ARM, "value"], as_index=False)[["n_correct", "n_test"]].sum()
    seeds = data.runs.groupby(ARM)["seed"].nunique().rename("seeds").reset_index()
    counts = counts.merge(seeds, on=ARM)
    counts["accuracy"] = counts["n_correct"] / counts["n_test"]
    counts["low"], counts["high"] = wilson_interval(
        counts["n_correct"] / counts["seeds"], counts["n_test"] / counts["seeds"]
    )
    return counts


def draw_group(axes: Axes, means: pd.DataFrame, variants: list[str], data: FigureData) -> None:
    """One task, model and way of grouping: each variant's accuracy in each group."""
    values = sorted(means["value"].unique(), key=lambda value: (len(str(value)), str(value)))
    for rank, variant in enumerate(variants):
        rows = means[means["variant"] == variant].set_index("value")
        rows = rows.reindex([value for value in values if value in rows.index])
        style = style_of(variant, data.study_variants)
        shift = 0.12 * (rank - (len(variants) - 1) / 2)
        at = [values.index(value) + shift for value in rows.index]
        shown = [Mean(row.accuracy, row.low, row.high, ()) for row in rows_of(rows)]
        draw_means(axes, at, shown, style, linestyle="none", elinewidth=0.8, **WHITE_EDGE)
    axes.set_xticks(range(len(values)), values)
    axes.set_xlim(-0.6, len(values) - 0.4)
    accuracy_axis(axes.yaxis)
