"""What all figures look like: widths, fonts, and one colour and marker per variant."""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator, PercentFormatter
from matplotlib.typing import RcKeyType

from showhow.base.files import whole_file
from showhow.figures.summaries import Mean
from showhow.figures.variants import CONTROLS, written

# Embedding a font logs every one of its tables.
logging.getLogger("fontTools").setLevel(logging.WARNING)

COLUMN_WIDTH = 3.3
FULL_WIDTH = 6.9
"""Inches: one column, and the whole page, of a two-column paper."""

PAPER_STYLE: dict[RcKeyType, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 7,
    "axes.titlesize": 7,
    "axes.labelsize": 7,
    "xtick.labelsize": 6.5,
    "ytick.labelsize": 6.5,
    "legend.fontsize": 7,
    "legend.frameon": False,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "lines.linewidth": 1.2,
    "lines.markersize": 3.6,
    "figure.dpi": 100,
    "savefig.dpi": 220,
    "pdf.fonttype": 42,
    "svg.hashsalt": "showhow",
}

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
OLIVE, BLUE, VERMILLION, PURPLE, GREY = "#AA9A00", "#0072B2", "#D55E00", "#CC79A7", "#8A8A8A"
"""The colours of Okabe and Ito (2008), their yellow darkened for white paper, and a grey."""

ROOM_BESIDE = 1.35
"""An axis of training sizes begins and ends this factor beside the first and the last."""

WHITE_EDGE = {"markeredgecolor": "white", "markeredgewidth": 0.3}


@dataclass(frozen=True)
class VariantStyle:
    """How one variant is drawn, in every figure."""

    colour: str
    marker: str


VARIANT_STYLES = {
    "none": VariantStyle(BLACK, "o"),
    "short": VariantStyle(ORANGE, "s"),
    "medium": VariantStyle(BLUE, "^"),
    "long": VariantStyle(GREEN, "D"),
    "answer_first": VariantStyle(VERMILLION, "v"),
    "shuffled_steps": VariantStyle(PURPLE, "P"),
    "wrong_steps": VariantStyle(SKY, "X"),
    "filler": VariantStyle(GREY, "*"),
    "mixture": VariantStyle(OLIVE, "h"),
}
ARM_STYLES = {
    "familiar": VariantStyle(BLUE, "o"),
    "self_generated": VariantStyle(GREEN, "D"),
    "minimum_change": VariantStyle(SKY, "^"),
    "rewritten": VariantStyle(PURPLE, "P"),
    "own_words_other_order": VariantStyle(GREY, "v"),
    "other_words_own_order": VariantStyle(BLACK, "*"),
    "unfamiliar": VariantStyle(VERMILLION, "s"),
    "unfamiliar_longer": VariantStyle(ORANGE, ">"),
    "unfamiliar_masked": VariantStyle(OLIVE, "X"),
}
# From warm for what a base does not know to cold for what it knows well.
KNOWN_FACTS_STYLES = {
    "level_0": VariantStyle(VERMILLION, "v"),
    "level_1": VariantStyle(ORANGE, "s"),
    "level_2": VariantStyle(GREEN, "^"),
    "level_3": VariantStyle(SKY, "D"),
    "level_4": VariantStyle(BLUE, "o"),
    "natural_mix": VariantStyle(BLACK, "P"),
    "shuffled_answers": VariantStyle(GREY, "X"),
}
OTHER_COLOURS = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY, OLIVE, GREY)
OTHER_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*", "p", "d", "<", ">", "8")

VERDICT_COLOURS = {
    "supported": GREEN,
    "contradicted": VERMILLION,
    "mixed": "#8A3F73",
    "inconclusive": "#6b6b6b",
}
VERDICT_SYMBOLS = {"supported": "✓", "contradicted": "✗", "mixed": "⇅", "inconclusive": "?"}


in_paper_style = matplotlib.rc_context(PAPER_STYLE)
"""Decorates what draws with the settings of PAPER_STYLE, whatever the caller's settings are."""


def style_of(variant: str, study_variants: tuple[str, ...]) -> VariantStyle:
    """The variant's colour and marker; one that is not built in takes its place in the study's."""
    known = VARIANT_STYLES | ARM_STYLES | KNOWN_FACTS_STYLES
    if variant in known:
        return known[variant]
    others = [name for name in study_variants if name not in known]
    taken = {name: known[name] for name in study_variants if name in known}
    # In few figures do controls stand beside the others.
    beside = {name: style for name, style in taken.items() if name not in CONTROLS}
    colours = _left(OTHER_COLOURS, taken) or _left(OTHER_COLOURS, beside) or OTHER_COLOURS
    markers = _left(OTHER_MARKERS, taken) or OTHER_MARKERS
    place = others.index(variant)
    return VariantStyle(colours[place % len(colours)], markers[place % len(markers)])


def _left(choices: tuple[str, ...], taken: dict[str, VariantStyle]) -> list[str]:
    """The colours or markers that no built-in variant of the study has already."""
    used = {look for style in taken.values() for look in (style.colour, style.marker)}
    return [choice for choice in choices if choice not in used]


def legend_handles(variants: list[str], study_variants: tuple[str, ...]) -> list[Line2D]:
    """One legend entry per variant: its line and marker."""
    styles = {variant: style_of(variant, study_variants) for variant in variants}
    return [
        Line2D([], [], color=style.colour, marker=style.marker, label=written(variant))
        for variant, style in styles.items()
    ]


