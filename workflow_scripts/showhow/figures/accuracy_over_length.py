"""Accuracy over the length of the problem, with the lengths of the training set shaded."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from showhow.figures.figure import FigureData, at_largest_n
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
from showhow.figures.summaries import (
    correctness,
    mean_of,
    panel_rows,
    panel_titles,
    panels,
    without_controls,
)

name = "accuracy_over_length"
title = "Accuracy over problem length"
CAPTION = (
    "Accuracy over the length of the problem at the largest training size of each task and model "
    "({largest_n}), by variant; shaded: the lengths that occur in training. Neighbouring lengths "
    "of the splits test and longer are pooled, up to four pools inside the training range and "
    "four outside. Ticks are single seeds ({seeds}), markers their mean at the pool's mean "
    "length, bars the {bootstrap}."
)
by = ("task", "model")

POOLS = 4
"""Pools of lengths inside the training range, and as many outside."""


@in_paper_style
def draw(data: FigureData) -> Figure:
    items = data.items[data.items["split"].isin(["test", "longer"])]
    items = at_largest_n(without_controls(items))
    items = items[items["length"].notna()]
    if items.empty:
        return empty_figure("runs with a test or a longer split")
    chosen = panels(items, data)
    variants = data.variants(items)
    figure, grid = panel_grid(panel_titles(chosen), columns=4, heights=1.55, sharey=True)
    for panel, axes in zip(chosen, grid, strict=True):
        draw_lengths(axes, panel_rows(items, panel), variants, data)
    figure.supylabel("accuracy", fontsize=7)
    figure.supxlabel("problem length", fontsize=7)
    legend_above(figure, legend_handles(variants, data.study_variants))
    return figure


def draw_lengths(axes: Axes, items: pd.DataFrame, variants: list[str], data: FigureData) -> None:
    """One task and model: the curve of each variant over length, and the training range."""
    runs = data.runs[data.runs["task"] == items["task"].iloc[0]]
    low, high = runs["train_length_low"].min(), runs["train_length_high"].max()
    axes.axvspan(low - 0.5, high + 0.5, color="#f0ede2", zorder=0)
    axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    items = items.assign(pool=pool_lengths(items["length"], high))
    width = items["length"].max() - items["length"].min() + 1
    for rank, variant in enumerate(variants):
        style = style_of(variant, data.study_variants)
        shift = 0.008 * width * (rank - (len(variants) - 1) / 2)
        pools = items[items["variant"] == variant].groupby("pool", sort=True)
        means = [mean_of(correctness(pool)) for _, pool in pools]
        at = [pool["length"].mean() + shift for _, pool in pools]
        draw_means(axes, at, means, style, (3, 0.5), markersize=3.2, elinewidth=0.7, **WHITE_EDGE)
    accuracy_axis(axes.yaxis)


def pool_lengths(lengths: pd.Series, longest_in_training: float) -> pd.Series:
    """Number the pool of each length: equal shares of problems inside and outside training."""
    pools = pd.Series(0, index=lengths.index)
    for first, chosen in (
        (0, lengths <= longest_in_training),
        (POOLS, lengths > longest_in_training),
    ):
        if chosen.any():
            edges = np.unique(np.quantile(lengths[chosen], np.linspace(0, 1, POOLS + 1)[1:-1]))
            pools[chosen] = first + np.searchsorted(edges, lengths[chosen], side="left")
    return pools
