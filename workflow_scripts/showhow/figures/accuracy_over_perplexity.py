"""Accuracy after fine-tuning over the perplexity of the responses before it."""

from matplotlib.figure import Figure

from showhow.figures.arms import arm_means, draw_point, measured
from showhow.figures.figure import FigureData
from showhow.figures.style import (
    accuracy_axis,
    empty_figure,
    in_paper_style,
    legend_above,
    legend_handles,
    panel_grid,
)
from showhow.figures.summaries import panel_titles
from showhow.figures.variants import variant_order

name = "accuracy_over_perplexity"
title = "Accuracy over the perplexity of the responses"
CAPTION = (
    "Accuracy on the test split after fine-tuning over the mean perplexity of the training "
    "responses under the base before it (log scale); a panel per base, a point per way of writing "
    "({largest_n}). Ticks are single seeds ({seeds}), markers their mean, bars the {bootstrap}; "
    "{problems}. Of the masked arm, the perplexity is that of the whole response."
)
by = ()


@in_paper_style
def draw(data: FigureData) -> Figure:
    means = {panel: arms for panel, arms in arm_means(data).items() if _points(data, panel, arms)}
    if not means:
        return empty_figure("bases with arms, and their perplexity\n(probes: {perplexity: true})")
    figure, grid = panel_grid(
        panel_titles(list(means)), columns=3, heights=[2.0] * len(means), legend_rows=2, sharey=True
    )
    for (panel, arms), axes in zip(means.items(), grid, strict=True):
        for variant, perplexity in _points(data, panel, arms).items():
            draw_point(axes, perplexity, arms[variant], variant, data)
        axes.set_xscale("log")
        accuracy_axis(axes.yaxis)
    figure.supylabel("accuracy after fine-tuning", fontsize=7)
    figure.supxlabel("mean perplexity of the training responses before fine-tuning", fontsize=7)
    shown = variant_order({variant for arms in means.values() for variant in arms})
    legend_above(figure, legend_handles(shown, data.study_variants), columns=4)
    return figure


def _points(data: FigureData, panel: tuple[str, str], arms: dict) -> dict[str, float]:
    return {
        variant: perplexity
        for variant, perplexity in measured(data, panel).items()
        if variant in arms
    }
