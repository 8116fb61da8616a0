"""The whole study at a glance: what explanations gain, and how many examples they save."""

from textwrap import wrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter

from showhow.analysis.table_files import rows_of
from showhow.figures.accuracy_over_n import draw_accuracy
from showhow.figures.figure import FigureData, at_largest_n
from showhow.figures.style import (
    FULL_WIDTH,
    VERDICT_COLOURS,
    VERDICT_SYMBOLS,
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
    "Top: the verdict on each claim. Left: accuracy with the best explained variant minus "
    "accuracy with the answer alone, on the test split at the largest training size of each task "
    "and model ({largest_n}); ticks are single seeds ({seeds}), bars the {bootstrap}, paired by "
    "seed and problem and widened for the choice of the best; below them claim C1's own estimate. "
    "Green: the interval lies above zero; vermillion: below; grey: it holds zero. Right: accuracy "
    "over training examples with the same kind of interval, for the task and model with most "
    "runs; {problems}. Models: {models}."
)
by = ()

STRIP_HEIGHT = 0.7
"""Inches of the row of claims."""


@in_paper_style
def draw(data: FigureData) -> Figure:
    items = without_controls(split_items(data))
    best = best_gains(gains(at_largest_n(items), best_of_several=True))
    if not best:
        return empty_figure("the variant none and an explained one\nwith the same model and N")
    height = max(2.1, 0.19 * len(best) + 1.0)
    figure = Figure(figsize=(FULL_WIDTH, height + STRIP_HEIGHT), layout="constrained")
    strip, body = figure.subfigures(2, 1, height_ratios=[STRIP_HEIGHT, height], squeeze=False)[:, 0]
    draw_verdicts(strip.add_subplot(), data.claims)
    left, right = body.subplots(1, 2, width_ratios=[1.05, 1])
    rows = [(*panel, *best[panel]) for panel in panels(items, data) if panel in best]
    draw_forest(left, rows, data.claims)
    draw_efficiency(right, items, data)
    return figure


def best_gains(found: dict[tuple, Mean]) -> dict[tuple[str, str], tuple[str, Mean]]:
    """The explained variant that gains most, and its gain, by task and model."""
    best: dict[tuple[str, str], tuple[str, Mean]] = {}
    for (task, model, variant, _, _), mean in sorted(found.items()):
        if (task, model) not in best or mean.value > best[task, model][1].value:
            best[task, model] = (variant, mean)
    return best


def draw_verdicts(axes: Axes, claims: pd.DataFrame) -> None:
    """A row of claims, each with its verdict as symbol, word and colour, and its statement."""
    axes.set_axis_off()
    axes.set(xlim=(0, max(len(claims), 1)), ylim=(0, 1))
    width = 150 // max(len(claims), 1)
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


def draw_forest(axes: Axes, rows: list[tuple[str, str, str, Mean]], claims: pd.DataFrame) -> None:
    """The gain of the best explained variant, a row per task and model; below it, the mean gain."""
    several = len({task for task, *_ in rows}) > 1
    names = [f"{task} · {model}" if several else model for task, model, *_ in rows]
    for row, (_, _, variant, mean) in enumerate(rows):
        draw_gain(axes, row, mean, written(variant), "o")
        axes.plot(
            [100 * seed for seed in mean.seeds],
            [row] * len(mean.seeds),
            "|",
            color="#333333",
            markeredgewidth=0.7,
        )
    overall = claims[(claims["id"] == "C1") & claims["estimate"].notna()]
    for claim in rows_of(overall):
        mean = Mean(claim.estimate, claim.ci_low, claim.ci_high, ())
        draw_gain(axes, len(rows), mean, "mean of levels", "D")
        names.append("all (C1)")
    axes.axvline(0, color="#555555", linewidth=0.8)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlabel("gain over the answer alone (percentage points)")
    axes.set_title("What explanations gain", weight="bold")


def draw_gain(axes: Axes, row: int, mean: Mean, name: str, marker: str) -> None:
    """One gain: its interval, its value, and what it is of, written at the right."""
    gain = Formatter.fix_minus(f"{100 * mean.value:+.0f}")
    colour = VERDICT_COLOURS[direction(mean)]
    axes.plot([100 * mean.low, 100 * mean.high], [row, row], color=colour, linewidth=1.8)
    axes.plot(100 * mean.value, row, marker, color=colour, markersize=5, markeredgecolor="white")
    write_beside(axes, row, f"{gain} {name}", at=1.01, fontsize=6.5, color=colour)


def direction(mean: Mean) -> str:
    """The verdict on one gain: its interval lies above zero, below, or holds it."""
    if mean.low > 0:
        return "supported"
    return "contradicted" if mean.high < 0 else "inconclusive"


def draw_efficiency(axes: Axes, items: pd.DataFrame, data: FigureData) -> None:
    """Accuracy over N for the task and model with most runs, with each curve's name at its end."""
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
    lowest = 1.08
    for variant in sorted(ends, key=lambda name: (-ends[name], name)):
        lowest = min(ends[variant], lowest - 0.085)
        colour = style_of(variant, data.study_variants).colour
        write_beside(axes, lowest, written(variant), color=colour, weight="bold")
