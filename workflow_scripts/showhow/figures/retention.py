"""What fine-tuned models still do on tasks outside their training data."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from showhow.figures.figure import FigureData, at_largest_n
from showhow.figures.style import accuracy_axis, empty_figure, in_paper_style, panel_grid, style_of
from showhow.figures.summaries import Mean, accuracies, panel_rows
from showhow.figures.variants import written

name = "retention"
title = "What is kept of other tasks"
CAPTION = (
    "Accuracy on the test problems of tasks outside the training data, after fine-tuning "
    "({largest_n}); the dotted line is the base before it. A panel per retained task and base. "
    "Ticks are single seeds ({seeds}), markers their mean, bars the {interval}."
)
by = ()


@in_paper_style
def draw(data: FigureData) -> Figure:
    if data.retention is None or data.retention.empty:
        return empty_figure("what is kept of other tasks\n(probes: {retention: {task: variant}})")
    items = at_largest_n(data.retention)
    items = items.assign(task=items["retained_task"], correct=items["correct_after"], split="test")
    means = accuracies(items)
    chosen = sorted({key[:2] for key in means})
    variants = data.ordered({key[2] for key in means})
    titles = [f"{task}\n{model}" for task, model in chosen]
    height = 0.15 * len(variants) + 0.5
    figure, grid = panel_grid(titles, columns=3, heights=height, sharey=True)
    for panel, axes in zip(chosen, grid, strict=True):
        arms = {key[2]: mean for key, mean in means.items() if key[:2] == panel}
        draw_panel(axes, arms, variants, data)
        before = float(panel_rows(items, panel)["correct_before"].mean())
        axes.axvline(before, color="#555555", linestyle=":", linewidth=0.8)
    figure.supxlabel("accuracy on the retained task", fontsize=7)
    return figure


def draw_panel(axes: Axes, arms: dict[str, Mean], variants: list[str], data: FigureData) -> None:
    """One retained task and base: a row per way of writing."""
    for row, variant in enumerate(variants):
        if variant not in arms:
            continue
        mean, style = arms[variant], style_of(variant, data.study_variants)
        axes.plot([mean.low, mean.high], [row, row], color=style.colour)
        axes.plot(mean.seeds, [row] * len(mean.seeds), "|", color=style.colour, markersize=5)
        axes.plot(mean.value, row, style.marker, color=style.colour, markersize=5)
    axes.set_yticks(range(len(variants)), [written(variant) for variant in variants])
    axes.set_ylim(len(variants) - 0.4, -0.6)
    accuracy_axis(axes.xaxis)
