"""What the figures of the knowledge study share: accuracy by the memory level of the test facts."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from showhow.analysis.statistics import percentile_interval
from showhow.analysis.table_files import blocks
from showhow.figures.figure import ARM, FigureData
from showhow.figures.style import style_of
from showhow.figures.summaries import Mean, correctness, resampled_means
from showhow.figures.variants import KNOWN_FACTS

NEEDS = "runs on facts of known memory levels\n(probes: {memory: true})"


def with_levels(data: FigureData, split: str = "test", match: str = "examples") -> pd.DataFrame:
    """The items of a split's facts, each with its memory level under the base of its run."""
    if data.memory is None or data.memory.empty:
        return data.items.iloc[:0].assign(level=[])
    items = data.items[(data.items["split"] == split) & (data.items["match"] == match)]
    memory = data.memory[["task", "model", "split", "id", "level"]]
    return items.merge(memory, on=["task", "model", "split", "id"], validate="many_to_one")


def over_levels(table: pd.DataFrame, column: str) -> float:
    """The mean of a column, every memory level with the same weight."""
    return float(table.groupby("level")[column].apply(lambda of: of.astype(float).mean()).mean())


def mean_over_levels(items: pd.DataFrame) -> Mean:
    """The accuracy of one arm, every memory level with the same weight.

    Seeds, then problems of each level, are drawn with replacement, as by the claims.
    """
    tables = [correctness(of_level) for _, of_level in items.groupby("level", sort=True)]
    seeds = np.mean([table.mean(axis="columns").to_numpy() for table in tables], axis=0)
    low, high = percentile_interval(np.mean([resampled_means(table) for table in tables], axis=0))
    return Mean(float(seeds.mean()), low, high, tuple(seeds.tolist()))


def curves(items: pd.DataFrame) -> dict[tuple[str, str, str], dict[int, Mean]]:
    """The mean over levels at each size, by (task, model, variant)."""
    found: dict[tuple[str, str, str], dict[int, Mean]] = {}
    for (task, model, variant, n_train, _), arm in blocks(items, ARM):
        found.setdefault((task, model, variant), {})[n_train] = mean_over_levels(arm)
    return found


def is_of_known_facts(items: pd.DataFrame) -> pd.Series:
    """Which rows are of runs on facts of one memory level or of their natural mix."""
    return items["variant"].isin(KNOWN_FACTS)


def draw_curve(axes: Axes, points: dict[int, Mean], variant: str, data: FigureData) -> None:
    """Accuracy over N: means joined by a line, with their intervals, and every draw as a tick."""
    style = style_of(variant, data.study_variants)
    sizes = sorted(points)
    for size in sizes:
        mean = points[size]
        axes.plot([size, size], [mean.low, mean.high], color=style.colour, linewidth=0.7)
        axes.plot([size] * len(mean.seeds), mean.seeds, "_", color=style.colour, markersize=3)
    values = [points[size].value for size in sizes]
    axes.plot(sizes, values, color=style.colour, marker=style.marker)


def sizes_in(found: dict[tuple[str, str, str], dict[int, Mean]]) -> list[int]:
    """All sizes of some curves, increasing."""
    return sorted({size for points in found.values() for size in points})