def panel_grid(
    titles: list[str], columns: int, heights: float | list[float], legend_rows: int = 1, **options
) -> tuple[Figure, list[Axes]]:
    """A figure with a panel per title, `columns` to a row, and the panels from left to right.

    heights: inches of each panel, or of all; a row is as high as its highest. legend_rows: rows of
    the legend above. options: of `Figure.subplots`.
    """
    columns = min(columns, len(titles))
    each = heights if isinstance(heights, list) else [heights] * len(titles)
    in_rows = [each[start : start + columns] for start in range(0, len(titles), columns)]
    row_heights = [max(row) for row in in_rows]
    width = COLUMN_WIDTH if columns == 1 else FULL_WIDTH
    figure = Figure(
        figsize=(width, sum(row_heights) + 0.35 + 0.16 * legend_rows), layout="constrained"
    )
    grid = figure.subplots(
        len(in_rows), columns, squeeze=False, height_ratios=row_heights, **options
    ).ravel()
    for title, axes in zip(titles, grid, strict=False):
        axes.set_title(title)
    for axes in grid[len(titles) :]:
        axes.set_axis_off()
    return figure, list(grid[: len(titles)])


def draw_means(
    axes: Axes,
    at: list[float],
    means: list[Mean],
    style: VariantStyle,
    tick: tuple[float, float] = (4, 0.6),
    **options,
) -> None:
    """Means joined by a line, their intervals, and the seeds as ticks of this size and width.

    options: of `Axes.errorbar`.
    """
    values = [mean.value for mean in means]
    below = [mean.value - mean.low for mean in means]
    above = [mean.high - mean.value for mean in means]
    axes.errorbar(
        at, values, yerr=[below, above], color=style.colour, marker=style.marker, **options
    )
    size, width = tick
    for place, mean in zip(at, means, strict=True):
        axes.plot(
            [place] * len(mean.seeds),
            mean.seeds,
            "_",
            color=style.colour,
            markersize=size,
            markeredgewidth=width,
        )


def legend_above(figure: Figure, handles: list, columns: int = 5) -> None:
    """One legend for all panels, above them, where it hides nothing."""
    figure.legend(
        handles=handles,
        loc="outside upper center",
        ncols=min(columns, len(handles)),
        handlelength=1.5,
        columnspacing=1.2,
    )


def training_size_axis(axes: Axes, sizes: list[int]) -> None:
    """A log axis whose ticks are the study's training sizes, but for those too close to read."""
    log_axis(axes, far_apart(sizes))
    axes.set_xlim(sizes[0] / ROOM_BESIDE, sizes[-1] * ROOM_BESIDE)


def log_axis(axes: Axes, ticks: Sequence[float]) -> None:
    """A log axis with these ticks alone."""
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(FixedLocator(ticks))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda size, _: short_number(size)))
    axes.xaxis.set_minor_locator(NullLocator())


def far_apart(sizes: list[int]) -> list[int]:
    """Leave out of rising sizes what is less than half as large again as the one before it."""
    kept: list[int] = []
    for size in sizes:
        if not kept or size >= 1.5 * kept[-1]:
            kept.append(size)
    return kept


def accuracy_axis(axis: XAxis | YAxis, low: float = 0.0, high: float = 1.0) -> None:
    """Accuracy from 0 to 100%."""
    axis.set_major_locator(FixedLocator([0, 0.25, 0.5, 0.75, 1.0]))
    axis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axis.axes.set(**{f"{axis.axis_name}lim": (low - 0.03, high + 0.03)})


def draw_shortcut(axes: Axes, accuracy: float) -> None:
    """A dotted line at what the best shortcut gets, where one is known."""
    if not math.isnan(accuracy):
        axes.axhline(accuracy, color="#555555", linestyle=":", linewidth=0.8, label="best shortcut")


def write_beside(axes: Axes, height: float, text: str, at: float = 1.02, **options) -> None:
    """Write at the right of the axes, at a height of its data."""
    axes.annotate(text, (at, height), xycoords=("axes fraction", "data"), va="center", **options)


def amount(number: float) -> str:
    """Write 8 and 500 as they are, and from a thousand on powers of ten."""
    if number < 1000:
        return short_number(number)
    power = math.floor(math.log10(number) + 1e-9)
    digits = f"{number / 10**power:.3g}"
    return rf"$10^{{{power}}}$" if digits == "1" else rf"${digits} \times 10^{{{power}}}$"


def short_number(number: float) -> str:
    """500, 2k, 1.5k, 60.5M: three digits."""
    for limit, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if number >= limit:
            return f"{number / limit:.3g}{letter}"
    return f"{number:.3g}"


NOTHING = "nothing to draw"


def is_empty(figure: Figure) -> bool:
    """Whether this is the plain panel of `empty_figure`."""
    return figure.get_label() == NOTHING


def empty_figure(needs: str) -> Figure:
    """A plain panel that says which runs a figure would need."""
    figure = Figure(figsize=(COLUMN_WIDTH, 1.1), layout="constrained")
    figure.set_label(NOTHING)
    axes = figure.add_subplot()
    axes.set_axis_off()
    axes.text(
        0.5,
        0.5,
        f"Nothing to draw in this study.\nThis figure needs {needs}.",
        ha="center",
        va="center",
        color="#555555",
    )
    return figure


def save_figure(figure: Figure, path: Path, dpi: int | None = None) -> None:
    """Write a figure as PDF or PNG, whole or not at all; equal figures give equal bytes."""
    metadata = {"CreationDate": None} if path.suffix == ".pdf" else {"Software": None}
    with matplotlib.rc_context(PAPER_STYLE), whole_file(path) as beside:
        figure.savefig(beside, metadata=metadata, dpi=dpi or PAPER_STYLE["savefig.dpi"])
