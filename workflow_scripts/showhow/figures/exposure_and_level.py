"""How often a base has read a fact, and how well it knows it."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from showhow.analysis.statistics import keyed_generator, percentile_interval
from showhow.analysis.table_files import blocks
from showhow.figures.figure import FigureData
from showhow.figures.style import BLUE, accuracy_axis, empty_figure, in_paper_style, panel_grid

name = "exposure_and_level"
title = "Exposure in pretraining and measured memory"
CAPTION = (
    "Share of a base's completions that contain the answer, by how often its corpus states the "
    "fact: the mean, and the middle half of the facts as a bar. Above: Spearman's correlation over "
    "all measured facts (95% bootstrap interval over facts), and how many facts are of each "
    "memory level; where a fuller measurement was made, the share of facts with the same level in "
    "both. The bases are those of {models}."
)
by = ()
RESAMPLES = 500


@in_paper_style
def draw(data: FigureData) -> Figure:
    if data.memory is None or data.memory.get("exposure", pd.Series()).isna().all():
        return empty_figure("facts whose exposure in pretraining is known")
    bases = list(blocks(data.memory, ["task", "model"]))
    titles = [heading(model, known) for (_, model), known in bases]
    figure, grid = panel_grid(titles, columns=2, heights=2.2, legend_rows=0, sharey=True)
    for (_, known), axes in zip(bases, grid, strict=True):
        draw_base(axes, known)
    figure.supylabel("completions with the answer", fontsize=7)
    figure.supxlabel("times stated in the corpus", fontsize=7)
    return figure


def heading(model: str, known: pd.DataFrame) -> str:
    """Name the base, the correlation, and how many facts each level has."""
    value, low, high = correlation(known)
    counts = known["level"].value_counts().sort_index()
    parts = [
        f"{model}: Spearman {value:.3f} ({low:.3f} to {high:.3f})",
        "facts by level: " + ", ".join(f"{count:,}" for count in counts),
    ]
    full = known[known["level_in_full"].notna()]
    if len(full):
        same = (full["level"] == full["level_in_full"]).mean()
        parts.append(f"same level in full: {same:.0%} of {len(full)}")
    return "\n".join(parts)


def correlation(known: pd.DataFrame) -> tuple[float, float, float]:
    """Spearman's correlation of exposure and share, with its interval."""
    ranks = known[["exposure", "share"]].astype(float).rank().to_numpy()
    draw = keyed_generator(0, "facts", str(known["model"].iloc[0]))
    drawn = [
        np.corrcoef(ranks[draw.integers(0, len(ranks), len(ranks))].T)[0, 1]
        for _ in range(RESAMPLES)
    ]
    return float(np.corrcoef(ranks.T)[0, 1]), *percentile_interval(np.array(drawn))


def draw_base(axes: Axes, known: pd.DataFrame) -> None:
    """Exposures in equal steps: 0 has no place on a log axis."""
    by_exposure = known.groupby("exposure", sort=True)["share"]
    exposures = by_exposure.mean().index.astype(int).astype(str).tolist()
    places = range(len(exposures))
    axes.bar(
        places,
        (by_exposure.quantile(0.75) - by_exposure.quantile(0.25)).to_numpy(),
        bottom=by_exposure.quantile(0.25).to_numpy(),
        color=BLUE,
        alpha=0.25,
        width=0.6,
    )
    axes.plot(places, by_exposure.mean().to_numpy(), color=BLUE, marker="o")
    axes.set_xticks(places, exposures)
    accuracy_axis(axes.yaxis)
