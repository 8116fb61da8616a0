"""Accuracy by the memory level of training and of test facts, and the published matrix."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from showhow.figures.figure import FigureData
from showhow.figures.known_facts import NEEDS, with_levels
from showhow.figures.style import empty_figure, in_paper_style, panel_grid
from showhow.figures.variants import KNOWN_FACTS

name = "level_matrix"
title = "Training level against test level"
CAPTION = (
    "Accuracy in per cent on the test facts of each memory level (columns, and their unweighted "
    "mean), after training on the facts of one level (rows), at the largest N that all levels "
    "have; mean of {seeds} on {problems}; the best row of each column is framed. The last panel "
    "is not ours: it is the published matrix of Ye et al. (arXiv 2509.16596), LLaMA-3-8B on "
    "EntityQuestions, N = 1920. Sizes, data and models differ by orders of magnitude; compare the "
    "pattern, not the numbers."
)
by = ()
LEVELS = tuple(variant for variant in KNOWN_FACTS if variant.startswith("level_"))
# Rows: training on level 0 to 4; columns: test level 0 to 4. In per cent.
PUBLISHED = np.array(
    [
        [1.75, 16.07, 55.03, 71.06, 83.46],
        [0.98, 40.12, 63.93, 74.19, 84.22],
        [0.78, 36.56, 75.61, 83.98, 90.70],
        [0.64, 27.20, 70.33, 85.90, 91.66],
        [0.64, 24.26, 68.28, 83.29, 93.19],
    ]
)
THEIRS = "theirs: Ye et al.,\nLLaMA-3-8B, N = 1920"


@in_paper_style
def draw(data: FigureData) -> Figure:
    matrices = measured(data)
    if not matrices:
        return empty_figure(NEEDS)
    panels = {**matrices, THEIRS: PUBLISHED}
    figure, grid = panel_grid(list(panels), columns=3, heights=2.2, legend_rows=0)
    for matrix, axes in zip(panels.values(), grid, strict=True):
        draw_matrix(axes, matrix)
    figure.supxlabel("memory level of the test facts", fontsize=7)
    figure.supylabel("trained on level", fontsize=7)
    return figure


def measured(data: FigureData) -> dict[str, np.ndarray]:
    """The matrix of each base in per cent, by a title, where it was trained on every level."""
    found = {}
    items = with_levels(data)
    for (task, model), here in items[items["variant"].isin(LEVELS)].groupby(["task", "model"]):
        sizes = [set(here.loc[here["variant"] == level, "n_train"]) for level in LEVELS]
        shared = set.intersection(*sizes)
        if not shared:
            continue
        largest = max(shared)
        at_largest = here[here["n_train"] == largest]
        means = at_largest.groupby(["variant", "level"])["correct"].mean().unstack()
        found[f"{task}, {model}\nN = {largest}"] = 100 * means.loc[list(LEVELS)].to_numpy()
    return found


def draw_matrix(axes: Axes, matrix: np.ndarray) -> None:
    """One matrix with the mean of its columns beside it; colours are relative to each column."""
    shown = np.column_stack([matrix, matrix.mean(axis=1)])
    low, high = shown.min(axis=0), shown.max(axis=0)
    relative = (shown - low) / np.where(high > low, high - low, 1)
    axes.imshow(relative, cmap="Blues", vmin=0, vmax=1.6, aspect="auto")
    for (row, column), value in np.ndenumerate(shown):
        best = row == shown[:, column].argmax()
        axes.text(
            *(column, row, f"{value:.1f}"),
            ha="center",
            va="center",
            fontsize=6,
            bbox={"edgecolor": "black" if best else "none", "facecolor": "none", "pad": 1.5},
        )
    tested = range(matrix.shape[1])
    axes.set_xticks(range(shown.shape[1]), [*map(str, tested), "mean"])
    axes.set_yticks(range(len(shown)))
    axes.grid(visible=False)
