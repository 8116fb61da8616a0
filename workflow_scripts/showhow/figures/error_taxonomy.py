"""What goes right and wrong: the outcomes of all test problems, stacked per variant."""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from showhow.figures.figure import FigureData, at_largest_n
from showhow.figures.style import (
    accuracy_axis,
    empty_figure,
    in_paper_style,
    legend_above,
    panel_grid,
)
from showhow.figures.summaries import (
    correctness,
    mean_of,
    panel_rows,
    panel_titles,
    panels,
    split_items,
)
from showhow.figures.variants import written

name = "error_taxonomy"
title = "Outcomes of the test problems"
CAPTION = (
    "Shares of the outcomes on the test split at the largest training size of each task and model "
    "({largest_n}), all seeds together ({seeds}, {problems}). The first two outcomes are correct "
    "answers; the black bar at their end is the {interval} of the accuracy."
)
by = ("task", "model")

OUTCOMES = {
    "correct": "#0072B2",
    "correct_despite_wrong_step": "#56B4E9",
    "wrong_step": "#D55E00",
    "missing_or_extra_steps": "#E69F00",
    "answer_not_from_steps": "#CC79A7",
    "wrong_answer": "#B8B8B8",
    "answer_of_other_type": "#F0E442",
    "unparseable": "#6E6E6E",
    "truncated": "#1A1A1A",
}


@in_paper_style
def draw(data: FigureData) -> Figure:
    items = at_largest_n(split_items(data))
    if items.empty:
        return empty_figure("runs with a test split")
    chosen = panels(items, data)
    bars = [panel_rows(items, panel)["variant"].nunique() for panel in chosen]
    heights = [0.14 * count + 0.45 for count in bars]
    present = [outcome for outcome in OUTCOMES if (items["outcome"] == outcome).any()]
    legend_columns = 4 if len(chosen) > 1 else 2
    figure, grid = panel_grid(
        panel_titles(chosen),
        columns=3,
        heights=heights,
        legend_rows=math.ceil(len(present) / legend_columns),
    )
    for place, (panel, axes) in enumerate(zip(chosen, grid, strict=True)):
        row = place // 3 * 3
        draw_outcomes(axes, panel_rows(items, panel), max(bars[row : row + 3]), data)
    patches = [Patch(color=OUTCOMES[outcome], label=written(outcome)) for outcome in present]
    legend_above(figure, patches, legend_columns)
    figure.supxlabel("share of test problems", fontsize=7)
    return figure


def draw_outcomes(axes: Axes, items: pd.DataFrame, places: int, data: FigureData) -> None:
    """One task and model: a stacked bar per variant, in room for `places` bars."""
    variants = data.variants(items)
    for row, variant in enumerate(variants):
        chosen = items[items["variant"] == variant]
        shares = chosen["outcome"].value_counts(normalize=True)
        left = 0.0
        for outcome, colour in OUTCOMES.items():
            share = shares.get(outcome, 0.0)
            axes.barh(row, share, left=left, height=0.78, color=colour, edgecolor="white", lw=0.3)
            left += share
        accuracy = mean_of(correctness(chosen))
        axes.plot([accuracy.low, accuracy.high], [row, row], color="black", linewidth=1.0)
    axes.set_yticks(range(len(variants)), [written(variant) for variant in variants])
    axes.set_ylim(places - 0.5, -0.5)
    axes.grid(False)
    accuracy_axis(axes.xaxis)
