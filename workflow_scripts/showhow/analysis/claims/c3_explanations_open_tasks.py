"""C3: with explanations a model solves what it cannot solve without."""

from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from showhow.analysis.claims.claim import (
    CONTRADICTED,
    INCONCLUSIVE,
    SUPPORTED,
    Claim,
    Finding,
    nothing_to_compare,
)
from showhow.analysis.contrasts import Accuracies, TaskRow, adjusted, largest_common_size, task_row
from showhow.analysis.evidence import Evidence
from showhow.analysis.statistics import Estimate, one_sided_p

WITHOUT = "accuracy without explanations"
WITH_BEST = "accuracy with the best explained level"


@dataclass(frozen=True)
class Cell:
    """One task and model: both accuracies, and whether explanations open the task."""

    without: TaskRow
    with_best: TaskRow
    opens: bool
    stays_shut: bool


def decide_opened(evidence: Evidence) -> tuple[Finding, list[TaskRow]]:
    """Every task and model is a cell; one that opens is enough."""
    tests = sum(len(cell.by_level) for cell in largest_common_size(evidence, "test"))
    if not tests:
        missing = "No task and model has runs with and without explanations on the split test."
        return nothing_to_compare(missing), []
    # The adjusted tail of 0.025 / tests has to hold some resamples, or its end is a guess.
    resamples = max(evidence.resamples, ceil(10 * tests / 0.025))
    accuracies = largest_common_size(replace(evidence, resamples=resamples), "test")
    cells = [_decide_cell(cell, _solved(evidence, cell.task), tests) for cell in accuracies]
    with_best = adjusted([cell.with_best for cell in cells])
    opened = float(np.mean([cell.opens for cell in cells]))
    may_open = 1 - float(np.mean([cell.stays_shut for cell in cells]))
    p = min(row.p_holm for row in with_best)
    verdict = SUPPORTED if opened else INCONCLUSIVE if may_open else CONTRADICTED
    names = [f"{cell.without.task} with {cell.without.model}" for cell in cells if cell.opens]
    note = f"Opened: {', '.join(names)}." if names else ""
    rows = [cell.without for cell in cells] + with_best
    return Finding(Estimate(opened, opened, may_open, p), len(cells), verdict, note), rows


def _solved(evidence: Evidence, task: str) -> float:
    """Half way from guessing the most frequent answer to all right; 0.5 where guessing is idle."""
    runs = evidence.runs
    rows = runs[(runs["task"] == task) & (runs["split"] == "test")]
    guessing = rows["majority_accuracy"].max() if "majority_accuracy" in rows else float("nan")
    return 0.5 if np.isnan(guessing) else (1 + float(guessing)) / 2


def _decide_cell(cell: Accuracies, solved: float, tests: int) -> Cell:
    none = cell.none.summary(null=solved, tests=tests)
    levels = {name: sampled.summary(solved, tests) for name, sampled in cell.by_level.items()}
    best = max(levels, key=lambda name: levels[name].value)
    # Opening needs both halves to hold, so its p is the larger of the two.
    solved_with = one_sided_p(cell.by_level[best].draws, solved, len(levels))
    unsolved_without = one_sided_p(-cell.none.draws, -solved)
    opening = replace(levels[best], p=max(solved_with, unsolved_without))
    opens = none.high < solved and levels[best].low > solved
    stays_shut = none.low >= solved or all(level.high <= solved for level in levels.values())
    decided = "opens" if opens else "does not open" if stays_shut else "undecided"
    note = f"{decided}; {best}; N {cell.n_train}; solved above {solved:.3f}"
    where = ("C3", cell.task, cell.model)
    without = task_row(*where, WITHOUT, replace(none, p=unsolved_without), cell.none.runs, note)
    with_best = task_row(*where, WITH_BEST, opening, cell.by_level[best].runs, note)
    return Cell(without, with_best, opens, stays_shut)


CLAIM = Claim(
    id="C3",
    statement="With explanations a model solves tasks that it cannot solve without.",
    statistic=(
        "Accuracy on the split test at the largest training size that both arms have. Solved "
        "means above half way from the majority class's accuracy to 1 (0.5 where guessing gets "
        "nothing right)."
    ),
    contrast=(
        "A task and model opens when none's interval lies below that mark and the best explained "
        "level's above it, at 95% for all levels of all tasks and models together (Bonferroni)."
    ),
    criterion=(
        "Supported if any opens; contradicted if each is decided not to open (none solves it, or "
        "no level does). Interval: from the share shown to open to the share not shown shut."
    ),
    unit="share of tasks and models opened",
    test=decide_opened,
)
