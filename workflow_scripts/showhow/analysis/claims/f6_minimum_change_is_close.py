"""F6: the base's own answers, changed as little as makes them right, teach like familiar ones."""

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.evidence import Evidence, by_task
from showhow.analysis.familiarity import (
    Cell,
    cells_with,
    contrast,
    gap,
    gap_of_each_base,
    models_of,
)
from showhow.analysis.judgement import Condition, above, within

CHANGED, OWN, OTHER = "minimum_change", "familiar", "unfamiliar"
MISSING = "No base has runs on minimum change, familiar and unfamiliar responses."


def ask_closeness(evidence: Evidence, margin: float) -> Asked:
    """Minimum change is equivalent to familiar, and both are not simply alike to everything."""
    cells = cells_with(evidence, CHANGED, OWN, OTHER)
    if not cells:
        return nothing_to_compare(MISSING)
    tasks = by_task(cells)
    return Asked(
        {task: _conditions(there, margin) for task, there in tasks.items()},
        {task: gap_of_each_base(there, CHANGED, OWN) for task, there in tasks.items()},
        models=models_of(cells),
    )


def _conditions(cells: list[Cell], margin: float) -> list[Condition]:
    return [
        Condition(contrast(CHANGED, OWN), gap(cells, CHANGED, OWN), within(margin)),
        Condition(contrast(CHANGED, OTHER), gap(cells, CHANGED, OTHER), above(0.0)),
    ]


CLAIM = Claim(
    id="F6",
    statement="The base's own answers, minimally corrected, teach like familiar responses.",
    statistic="Accuracy on the split test at the largest training size that all three arms have.",
    contrast=(
        "Minimum change minus familiar, and minimum change minus unfamiliar; averaged over bases "
        "within a task, then over tasks."
    ),
    criterion=(
        "Supported if the first lies within the margin on both sides of zero (90% interval, TOST) "
        "and the second above zero with its whole 95% interval; contradicted if the first lies "
        "beyond the margin or the second below zero."
    ),
    unit="difference in accuracy",
    ask=ask_closeness,
    margin=0.05,
)
