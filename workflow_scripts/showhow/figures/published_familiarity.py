"""What Ren et al.'s follow-up measured: accuracy over perplexity, of their models and data."""

from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter
from scipy.stats import spearmanr

from showhow.analysis.table_files import blocks, rows_of
from showhow.figures.figure import FigureData
from showhow.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    VERMILLION,
    WHITE_EDGE,
    accuracy_axis,
    in_paper_style,
    legend_above,
    log_axis,
    panel_grid,
)

DATA_FILES = ("published/ren2024_follow_up.csv",)

name = "published_familiarity"
title = "Published: accuracy over perplexity in Ren et al.'s follow-up"
CAPTION = (
    "Not ours: figures that the authors of Ren et al. (EMNLP 2024) published with their follow-up, "
    "means of three seeds. Accuracy after fine-tuning over the mean perplexity of the training "
    "responses before it (log scale), as in our figure of the same axes; a panel per data set and "
    "base, a point per source of the responses. r: Spearman's rank correlation of the five."
)
by = ()
PERPLEXITIES = (1, 1.5, 2, 3, 5, 8, 10, 15, 20, 30, 50, 100)
"""What the axis of perplexity may have for ticks."""
LOOKS = {
    "human": (VERMILLION, "o"),
    "rewritten human": (ORANGE, "s"),
    "GPT-4o": (BLUE, "^"),
    "Claude": (GREEN, "v"),
    "step by step": (BLACK, "D"),
}


@in_paper_style
def draw(data: FigureData) -> Figure:
    by_panel = published()
    titles = [f"{dataset}, {model}" for dataset, model in by_panel]
    figure, grid = panel_grid(titles, columns=3, heights=1.7, sharey=True)
    for points, axes in zip(by_panel.values(), grid, strict=True):
        draw_points(axes, points)
    figure.supylabel("accuracy after fine-tuning (published)", fontsize=7)
    figure.supxlabel("mean perplexity of the training responses (published)", fontsize=7)
    legend_above(figure, grid[0].get_legend_handles_labels()[0])
    return figure


def published() -> dict[tuple[str, str], pd.DataFrame]:
    """Read the published numbers, by (data set, base): a row per source of responses."""
    table = pd.read_csv(Path(__file__).parent / DATA_FILES[0])
    return dict(blocks(table, ["dataset", "model"], sort=False))


def draw_points(axes: Axes, points: pd.DataFrame) -> None:
    """The sources of one panel, and how their ranks correlate."""
    for point in rows_of(points):
        colour, marker = LOOKS[point.source]
        axes.plot(
            point.perplexity,
            point.accuracy,
            marker,
            color=colour,
            markersize=5,
            **WHITE_EDGE,
            label=point.source,
        )
    ranks, _ = spearmanr(points["perplexity"], points["accuracy"])
    written = Formatter.fix_minus(f"r = {ranks:+.2f}")
    axes.annotate(written, (0.96, 0.06), xycoords="axes fraction", ha="right")
    low, high = points["perplexity"].min(), points["perplexity"].max()
    log_axis(axes, [tick for tick in PERPLEXITIES if low / 1.2 <= tick <= high * 1.2])
    accuracy_axis(axes.yaxis)
