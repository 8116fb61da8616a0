"""Accuracy over the number of training examples, by variant, with a panel per model."""

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from showhow.analysis.table_files import blocks
from showhow.figures.figure import FigureData
from showhow.figures.style import (
    ROOM_BESIDE,
    WHITE_EDGE,
    accuracy_axis,
    draw_means,
    draw_shortcut,
    empty_figure,
    in_paper_style,
    legend_above,
    legend_handles,
    panel_grid,
    style_of,
    training_size_axis,
)
from showhow.figures.summaries import (
    Mean,
    accuracies,
    panel_rows,
    panel_titles,
    panels,
    without_controls,
)

name = "accuracy_over_n"
title = "Accuracy over the number of training examples"
CAPTION = (
    "Accuracy on the test split over the number of training examples N (log scale), by variant; "
    "a panel per model, smallest first: {models}. Ticks are single seeds ({seeds}), markers "
    "their mean, bars the {interval}; {problems}. Lines join only what took the same number of "
    "steps: where more examples also meant more steps, points stand alone. Open: matched on steps. "
    "The dotted line is the best shortcut, an answer that needs no solving."
)
by = ("task",)

DODGE = 0.028
"""Variants of one N stand this share of the axis apart, so that their bars do not cover each other.

So near that no marker looks like one of another N: each N has its tick, and they stand around it.
"""


@in_paper_style
def draw(data: FigureData) -> Figure:
    items = curve_items(data)
    if items.empty:
        return empty_figure("runs with a test split")
    means = accuracies(items)
    variants = data.variants(items)
    chosen = panels(items, data)
    figure, grid = panel_grid(panel_titles(chosen), columns=4, heights=1.55, sharey=True)
    for panel, axes in zip(chosen, grid, strict=True):
        draw_accuracy(axes, panel, variants, means, data)
    figure.supylabel("accuracy", fontsize=7)
    figure.supxlabel("training examples N", fontsize=7)
    legend_above(figure, legend_handles(variants, data.study_variants))
    return figure


def curve_items(data: FigureData) -> pd.DataFrame:
    """The test items of the levels, with as many examples or as many steps."""
    items = data.items
    counted = items["match"].isin(("examples", "steps"))
    return without_controls(items[(items["split"] == "test") & counted])


def draw_accuracy(
    axes: Axes,
    panel: tuple[str, str],
    variants: list[str],
    means: dict[tuple, Mean],
    data: FigureData,
) -> None:
    """One panel: the points of each variant of one task and model, and the best shortcut."""
    here = {key[2:]: mean for key, mean in means.items() if key[:2] == panel}
    curves = of_equal_steps(here, steps_of(data, panel))
    sizes = sorted({n for _, n, _ in here})
    drawn = {(variant, n) for variant, n, _ in here}
    at_size = {n: [name for name in variants if (name, n) in drawn] for n in sizes}
    apart = math.log(ROOM_BESIDE**2 * sizes[-1] / sizes[0]) * DODGE if sizes else 0.0
    for (variant, match, _), curve in curves.items():
        style = style_of(variant, data.study_variants)
        look: dict[str, Any] = {**WHITE_EDGE}
        if match == "steps":
            look = {"markerfacecolor": "white"}
        at = [beside(n, variant, at_size[n], apart) for n in curve]
        draw_means(axes, at, list(curve.values()), style, elinewidth=0.8, zorder=3, **look)
    draw_shortcut(axes, data.shortcut(panel[0]))
    training_size_axis(axes, sizes)
    accuracy_axis(axes.yaxis)


def beside(size: int, variant: str, there: list[str], apart: float) -> float:
    """Where a variant stands among those of the same N; one alone stands at N itself."""
    return size * math.exp(apart * (there.index(variant) - (len(there) - 1) / 2))


def steps_of(data: FigureData, panel: tuple[str, str]) -> dict[tuple, float]:
    """The optimiser steps of each (variant, N, match) of one task and model, where known."""
    runs = panel_rows(data.runs, panel)
    if "steps" not in runs:
        return {}
    arms = blocks(runs, ["variant", "n_train", "match"])
    return {arm: float(rows["steps"].max()) for arm, rows in arms}


def of_equal_steps(
    means: dict[tuple, Mean], steps: dict[tuple, float]
) -> dict[tuple, dict[int, Mean]]:
    """Means by N, for each (variant, match, steps); by N itself where steps are not known."""
    curves: dict[tuple, dict[int, Mean]] = {}
    for (variant, n_train, match), mean in sorted(means.items()):
        took = steps.get((variant, n_train, match), f"N {n_train}")
        curves.setdefault((variant, match, took), {})[n_train] = mean
    return curves
