"""What each level of explanation gains over the answer alone, over the size of the model."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from showhow.figures.figure import FigureData, at_largest_n, family
from showhow.figures.style import (
    draw_means,
    empty_figure,
    in_paper_style,
    legend_above,
    legend_handles,
    log_axis,
    panel_grid,
    style_of,
)
from showhow.figures.summaries import Mean, gains, split_items, without_controls

name = "gain_over_size"
title = "Gain from explanations over model size"
CAPTION = (
    "Accuracy with each explained variant minus accuracy with the answer alone, in percentage "
    "points, over the number of parameters (log scale), at the largest training size of each task "
    "and model ({largest_n}). Sizes of one family are joined; other families and random starting "
    "weights are open markers with their name. Ticks are single seeds ({seeds}), markers "
    "their mean, bars the {bootstrap}, paired by seed and problem; {problems}."
)
by = ("task",)

DODGE = 1.07


@in_paper_style
def draw(data: FigureData) -> Figure:
    by_task = gains_in_points(data)
    if not by_task:
        return empty_figure("the variant none and an explained one\nwith the same model and N")
    shown = {variant for found in by_task.values() for _, variant in found}
    models = [len({model for model, _ in found}) for found in by_task.values()]
    columns = min(4, len(by_task))
    ratios = [1 + 0.5 * max(models[place::columns]) for place in range(columns)]
    figure, grid = panel_grid(list(by_task), columns, heights=1.9, sharey=True, width_ratios=ratios)
    for found, axes in zip(by_task.values(), grid, strict=True):
        draw_gains(axes, found, data)
    grid[0].set_ylabel("gain over none\n(percentage points)")
    figure.supxlabel("parameters", fontsize=7)
    variants = [name for name in data.study_variants if name in shown]
    legend_above(figure, legend_handles(variants, data.study_variants))
    return figure


def gains_in_points(data: FigureData) -> dict[str, dict[tuple[str, str], Mean]]:
    """By task that has any: the gain of each (model, variant) at the largest size."""
    found = gains(at_largest_n(without_controls(split_items(data))))
    by_task: dict[str, dict[tuple[str, str], Mean]] = {task: {} for task in data.tasks}
    for (task, model, variant, _, _), mean in found.items():
        seeds = tuple(100 * seed for seed in mean.seeds)
        by_task[task][model, variant] = Mean(
            100 * mean.value, 100 * mean.low, 100 * mean.high, seeds
        )
    return {task: found for task, found in by_task.items() if found}


def draw_gains(axes: Axes, found: dict[tuple[str, str], Mean], data: FigureData) -> None:
    """One task: the gain of each variant at each size."""
    models = [name for name in data.models if any(model == name for model, _ in found)]
    families = [family(model) for model in models]
    joined = max(families, key=families.count)
    variants = [name for name in data.study_variants if any(of == name for _, of in found)]
    sizes = {data.parameters(model) for model in models if family(model) == joined}
    for rank, variant in enumerate(variants):
        shift = DODGE ** (rank - (len(variants) - 1) / 2)
        points = {model: found[model, variant] for model in models if (model, variant) in found}
        line = {model: mean for model, mean in points.items() if family(model) == joined}
        axes.plot(
            [data.parameters(model) * shift for model in line],
            [mean.value for mean in line.values()],
            color=style_of(variant, data.study_variants).colour,
        )
        for model, mean in points.items():
            aside = 0.78 if model not in line and data.parameters(model) in sizes else 1.0
            at = data.parameters(model) * shift * aside
            draw_point(axes, at, mean, variant, model, joined, data)
    axes.axhline(0, color="#555555", linewidth=0.8)
    log_axis(axes, sorted(sizes))
    all_sizes = [data.parameters(model) for model in models]
    axes.set_xlim(min(all_sizes) / 1.6, max(all_sizes) * 1.6)


def draw_point(
    axes: Axes, at: float, mean: Mean, variant: str, model: str, joined: str, data: FigureData
) -> None:
    """One gain with its interval and seeds; open and named when outside the joined family."""
    style = style_of(variant, data.study_variants)
    other = family(model) != joined
    face = "white" if other else style.colour
    draw_means(axes, [at], [mean], style, elinewidth=0.8, zorder=3, markerfacecolor=face)
    if other:
        left = at < data.parameters(model)
        axes.annotate(
            family(model).removeprefix(joined).strip("-") or model,
            (at, mean.value),
            xytext=(-5 if left else 5, 0),
            textcoords="offset points",
            fontsize=6,
            color=style.colour,
            ha="right" if left else "left",
            va="center",
        )
