"""The controls beside the answer alone and the explained levels."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter

from showhow.figures.figure import FigureData, mainly_matched
from showhow.figures.style import (
    empty_figure,
    in_paper_style,
    panel_grid,
    style_of,
    write_beside,
)
from showhow.figures.summaries import Mean, arms, difference, panel_rows, panel_titles, panels
from showhow.figures.variants import CONTROLS, written

name = "controls"
title = "Controls: is it the explanation that helps?"
CAPTION = (
    "Accuracy on the test split with the explanation (medium, or else the first explained variant) "
    "minus accuracy with each control and with the answer alone, paired by seed and problem, at "
    "the largest training size that has controls; right of zero the explanation does better. "
    "Answer first: the explanation follows the answer; shuffled and wrong steps: its order or its "
    "results are "
    "spoilt; filler: as long, without content; mixture: a share of the examples is explained; "
    "matched: trained on as many target tokens or optimiser steps as the explained variants. Small "
    "points are single seeds ({seeds}), markers their mean, bars the {interval}; {problems}. At "
    "the right: the difference, and in brackets the accuracy of what is compared with."
)
by = ("task",)


@dataclass(frozen=True)
class Compared:
    """The explanation against one other arm: the paired difference, and the other's accuracy."""

    difference: Mean
    accuracy: float


Arm = tuple[str, int, str]
"""Variant, training size, and what it is matched on; "" where that is as the explanation is."""


@in_paper_style
def draw(data: FigureData) -> Figure:
    items = items_beside_controls(data)
    found = {panel: compared_in(panel_rows(items, panel)) for panel in panels(items, data)}
    found = {panel: compared for panel, compared in found.items() if compared}
    if not found:
        return empty_figure(
            "an explained variant and a control, such as filler,\n"
            "or an arm matched on tokens or steps"
        )
    heights = [0.17 * len(compared) + 0.45 for compared in found.values()]
    figure, grid = panel_grid(panel_titles(list(found)), columns=1, heights=heights, sharex=True)
    for axes, compared in zip(grid, found.values(), strict=True):
        draw_panel(axes, compared, data)
    grid[-1].set_xlabel("with the explanation minus without it\n(percentage points)")
    return figure


def compared_in(items: pd.DataFrame) -> dict[Arm, Compared]:
    """The explanation minus each other arm of one task and model, in percentage points."""
    main = set(items[mainly_matched(items)]["match"])
    tables = {
        (variant, n, "" if match in main else match): table
        for (_, _, variant, n, match), table in arms(items)
    }
    explained = [arm for arm in tables if not arm[2] and arm[0] not in ("none", *CONTROLS)]
    if not explained:
        return {}
    reference = min(explained, key=lambda arm: (arm[0] != "medium", arm[0]))
    others = {arm: t for arm, t in tables.items() if arm[0] in ("none", *CONTROLS) or arm[2]}
    differences = {arm: difference(tables[reference], other) for arm, other in others.items()}
    return {
        arm: Compared(mean.times(100), float(others[arm].to_numpy().mean()))
        for arm, mean in differences.items()
        if mean is not None
    }


def items_beside_controls(data: FigureData) -> pd.DataFrame:
    """The test items of each task and model at the largest N that has a control or matched arm."""
    items = data.items[data.items["split"] == "test"]
    control = items["variant"].isin(CONTROLS) | ~mainly_matched(items)
    largest = items[control].groupby(["task", "model"])["n_train"].max()
    keys = pd.MultiIndex.from_frame(items[["task", "model"]])
    return items[items["n_train"].to_numpy() == largest.reindex(keys).to_numpy()]


def draw_panel(axes: Axes, compared: dict[Arm, Compared], data: FigureData) -> None:
    """One task and model: a row per arm, from the answer alone down to the controls."""
    ranked = data.ordered({variant for variant, _, _ in compared})
    order = sorted(compared, key=lambda arm: (_group(arm), ranked.index(arm[0]), arm[2]))
    for row, arm in enumerate(order):
        mean, style = compared[arm].difference, style_of(arm[0], data.study_variants)
        axes.plot([mean.low, mean.high], [row, row], color=style.colour, zorder=2)
        axes.plot(
            mean.value,
            row,
            style.marker,
            color=style.colour,
            markersize=5,
            markeredgecolor="#333333",
            markeredgewidth=0.4,
            markerfacecolor="white" if arm[2] else style.colour,
        )
        axes.plot(mean.seeds, [row + 0.27] * len(mean.seeds), ".", color="#333333", markersize=2)
        gain = Formatter.fix_minus(f"{mean.value:+.0f}")
        write_beside(axes, row, f"{gain} ({compared[arm].accuracy:.0%})", fontsize=6)
    axes.axvline(0, color="#555555", linewidth=0.8)
    axes.set_yticks(range(len(order)), [_label(variant, match) for variant, _, match in order])
    axes.set_ylim(len(order) - 0.4, -0.6)


def _group(arm: Arm) -> int:
    variant, _, match = arm
    return 2 if variant in CONTROLS else 1 if match else 0


def _label(variant: str, match: str) -> str:
    if not match:
        return written(variant)
    return f"{written(variant)}, matched {written(match)}"
