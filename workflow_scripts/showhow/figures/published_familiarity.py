"""What Ren et al.'s follow-up measured: accuracy over perplexity, of their models and data."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter
from scipy.stats import spearmanr

from showhow.figures.figure import FigureData
from showhow.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    VERMILLION,
    accuracy_axis,
    in_paper_style,
    legend_above,
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
LOOKS = {
    "human": (VERMILLION, "o"),
    "rewritten human": (ORANGE, "s"),
    "GPT-4o": (BLUE, "^"),
    "Claude": (GREEN, "v"),
    "step by step": (BLACK, "D"),
}


@dataclass(frozen=True)
class Published:
    """One published pair of numbers: accuracy after, mean perplexity before."""

    source: str
    accuracy: float
    perplexity: float


@in_paper_style
def draw(data: FigureData) -> Figure:
    by_panel = published()
    figure, grid = panel_grid(
        [f"{dataset}, {model}" for dataset, model in by_panel],
        columns=3,
        heights=1.7,
        legend_rows=1,
        sharey=True,
    )
    for points, axes in zip(by_panel.values(), grid, strict=True):
        draw_points(axes, points)
    figure.supylabel("accuracy after fine-tuning (published)", fontsize=7)
    figure.supxlabel("mean perplexity of the training responses (published)", fontsize=7)
    legend_above(figure, grid[0].get_legend_handles_labels()[0])
    return figure


def published() -> dict[tuple[str, str], list[Published]]:
    """Read the published numbers, by (data set, base)."""
    by_panel = defaultdict(list)
    with open(Path(__file__).parent / DATA_FILES[0], encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            point = Published(row["source"], float(row["accuracy"]), float(row["perplexity"]))
            by_panel[row["dataset"], row["model"]].append(point)
    return dict(by_panel)


def draw_points(axes: Axes, points: list[Published]) -> None:
    """The sources of one panel, and how their ranks correlate."""
    for point in points:
        colour, marker = LOOKS[point.source]
        axes.plot(
            point.perplexity,
            point.accuracy,
            marker,
            color=colour,
            markersize=5,
            markeredgecolor="white",
            markeredgewidth=0.3,
            label=point.source,
        )
    ranks, _ = spearmanr([p.perplexity for p in points], [p.accuracy for p in points])
    written = Formatter.fix_minus(f"r = {ranks:+.2f}")
    axes.annotate(written, (0.96, 0.06), xycoords="axes fraction", ha="right")
    axes.set_xscale("log")
    accuracy_axis(axes.yaxis)
