"""The controls beside the answer alone and the explained levels."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from showhow.figures.figure import FigureData
from showhow.figures.style import accuracy_axis, empty_figure, in_paper_style, panel_grid, style_of
from showhow.figures.summaries import Mean, accuracies, panel_titles, panels
from showhow.figures.variants import CONTROLS, variant_order, written

name = "controls"
title = "Controls: is it the explanation that helps?"
CAPTION = (
    "Accuracy on the test split of the controls, beside the answer alone and the explained "
    "variants, at the largest training size that has controls. Answer first: the explanation "
    "follows the answer; shuffled and wrong steps: its order or its results are spoilt; filler: "
    "as long, without content; mixture: a share of the examples is explained; matched: trained on "
    "as many target tokens or optimiser steps as the explained variants. Ticks are single seeds "
    "({seeds}), markers their mean, bars the {bootstrap}; {problems}. Shaded: the intervals "
    "of none and of medium."
)
by = ("task",)


@in_paper_style
def draw(data: FigureData) -> Figure:
    items = items_beside_controls(data)
    if items.empty:
        return empty_figure("a control, such as filler,\nor an arm matched on tokens or steps")
    means = accuracies(items)
    chosen = panels(items, data)
    arms = [{key[2:]: mean for key, mean in means.items() if key[:2] == panel} for panel in chosen]
    heights = [0.17 * len(means) + 0.45 for means in arms]
    figure, grid = panel_grid(panel_titles(chosen), columns=1, heights=heights)
    for axes, panel_means in zip(grid, arms, strict=True):
        draw_panel(axes, panel_means, data)
    grid[-1].set_xlabel("accuracy")
    return figure


def items_beside_controls(data: FigureData) -> pd.DataFrame:
    """The test items of each task and model at the largest N that has a control or matched arm."""
    items = data.items[data.items["split"] == "test"]
    control = items["variant"].isin(CONTROLS) | (items["match"] != "examples")
    largest = items[control].groupby(["task", "model"])["n_train"].max()
    keys = pd.MultiIndex.from_frame(items[["task", "model"]])
    return items[items["n_train"].to_numpy() == largest.reindex(keys).to_numpy()]


def draw_panel(axes: Axes, means: dict[tuple, Mean], data: FigureData) -> None:
    """One task and model: a row per arm, from the answer alone down to the controls."""
    ranked = variant_order({variant for variant, _, _ in means})
    order = sorted(means, key=lambda arm: (_group(arm), ranked.index(arm[0]), arm[2]))
    for row, (variant, n_train, match) in enumerate(order):
        mean = means[variant, n_train, match]
        style = style_of(variant, data.study_variants)
        if match == "examples" and variant in ("none", "medium"):
            axes.axvspan(mean.low, mean.high, color=style.colour, alpha=0.12, linewidth=0)
        axes.plot([mean.low, mean.high], [row, row], color=style.colour, zorder=2)
        axes.plot(mean.seeds, [row] * len(mean.seeds), "|", color=style.colour, markersize=5)
        axes.plot(
            mean.value,
            row,
            style.marker,
            color=style.colour,
            markersize=5,
            markeredgecolor="#333333",
            markeredgewidth=0.4,
            markerfacecolor=style.colour if match == "examples" else "white",
        )
    axes.set_yticks(range(len(order)), [_label(variant, match) for variant, _, match in order])
    axes.set_ylim(len(order) - 0.4, -0.6)
    accuracy_axis(axes.xaxis)


def _group(arm: tuple[str, int, str]) -> int:
    variant, _, match = arm
    return 2 if variant in CONTROLS else 1 if match != "examples" else 0


def _label(variant: str, match: str) -> str:
    if match == "examples":
        return written(variant)
    return f"{written(variant)}, matched {written(match)}"
