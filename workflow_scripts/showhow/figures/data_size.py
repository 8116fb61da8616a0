"""Accuracy over the number of training facts, for every memory level of these."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.typing import LineStyleType

from showhow.analysis.table_files import measured_table
from showhow.figures.figure import FigureData
from showhow.figures.known_facts import (
    NEEDS,
    curves,
    draw_curve,
    over_levels,
    sizes_in,
    with_levels,
)
from showhow.figures.style import (
    empty_figure,
    in_paper_style,
    legend_above,
    legend_handles,
    panel_grid,
    style_of,
    training_size_axis,
)
from showhow.figures.summaries import panel_rows, panel_titles

name = "data_size"
title = "Accuracy over the number of training facts"
CAPTION = (
    "Accuracy on the test facts, the unweighted mean over their memory levels, after one epoch on "
    "N facts of one memory level or of the natural mix; hollow markers are the natural mix with as "
    "many steps at every N. Dashed: the base before fine-tuning. Dotted: its completions that "
    "contain the answer, the ceiling of what can be brought out. Dash-dotted: guessing a "
    "relation's most frequent object. Ticks are single draws ({seeds}), markers their mean, bars "
    "the {interval}; {problems}."
)
by = ()
LINES: tuple[tuple[str, LineStyleType, str], ...] = (
    ("untuned", "--", "before"),
    ("share", ":", "ceiling"),
    ("most_frequent", "-.", "guessing"),
)


@in_paper_style
def draw(data: FigureData) -> Figure:
    found = curves(with_levels(data))
    if not found:
        return empty_figure(NEEDS)
    matched = curves(with_levels(data, match="steps"))
    panels = sorted({key[:2] for key in found})
    variants = data.ordered({variant for _, _, variant in found})
    figure, grid = panel_grid(
        panel_titles(panels), columns=3, heights=2.3, legend_rows=2, sharey=True
    )
    for panel, axes in zip(panels, grid, strict=True):
        for variant in variants:
            draw_curve(axes, found.get((*panel, variant), {}), variant, data)
            draw_matched(axes, matched.get((*panel, variant), {}), variant, data)
        draw_base(axes, data, panel)
        training_size_axis(axes, sizes_in(found))
        axes.set_ylim(0, None)
    lines = [
        Line2D([], [], color="#555555", linestyle=line, label=label) for _, line, label in LINES
    ]
    legend_above(figure, legend_handles(variants, data.study_variants) + lines)
    figure.supylabel("accuracy, mean over levels", fontsize=7)
    figure.supxlabel("N", fontsize=7)
    return figure


def draw_matched(axes: Axes, points: dict, variant: str, data: FigureData) -> None:
    """Runs with as many steps at every size."""
    style = style_of(variant, data.study_variants)
    sizes = sorted(points)
    values = [points[size].value for size in sizes]
    axes.plot(sizes, values, style.marker, color=style.colour, markerfacecolor="white")


def draw_base(axes: Axes, data: FigureData, panel: tuple[str, str]) -> None:
    """What the base does without fine-tuning, what it knows, and what guessing gets."""
    memory = panel_rows(measured_table(data.memory), panel)
    memory = memory[memory["split"] == "test"]
    for column, line, _ in LINES:
        if column in memory and memory[column].notna().any():
            axes.axhline(
                over_levels(memory, column), color="#555555", linestyle=line, linewidth=0.8
            )
