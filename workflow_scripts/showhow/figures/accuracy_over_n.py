"""Accuracy over the number of training examples, by variant, with a panel per model."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from showhow.figures.figure import FigureData
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
    training_size_axis,
)
from showhow.figures.summaries import (
    Mean,
    accuracies,
    panel_titles,
    panels,
    split_items,
    without_controls,
)

name = "accuracy_over_n"
title = "Accuracy over the number of training examples"
CAPTION = (
    "Accuracy on the test split over the number of training examples N (log scale), by variant; "
    "a panel per model, smallest first: {models}. Ticks are single seeds ({seeds}), markers "
    "their mean, bars the {bootstrap}; {problems}. The dotted line is the accuracy of always "
    "answering with the most frequent answer."
)
by = ("task",)

DODGE = 1.045
"""Variants stand this factor of N apart, so that their bars do not cover each other."""


@in_paper_style
def draw(data: FigureData) -> Figure:
    items = without_controls(split_items(data))
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


def draw_accuracy(
    axes: Axes,
    panel: tuple[str, str],
    variants: list[str],
    means: dict[tuple, Mean],
    data: FigureData,
) -> None:
    """One panel: the curve of each variant of one task and model, and the baseline."""
    sizes = sorted({n for task, model, _, n, _ in means if (task, model) == panel})
    for rank, variant in enumerate(variants):
        keys = [(*panel, variant, n, "examples") for n in sizes]
        curve = {n: means[key] for n, key in zip(sizes, keys, strict=True) if key in means}
        shift = DODGE ** (rank - (len(variants) - 1) / 2)
        at, style = [n * shift for n in curve], style_of(variant, data.study_variants)
        draw_means(axes, at, list(curve.values()), style, elinewidth=0.8, zorder=3, **WHITE_EDGE)
    test = data.runs[(data.runs["split"] == "test") & (data.runs["task"] == panel[0])]
    axes.axhline(test["majority_accuracy"].iloc[0], color="#555555", linestyle=":", linewidth=0.8)
    training_size_axis(axes, sizes)
    accuracy_axis(axes.yaxis)
