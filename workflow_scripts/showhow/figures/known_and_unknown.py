"""Accuracy over N on facts that a base knows and on facts that it does not."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.typing import LineStyleType

from showhow.analysis.table_files import blocks
from showhow.figures.figure import FigureData
from showhow.figures.known_facts import NEEDS, is_of_known_facts, with_levels
from showhow.figures.style import (
    accuracy_axis,
    empty_figure,
    in_paper_style,
    legend_above,
    legend_handles,
    panel_grid,
    style_of,
    training_size_axis,
)
from showhow.figures.summaries import Mean, correctness, mean_of, panel_rows, panel_titles

name = "known_and_unknown"
title = "Known and unknown facts"
CAPTION = (
    "Accuracy over N on test facts that the base knows (memory levels 1 to 4 together, solid) and "
    "does not know (level 0, dotted); on known facts of relations that no training set has "
    "(dashed); and the share of answers of the right type on all test facts, the form that can be "
    "learned without recalling anything (dash-dotted). Colours are kinds of training facts. Bars "
    "are the {interval}, of {seeds} and {problems}."
)
by = ()
OF_NO_TYPE = ("answer_of_other_type", "unparseable", "truncated")
SHOWN = ("level_0", "level_4", "natural_mix")
LINES: dict[str, LineStyleType] = {
    "known": "-",
    "unknown": ":",
    "known, unseen relations": "--",
    "answers of the right type": "-.",
}


@in_paper_style
def draw(data: FigureData) -> Figure:
    items = with_levels(data)
    items = items[is_of_known_facts(items)]
    if items.empty:
        return empty_figure(NEEDS)
    unseen = with_levels(data, "unseen")
    panels = sorted(set(items[["task", "model"]].itertuples(index=False, name=None)))
    variants = [v for v in data.ordered(items["variant"].unique()) if v in SHOWN]
    figure, grid = panel_grid(
        panel_titles(panels), columns=3, heights=2.4, legend_rows=2, sharey=True
    )
    for panel, axes in zip(panels, grid, strict=True):
        for variant in variants:
            colour = style_of(variant, data.study_variants).colour
            tables = [
                panel_rows(table[table["variant"] == variant], panel) for table in (items, unseen)
            ]
            for label, points in lines_of(*tables).items():
                draw_line(axes, points, colour, LINES[label])
        training_size_axis(axes, sorted(items["n_train"].unique()))
        accuracy_axis(axes.yaxis)
    lines = [
        Line2D([], [], color="#555555", linestyle=ls, label=what) for what, ls in LINES.items()
    ]
    legend_above(figure, [*legend_handles(variants, data.study_variants), *lines], columns=4)
    figure.supylabel("share of test facts", fontsize=7)
    figure.supxlabel("N", fontsize=7)
    return figure


def lines_of(here: pd.DataFrame, elsewhere: pd.DataFrame) -> dict[str, dict[int, Mean]]:
    """What is drawn of one task, base and kind of training facts: means by size."""
    typed = here.assign(correct=~here["outcome"].isin(OF_NO_TYPE))
    return {
        "known": by_size(here[here["level"] > 0]),
        "unknown": by_size(here[here["level"] == 0]),
        "known, unseen relations": by_size(elsewhere[elsewhere["level"] > 0]),
        "answers of the right type": by_size(typed),
    }


def by_size(items: pd.DataFrame) -> dict[int, Mean]:
    return {size: mean_of(correctness(rows)) for (size,), rows in blocks(items, ["n_train"])}


def draw_line(axes: Axes, points: dict[int, Mean], colour: str, line: LineStyleType) -> None:
    sizes = sorted(points)
    for size in sizes:
        mean = points[size]
        axes.plot([size, size], [mean.low, mean.high], color=colour, linewidth=0.6)
    axes.plot(sizes, [points[size].value for size in sizes], ls=line, color=colour, linewidth=1)
