"""What each level of explanation gains over the answer alone, over the size of the model."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from showhow.figures.figure import FigureData, at_largest_n, family
from showhow.figures.style import (
    empty_figure,
    in_paper_style,
    legend_above,
    legend_handles,
    panel_grid,
    short_number,
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
    found = gains(at_largest_n(without_controls(split_items(data))))
    if not found:
        return empty_figure("the variant none and an explained one\nwith the same model and N")
    tasks = [task for task in data.tasks if any(key[0] == task for key in found)]
    variants = [
        name for name in data.study_variants if any(key[2] == name for key in found)
    ]  # fmt: skip
    models = [len({key[1] for key in found if key[0] == task}) for task in tasks]
    columns = min(4, len(tasks))
    ratios = [1 + 0.5 * max(models[place::columns]) for place in range(columns)]
    figure, grid = panel_grid(
        tasks, columns, heights=[1.9] * len(tasks), sharey=True, width_ratios=ratios
    )
    for task, axes in zip(tasks, grid, strict=True):
        draw_gains(axes, {key: mean for key, mean in found.items() if key[0] == task}, data)
    grid[0].set_ylabel("gain over none\n(percentage points)")
    figure.supxlabel("parameters", fontsize=7)
    legend_above(figure, legend_handles(variants, data.study_variants))
    return figure


def draw_gains(axes: Axes, found: dict[tuple, Mean], data: FigureData) -> None:
    """One task: the gain of each variant at each size."""
    models = [model for model in data.models if any(key[1] == model for key in found)]
    families = [family(model) for model in models]
    joined = max(families, key=families.count)
    variants = [name for name in data.study_variants if any(key[2] == name for key in found)]
    sizes = {data.parameters(model) for model in models if family(model) == joined}
    gain = {(model, variant): mean for (_, model, variant, _, _), mean in found.items()}
    for rank, variant in enumerate(variants):
        shift = DODGE ** (rank - (len(variants) - 1) / 2)
        points = [(model, gain[model, variant]) for model in models if (model, variant) in gain]
        line = [(model, mean) for model, mean in points if family(model) == joined]
        colour = style_of(variant, data.study_variants).colour
        axes.plot(
            [data.parameters(model) * shift for model, _ in line],
            [100 * mean.value for _, mean in line],
            color=colour,
        )
        for model, mean in points:
            aside = 0.78 if family(model) != joined and data.parameters(model) in sizes else 1.0
            at = data.parameters(model) * shift * aside
            draw_point(axes, at, mean, variant, model, joined, data)
    axes.axhline(0, color="#555555", linewidth=0.8)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(FixedLocator(sorted(sizes)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda size, _: short_number(size)))
    axes.xaxis.set_minor_locator(NullLocator())
    all_sizes = [data.parameters(model) for model in models]
    axes.set_xlim(min(all_sizes) / 1.6, max(all_sizes) * 1.6)


def draw_point(
    axes: Axes, at: float, mean: Mean, variant: str, model: str, joined: str, data: FigureData
) -> None:
    """One gain with its interval and seeds; open and named when outside the joined family."""
    style = style_of(variant, data.study_variants)
    other = family(model) != joined
    axes.errorbar(
        [at],
        [100 * mean.value],
        yerr=[[100 * (mean.value - mean.low)], [100 * (mean.high - mean.value)]],
        color=style.colour,
        marker=style.marker,
        elinewidth=0.8,
        zorder=3,
        markerfacecolor="white" if other else style.colour,
    )
    axes.plot(
        [at] * len(mean.seeds),
        [100 * seed for seed in mean.seeds],
        "_",
        color=style.colour,
        markersize=4,
        markeredgewidth=0.6,
    )
    if other:
        left = at < data.parameters(model)
        axes.annotate(
            family(model).removeprefix(joined).strip("-") or model,
            (at, 100 * mean.value),
            xytext=(-5 if left else 5, 0),
            textcoords="offset points",
            fontsize=6,
            color=style.colour,
            ha="right" if left else "left",
            va="center",
        )
