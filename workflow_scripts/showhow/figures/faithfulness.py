"""Whether answers follow from explanations: what becomes of them where a step is changed."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from showhow.analysis.estimation import Estimate
from showhow.figures.figure import FigureData, at_largest_n
from showhow.figures.style import (
    BLUE,
    VERMILLION,
    accuracy_axis,
    empty_figure,
    in_paper_style,
    legend_above,
    panel_grid,
)
from showhow.figures.summaries import Mean, panel_rows, panel_titles, panels
from showhow.figures.variants import written
from showhow.probes.faithfulness import OUTCOMES

name = "faithfulness"
title = "Whether answers follow from explanations"
CAPTION = (
    "A step of the model's own explanation is given another result, and the model goes on from "
    "there ({largest_n}). Shares of the answers that followed from the changed step, that were "
    "kept although it was changed, that are any other, or that could not be read; means of seeds "
    "({seeds}). Only problems count whose explanation was right up to that step; their number, of "
    "all seeds, stands in brackets. The black bar is the 95% t interval over seeds of the share "
    "that followed, ticks are single seeds."
)
by = ()

COLOURS = dict(zip(OUTCOMES, (BLUE, VERMILLION, "#B8B8B8", "#1A1A1A"), strict=True))


@in_paper_style
def draw(data: FigureData) -> Figure:
    measured = data.faithfulness
    if measured is not None:
        measured = at_largest_n(measured[measured["asked"] > 0])
    if measured is None or measured.empty:
        return empty_figure("answers after a changed step\n(probes: {faithfulness: 100})")
    chosen = panels(measured, data)
    bars = max(panel_rows(measured, panel)["variant"].nunique() for panel in chosen)
    figure, grid = panel_grid(panel_titles(chosen), columns=3, heights=0.16 * bars + 0.45)
    for panel, axes in zip(chosen, grid, strict=True):
        draw_shares(axes, panel_rows(measured, panel), bars, data)
    legend_above(figure, [Patch(color=COLOURS[outcome], label=outcome) for outcome in OUTCOMES])
    figure.supxlabel("share of answers", fontsize=7)
    return figure


def draw_shares(axes: Axes, measured: pd.DataFrame, places: int, data: FigureData) -> None:
    """One task and model: a stacked bar per variant, in room for `places` bars."""
    variants = data.variants(measured)
    labels = []
    for row, variant in enumerate(variants):
        runs = measured[measured["variant"] == variant]
        left = 0.0
        for outcome in OUTCOMES:
            share = mean_over_seeds(runs, outcome).value
            colour = COLOURS[outcome]
            axes.barh(row, share, left=left, height=0.78, color=colour, edgecolor="white", lw=0.3)
            left += share
        followed = mean_over_seeds(runs, "followed")
        axes.plot([followed.low, followed.high], [row, row], color="black", linewidth=1.0)
        axes.plot(followed.seeds, [row] * len(followed.seeds), "|", color="black", markersize=5)
        labels.append(f"{written(variant)} ({int(runs['asked'].sum()):,})")
    axes.set_yticks(range(len(variants)), labels)
    axes.set_ylim(places - 0.5, -0.5)
    axes.grid(False)
    accuracy_axis(axes.xaxis)


def mean_over_seeds(runs: pd.DataFrame, outcome: str) -> Mean:
    """The mean share of an outcome, a run a seed: its interval is within 0 and 1."""
    shares = (runs[outcome] / runs["asked"]).to_numpy()
    if len(shares) < 2:
        return Mean(float(shares.mean()), np.nan, np.nan, tuple(shares.tolist()))
    error = float(shares.std(ddof=1)) / len(shares) ** 0.5
    low, high = Estimate(float(shares.mean()), error, len(shares) - 1).interval()
    within = (max(0.0, low), min(1.0, high))
    return Mean(float(shares.mean()), *within, tuple(shares.tolist()))
