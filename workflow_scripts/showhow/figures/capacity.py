"""Capacity: does the gap between voices vanish when more weights can change?"""

from operator import itemgetter

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from showhow.figures.arms import arm_means, draw_point
from showhow.figures.figure import FigureData
from showhow.figures.style import (
    accuracy_axis,
    draw_shortcut,
    empty_figure,
    far_apart,
    in_paper_style,
    legend_above,
    legend_handles,
    log_axis,
    panel_grid,
    style_of,
)
from showhow.figures.summaries import Mean

name = "capacity"
title = "Familiar and unfamiliar responses over what can be trained"
CAPTION = (
    "Accuracy on the test split after fine-tuning on familiar and on unfamiliar responses "
    "({largest_n}) over the number of weights that are trained (log scale): LoRA adapters of "
    "growing rank, and at the right all weights; a panel per base. Ticks are single seeds "
    "({seeds}), markers their mean, bars the {interval}; {problems}. Dotted: the best shortcut."
)
by = ()
COMPARED = ("familiar", "unfamiliar")

# (weights that are trained, their mean accuracy) of one variant, smallest first.
Curve = list[tuple[int, Mean]]


@in_paper_style
def draw(data: FigureData) -> Figure:
    found = curves(data)
    if not found:
        return empty_figure(
            "familiar and unfamiliar responses on one base,\nwith adapters and without"
        )
    titles = [f"{task}, base of voice {voice}" for task, voice in found]
    figure, grid = panel_grid(titles, columns=3, heights=2.0, sharey=True)
    for ((task, _), by_variant), axes in zip(found.items(), grid, strict=True):
        for variant in COMPARED:
            draw_curve(axes, by_variant[variant], variant, data)
        log_axis(axes, far_apart(weights_in(by_variant)))
        draw_shortcut(axes, data.shortcut(task))
        accuracy_axis(axes.yaxis)
    figure.supylabel("accuracy after fine-tuning", fontsize=7)
    figure.supxlabel("weights that are trained", fontsize=7)
    legend_above(figure, legend_handles(list(COMPARED), data.study_variants))
    return figure


def curves(data: FigureData) -> dict[tuple[str, str], dict[str, Curve]]:
    """By task and voice of the base: the curve of each variant; only where there are two sizes."""
    trained = data.runs.groupby("model")["trainable_parameters"].first()
    found: dict[tuple[str, str], dict[str, Curve]] = {}
    for (task, model), arms in arm_means(data).items():
        if model in data.voices and set(COMPARED) <= set(arms):
            by_variant = found.setdefault((task, data.voices[model]), {})
            for variant in COMPARED:
                point = (int(trained[model]), arms[variant])
                by_variant.setdefault(variant, []).append(point)
    return {
        panel: {variant: sorted(curve, key=itemgetter(0)) for variant, curve in arms.items()}
        for panel, arms in found.items()
        if len(arms[COMPARED[0]]) > 1
    }


def weights_in(by_variant: dict[str, Curve]) -> list[int]:
    """The numbers of weights that are trained, smallest first."""
    return sorted({int(weights) for curve in by_variant.values() for weights, _ in curve})


def draw_curve(axes: Axes, curve: Curve, variant: str, data: FigureData) -> None:
    """The means of one variant, joined, each with its interval and seeds."""
    weights, means = zip(*curve, strict=True)
    colour = style_of(variant, data.study_variants).colour
    axes.plot(weights, [mean.value for mean in means], color=colour, linewidth=0.9)
    for at, mean in curve:
        draw_point(axes, at, mean, variant, data)
