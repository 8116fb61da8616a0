"""The whole study at a glance: what explanations gain, and how many examples they save."""

from textwrap import wrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter

from showhow.analysis.table_files import rows_of
from showhow.figures.accuracy_over_n import curve_items, draw_accuracy
from showhow.figures.figure import FigureData, at_largest_n
from showhow.figures.style import (
    FULL_WIDTH,
    VERDICT_COLOURS,
    VERDICT_SYMBOLS,
    WHITE_EDGE,
    VariantStyle,
    empty_figure,
    in_paper_style,
    style_of,
    write_beside,
)
from showhow.figures.summaries import (
    Mean,
    accuracies,
    gains,
    panel_rows,
    panels,
    split_items,
    without_controls,
)
from showhow.figures.variants import written

name = "overview"
title = "The study at a glance"
CAPTION = (
    "Top: the verdict on each claim, where any is tested. Left: accuracy with each explained "
    "variant minus accuracy with the answer alone, on the test split at the largest training size "
    "of each task and model ({largest_n}); small points are single seeds ({seeds}), markers their "
    "mean, bars the {interval}, paired by seed and problem; below them, where it is tested, what "
    "claim C1 is decided on. Right: accuracy over training examples with the same kind of "
    "interval, for the task and model with most runs; {problems}. Lines join only what took the "
    "same number of steps; dotted is the best shortcut. Models: {models}."
)
by = ()

STRIP_HEIGHT = 0.7
"""Inches of the row of claims."""


LINE_OF_TEXT = 0.085
"""How high a name is, as a share of the axis."""


Gains = dict[str, Mean]
"""By explained variant."""


@in_paper_style
def draw(data: FigureData) -> Figure:
    items = without_controls(split_items(data))
    found = gains_by_panel(items, data)
    if not found:
        return empty_figure("the variant none and an explained one\nwith the same model and N")
    lines = sum(len(of_levels) + 1 for of_levels in found.values())
    height = max(2.1, 0.115 * lines + 1.0)
    above = STRIP_HEIGHT if len(data.claims) else 0.0
    figure = Figure(figsize=(FULL_WIDTH, height + above), layout="constrained")
    body = figure
    if above:
        strip, body = figure.subfigures(2, 1, height_ratios=[above, height], squeeze=False)[:, 0]
        draw_verdicts(strip.add_subplot(), data.claims)
    left, right = body.subplots(1, 2, width_ratios=[1.05, 1])
    draw_gains(left, found, data)
    draw_efficiency(right, data)
    return figure


def gains_by_panel(items: pd.DataFrame, data: FigureData) -> dict[tuple[str, str], Gains]:
    """The gain of each explained variant at the largest size, by task and model."""
    found = gains(at_largest_n(items))
    by_panel = {
        panel: {key[2]: mean.times(100) for key, mean in found.items() if key[:2] == panel}
        for panel in panels(items, data)
    }
    return {panel: of_levels for panel, of_levels in by_panel.items() if of_levels}


def draw_verdicts(axes: Axes, claims: pd.DataFrame) -> None:
    """A row of claims, each with its verdict as symbol, word and colour, and its statement."""
    axes.set_axis_off()
    axes.set(xlim=(0, len(claims)), ylim=(0, 1))
    width = 150 // len(claims)
    for place, claim in enumerate(rows_of(claims)):
        colour = VERDICT_COLOURS[claim.verdict]
        axes.text(
            place + 0.5,
            0.85,
            f"{claim.id}  {VERDICT_SYMBOLS[claim.verdict]} {claim.verdict}",
            ha="center",
            va="center",
            color="white",
            weight="bold",
            bbox={"boxstyle": "round,pad=0.35", "facecolor": colour, "edgecolor": "none"},
        )
        statement = wrap(claim.statement, width, max_lines=4, placeholder=" …")
        axes.text(
            place + 0.5,
            0.6,
            "\n".join(statement),
            ha="center",
            va="top",
            fontsize=6,
            color="#333333",
        )


def draw_gains(axes: Axes, found: dict[tuple[str, str], Gains], data: FigureData) -> None:
    """A block of lines per task and model, one for each explained variant; below, claim C1's."""
    several = len({task for task, _ in found}) > 1
    names, places, row = [], [], 0
    for (task, model), of_levels in found.items():
        names.append(f"{task} · {model}" if several else model)
        places.append(row + (len(of_levels) - 1) / 2)
        for variant in data.ordered(of_levels):
            draw_gain(axes, row, of_levels[variant], style_of(variant, data.study_variants))
            row += 1
        row += 1
    overall = data.claims[(data.claims["id"] == "C1") & data.claims["estimate"].notna()]
    for claim in rows_of(overall):
        mean = Mean(claim.estimate, claim.ci_low, claim.ci_high, ()).times(100)
        draw_gain(axes, row, mean, VariantStyle("#333333", "D"))
        names.append("claim C1")
        places.append(row)
    axes.axvline(0, color="#555555", linewidth=0.8)
    axes.set_yticks(places, names)
    axes.set_ylim(row + 0.8, -0.8)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("gain over the answer alone (percentage points)")
    axes.set_title("What explanations gain", weight="bold")


def draw_gain(axes: Axes, row: int, mean: Mean, style: VariantStyle) -> None:
    """One gain: its interval, its seeds, and its value written at the right."""
    gain = Formatter.fix_minus(f"{mean.value:+.0f}")
    axes.plot([mean.low, mean.high], [row, row], color=style.colour, linewidth=1.2)
    axes.plot(mean.seeds, [row] * len(mean.seeds), ".", color=style.colour, markersize=2.5)
    axes.plot(mean.value, row, style.marker, color=style.colour, markersize=4, **WHITE_EDGE)
    write_beside(axes, row, gain, at=1.01, fontsize=5.5, color=style.colour)


def draw_efficiency(axes: Axes, data: FigureData) -> None:
    """Accuracy over N for the task and model with most runs, with each curve's name at its end."""
    items = curve_items(data)
    counts = items.groupby(["task", "model"])["n_train"].agg(["nunique", "size"]).reset_index()
    counts["parameters"] = counts["model"].map(data.parameters)
    last = counts.sort_values(["nunique", "size", "parameters", "task", "model"]).iloc[-1]
    panel = (last["task"], last["model"])
    items = panel_rows(items, panel)
    means = accuracies(items)
    variants = data.variants(items)
    draw_accuracy(axes, panel, variants, means, data)
    label_ends(axes, means, variants, data)
    axes.set(xlabel=f"training examples N ({panel[0]}, {panel[1]})", ylabel="accuracy")
    axes.set_title("How many examples it takes", weight="bold")


def label_ends(axes: Axes, means: dict[tuple, Mean], variants: list[str], data: FigureData) -> None:
    """Write each variant's name right of its last point, moved apart where they would touch."""
    ends = {variant: mean.value for (*_, variant, _, _), mean in sorted(means.items())}
    names = sorted(ends, key=lambda name: (-ends[name], variants.index(name)))
    heights = moved_apart([ends[name] for name in names], LINE_OF_TEXT)
    for variant, height in zip(names, heights, strict=True):
        colour = style_of(variant, data.study_variants).colour
        write_beside(axes, height, written(variant), color=colour, weight="bold")


def moved_apart(heights: list[float], apart: float) -> list[float]:
    """Move falling heights so far apart, and as far up as it takes to have the last one above 0."""
    moved: list[float] = []
    for height in heights:
        moved.append(min(height, moved[-1] - apart) if moved else height)
    floor = 0.0
    for place in reversed(range(len(moved))):
        moved[place] = max(moved[place], floor)
        floor = moved[place] + apart
    return moved
