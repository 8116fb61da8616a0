"""How many training examples each variant needs to reach 90% accuracy."""

import math

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from showhow.figures.figure import FigureData
from showhow.figures.style import (
    empty_figure,
    in_paper_style,
    panel_grid,
    style_of,
    training_size_axis,
    write_beside,
)
from showhow.figures.summaries import (
    NeededSize,
    needed_sizes,
    panel_rows,
    panel_titles,
    panels,
    split_items,
    without_controls,
)
from showhow.figures.variants import written

name = "n_to_90"
title = "Training examples needed for 90% accuracy"
CAPTION = (
    "The number of training examples N at which mean accuracy on the test split reaches 90%, "
    "interpolated on log N, for each variant; a panel per model: {models}. Bars are the "
    "{bootstrap} ({seeds}, {problems}). The number stands at the right. An open arrow and > mean "
    "that no training size of the study reached 90% (in brackets: the best mean accuracy); a left "
    "arrow and ≤ that the smallest size already did."
)
by = ("task",)

TARGET = 0.9


@in_paper_style
def draw(data: FigureData) -> Figure:
    items = without_controls(split_items(data))
    found = needed_sizes(items, TARGET)
    keys = pd.MultiIndex.from_frame(items[["task", "model", "variant"]])
    items = items[keys.isin(list(found))]
    if items.empty:
        return empty_figure("several training sizes N\nfor the same task, model and variant")
    variants = data.variants(items)
    chosen = panels(items, data)
    heights = 0.16 * len(variants) + 0.5
    figure, grid = panel_grid(panel_titles(chosen), columns=3, heights=heights, sharey=True)
    for panel, axes in zip(chosen, grid, strict=True):
        needed = {key[2]: size for key, size in found.items() if key[:2] == panel}
        sizes = sorted(set(panel_rows(items, panel)["n_train"]))
        draw_needed(axes, needed, sizes, variants, data)
    figure.supxlabel("training examples N to reach 90% accuracy", fontsize=7)
    return figure


def draw_needed(
    axes: Axes,
    needed: dict[str, NeededSize],
    sizes: list[int],
    variants: list[str],
    data: FigureData,
) -> None:
    """One task and model: a row per variant, most detail at the bottom."""
    training_size_axis(axes, sizes)
    for row, variant in enumerate(variants):
        text, colour = "no runs", "#777777"
        if variant in needed:
            text, colour = draw_row(axes, row, needed[variant], sizes, variant, data), "black"
        write_beside(axes, row, text, fontsize=6.5, color=colour)
    axes.set_yticks(range(len(variants)), [written(variant) for variant in variants])
    axes.set_ylim(len(variants) - 0.4, -0.6)


def draw_row(
    axes: Axes, row: int, needed: NeededSize, sizes: list[int], variant: str, data: FigureData
) -> str:
    """The size that one variant needs, with its interval; gives it as a number to be written."""
    style = style_of(variant, data.study_variants)
    beyond = sizes[-1] * 1.2
    low, high = min(needed.low, beyond), min(needed.high, beyond)
    axes.plot([low, high], [row, row], color=style.colour)
    if math.isinf(needed.value):
        axes.plot(beyond, row, ">", color=style.colour, markerfacecolor="white")
        return f"> {sizes[-1]:,} ({math.floor(100 * needed.reached)}%)"
    already = needed.value <= sizes[0]
    axes.plot(needed.value, row, "<" if already else style.marker, color=style.colour)
    return f"{'≤ ' if already else ''}{needed.value:,.0f}"
