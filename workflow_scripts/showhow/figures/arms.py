"""What the figures of the familiarity study share: the arms of each task and base."""

import pandas as pd
from matplotlib.axes import Axes

from showhow.figures.figure import FigureData, at_largest_n
from showhow.figures.style import style_of
from showhow.figures.summaries import Mean, accuracies, panels, split_items
from showhow.figures.variants import ARMS

Panel = tuple[str, str]


def arm_means(data: FigureData) -> dict[Panel, dict[str, Mean]]:
    """Accuracy of every variant at the largest N, by (task, base); only bases that have arms."""
    items = at_largest_n(split_items(data))
    with_arms = items.groupby(["task", "model"])["variant"].transform(is_of_arms)
    items = items[with_arms.astype(bool)]
    means = accuracies(items) if len(items) else {}
    return {
        panel: {key[2]: mean for key, mean in means.items() if key[:2] == panel}
        for panel in panels(items, data)
    }


def is_of_arms(variants: pd.Series) -> bool:
    return bool(set(variants) & set(ARMS))


def measured(data: FigureData, panel: Panel, column: str = "mean") -> dict[str, float]:
    """What the perplexity table says of each variant's responses under one base."""
    if data.perplexity is None:
        return {}
    table = data.perplexity
    table = table[(table["task"] == panel[0]) & (table["model"] == panel[1])]
    return dict(zip(table["variant"], table[column], strict=True))


def draw_point(axes: Axes, at: float, mean: Mean, variant: str, data: FigureData) -> None:
    """One arm: its mean, its interval upright, and its seeds as ticks."""
    style = style_of(variant, data.study_variants)
    axes.plot([at, at], [mean.low, mean.high], color=style.colour, linewidth=0.8)
    axes.plot([at] * len(mean.seeds), mean.seeds, "_", color=style.colour, markersize=4)
    axes.plot(
        at,
        mean.value,
        style.marker,
        color=style.colour,
        markersize=5,
        markeredgecolor="white",
        markeredgewidth=0.3,
        zorder=3,
    )
