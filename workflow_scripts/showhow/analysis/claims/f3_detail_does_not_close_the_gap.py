"""F3: more detail alone does not make up for an unfamiliar voice."""

from dataclasses import replace

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.estimation import Ratio
from showhow.analysis.evidence import Evidence, by_task
from showhow.analysis.familiarity import (
    Cell,
    cells_with,
    contrast,
    gap,
    gap_of_each_base,
    models_of,
)
from showhow.analysis.judgement import Condition, above, below

OWN, OTHER, LONGER = "familiar", "unfamiliar", "unfamiliar_longer"
MISSING = "No base has runs on familiar, unfamiliar and longer unfamiliar responses."


def ask_share_closed(evidence: Evidence, margin: float) -> Asked:
    """There is a gap, and detail closes less of it than the share that would count."""
    cells = cells_with(evidence, OWN, OTHER, LONGER)
    if not cells:
        return nothing_to_compare(MISSING)
    tasks = by_task(cells)
    return Asked(
        {task: _conditions(there, margin) for task, there in tasks.items()},
        {task: _beside(there) for task, there in tasks.items()},
        note=f"Share of the gap that detail closes: {'; '.join(map(_told, tasks.values()))}.",
        models=models_of(cells),
    )


def _conditions(cells: list[Cell], margin: float) -> list[Condition]:
    closed = _closed(cells).against(margin)
    # The unfamiliar runs are in the numerator and in the denominator, and are the same runs.
    runs = sum(accuracy.runs for cell in cells for accuracy in cell.by_kind.values())
    return [
        Condition(contrast(OWN, OTHER), gap(cells, OWN, OTHER), above(0.0)),
        Condition(
            f"{contrast(LONGER, OTHER)}, less {margin:.2g} of the gap",
            replace(closed, runs=runs),
            below(0.0),
        ),
    ]


def _closed(cells: list[Cell]) -> Ratio:
    return Ratio(gap(cells, LONGER, OTHER), gap(cells, OWN, OTHER))


def _beside(cells: list[Cell]) -> list[Condition]:
    return [
        Condition(f"{contrast(OWN, LONGER)}: what is left", gap(cells, OWN, LONGER), above(0.0)),
        *gap_of_each_base(cells, LONGER, OTHER),
    ]


def _told(cells: list[Cell]) -> str:
    value, low, high = _closed(cells).interval()
    return f"{cells[0].task} {value:.2f} [{low:.2f}, {high:.2f}]"


CLAIM = Claim(
    id="F3",
    statement="More detail alone does not close the gap between unfamiliar and familiar responses.",
    statistic="Accuracy on the split test at the largest training size that all three arms have.",
    contrast=(
        "The share of the gap that detail closes: unfamiliar and longer minus unfamiliar, over "
        "familiar minus unfamiliar; averaged over bases within a task, then over tasks."
    ),
    criterion=(
        "Supported if the gap lies above zero and the share below the margin, both with their "
        "whole 95% intervals (the share's is Fieller's: what detail adds, less the margin's share "
        "of the gap, lies below zero); contradicted if one is shown not to hold."
    ),
    unit="difference in accuracy; the margin is a share of the gap",
    ask=ask_share_closed,
    margin=0.5,
)
