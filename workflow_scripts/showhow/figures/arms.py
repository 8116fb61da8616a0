"""What the figures of the familiarity study share: its ways of writing, for each base."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from showhow.figures.figure import FigureData, at_largest_n
from showhow.figures.style import (
    WHITE_EDGE,
    accuracy_axis,
    draw_shortcut,
    empty_figure,
    legend_above,
    legend_handles,
    panel_grid,
    style_of,
)
from showhow.figures.summaries import Mean, accuracies, panel_titles, panels, split_items

Panel = tuple[str, str]


def arm_means(data: FigureData) -> dict[Panel, dict[str, Mean]]:
    """Accuracy of every variant at the largest N, by (task, base)."""
    items = at_largest_n(split_items(data))
    means = accuracies(items)
    return {
        panel: {key[2]: mean for key, mean in means.items() if key[:2] == panel}
        for panel in panels(items, data)
    }


def draw_arms_over(data: FigureData, column: str, label: str, scale: str) -> Figure:
    """Accuracy over what the perplexity table says in `column`; a panel per task and base."""
    found = arms_at(data, column)
    if not found:
        return empty_figure("bases with arms, and their perplexity\n(probes: {perplexity: true})")
    figure, grid = panel_grid(
        panel_titles(list(found)), columns=3, heights=2.0, legend_rows=2, sharey=True
    )
    for ((task, _), points), axes in zip(found.items(), grid, strict=True):
        for variant, (at, mean) in points.items():
            draw_point(axes, at, mean, variant, data)
        draw_shortcut(axes, data.shortcut(task))
        axes.set_xscale(scale)
        accuracy_axis(axes.yaxis)
    figure.supylabel("accuracy after fine-tuning", fontsize=7)
    figure.supxlabel(label, fontsize=7)
    shown = data.ordered({variant for points in found.values() for variant in points})
    legend_above(figure, legend_handles(shown, data.study_variants), columns=4)
    return figure


def arms_at(data: FigureData, column: str) -> dict[Panel, dict[str, tuple[float, Mean]]]:
    """Each arm that the perplexity table has: what it says in `column`, and the arm's accuracy."""
    found: dict[Panel, dict[str, tuple[float, Mean]]] = {}
    if data.perplexity is None:
        return found
    # A model with several bases has a row of each.
    at = data.perplexity.groupby(["task", "model", "variant"])[column].mean()
    for panel, arms in arm_means(data).items():
        for variant, mean in arms.items():
            if (*panel, variant) in at.index:
                found.setdefault(panel, {})[variant] = (at[(*panel, variant)], mean)
    return found


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
        zorder=3,
        **WHITE_EDGE,
    )
