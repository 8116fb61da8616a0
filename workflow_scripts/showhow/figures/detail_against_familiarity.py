"""Detail against familiarity: accuracy over the length of the responses."""

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

name = "detail_against_familiarity"
title = "Detail against familiarity"
CAPTION = (
    "Accuracy on the test split after fine-tuning over the mean number of tokens of a training "
    "response ({largest_n}); a panel per base, a point per way of writing. Detail alone would "
    "order the points from left to right. Ticks are single seeds ({seeds}), markers their mean, "
    "bars the {bootstrap}; {problems}."
)
by = ()


@in_paper_style
def draw(data: FigureData) -> Figure:
    means = {panel: arms for panel, arms in arm_means(data).items() if measured(data, panel)}
    if not means:
        return empty_figure("bases with arms, and their perplexity\n(probes: {perplexity: true})")
    figure, grid = panel_grid(
        panel_titles(list(means)), columns=3, heights=[2.0] * len(means), legend_rows=2, sharey=True
    )
    for (panel, arms), axes in zip(means.items(), grid, strict=True):
        lengths = measured(data, panel, "mean_tokens")
        for variant in set(arms) & set(lengths):
            draw_point(axes, lengths[variant], arms[variant], variant, data)
        accuracy_axis(axes.yaxis)
    figure.supylabel("accuracy after fine-tuning", fontsize=7)
    figure.supxlabel("mean tokens per training response", fontsize=7)
    shown = variant_order({variant for arms in means.values() for variant in arms})
    legend_above(figure, legend_handles(shown, data.study_variants), columns=4)
    return figure
