"""Accuracy over what training took: target tokens, and floating-point operations."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from showhow.analysis.table_files import blocks
from showhow.figures.figure import ARM, FigureData
from showhow.figures.style import (
    WHITE_EDGE,
    accuracy_axis,
    amount,
    draw_means,
    draw_shortcut,
    empty_figure,
    in_paper_style,
    legend_above,
    legend_handles,
    panel_grid,
    style_of,
)
from showhow.figures.summaries import Mean, accuracies, panel_titles, panels, without_controls

name = "learning_curves"
title = "Accuracy over the tokens and the computation of training"
CAPTION = (
    "Accuracy on the test split over what training took: the target tokens that carried a loss, "
    "and floating-point operations (6 for each parameter and token, prompts included), "
    "both log scale. Each point is a model of its own, trained on another number of examples or "
    "steps; the points of one variant are joined in the order of what they took. Ticks are single "
    "seeds ({seeds}), markers their mean, bars the {interval}; {problems}. The dotted line is the "
    "best shortcut. Models: {models}."
)
by = ("task", "model")

TAKEN = {"target_tokens": "target tokens", "operations": "operations (FLOPs)"}
"""The columns of what training took, and how they are written."""


@in_paper_style
def draw(data: FigureData) -> Figure:
    items = without_controls(data.items[data.items["split"] == "test"])
    if items.empty or not {"target_tokens", "train_tokens"} <= set(data.runs):
        return empty_figure("runs with a test split\nand their counts of tokens")
    means, taken = accuracies(items), taken_by(data)
    chosen = panels(items, data)
    titles = [title for title in panel_titles(chosen) for _ in TAKEN]
    figure, grid = panel_grid(titles, columns=4, heights=1.6, sharey=True)
    for place, panel in enumerate(chosen):
        here = {key: mean for key, mean in means.items() if key[:2] == panel}
        for axes, (column, label) in zip(grid[2 * place :], TAKEN.items(), strict=False):
            draw_curves(axes, here, {key: row[column] for key, row in taken.items()}, data)
            draw_shortcut(axes, data.shortcut(panel[0]))
            axes.set_xlabel(label)
    figure.supylabel("accuracy", fontsize=7)
    legend_above(figure, legend_handles(data.variants(items), data.study_variants))
    return figure


def taken_by(data: FigureData) -> dict[tuple, dict[str, float]]:
    """What the runs of each arm took, on average over seeds, by TAKEN's columns."""
    runs = data.runs[data.runs["split"] == "test"]
    runs = runs.assign(operations=6.0 * runs["parameters"] * runs["train_tokens"])
    return {
        arm: {column: float(rows[column].mean()) for column in TAKEN}
        for arm, rows in blocks(runs, ARM)
    }


def draw_curves(
    axes: Axes, means: dict[tuple, Mean], taken: dict[tuple, float], data: FigureData
) -> None:
    """One task and model: the curve of each variant over one measure of what training took."""
    for variant in data.ordered({key[2] for key in means}):
        keys = sorted((key for key in means if key[2] == variant), key=lambda key: taken[key])
        at, curve = [taken[key] for key in keys], [means[key] for key in keys]
        style = style_of(variant, data.study_variants)
        draw_means(axes, at, curve, style, elinewidth=0.8, zorder=3, **WHITE_EDGE)
    amount_axis(axes)
    accuracy_axis(axes.yaxis)


def amount_axis(axes: Axes) -> None:
    """A log axis with ticks at powers of ten, and between these only where they are too few."""
    axes.set_xscale("log")
    axes.margins(x=0.15)
    low, high = axes.get_xlim()
    powers = [10.0**power for power in range(int(np.log10(low)), int(np.log10(high)) + 1)]
    choices = [
        [step * power for power in powers for step in steps if low < step * power < high]
        for steps in ((1,), (1, 3), (1, 2, 5))
    ]
    ticks = next((ticks for ticks in choices if len(ticks) > 1), choices[-1])
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda number, _: amount(number)))
    axes.xaxis.set_minor_locator(NullLocator())
