"""F6: the base's own answers, changed as little as makes them right, are close to familiar ones."""

import numpy as np

from showhow.analysis.claims.claim import (
    Claim,
    Finding,
    finding_of,
    overall,
    verdict_by_interval,
)
from showhow.analysis.contrasts import TaskRow, summary_rows
from showhow.analysis.evidence import Evidence
from showhow.analysis.familiarity import Cell, cells_with, contrast, gap_rows
from showhow.analysis.statistics import Sampled

NEARER = "distance to unfamiliar minus distance to familiar"
KINDS = ("minimum_change", "familiar", "unfamiliar")


def decide_nearness(evidence: Evidence) -> tuple[Finding, list[TaskRow]]:
    """To which of the two arms minimum change is nearer, and its gap to familiar beside it."""
    cells = cells_with(evidence, *KINDS)
    notes = {cell.place: f"N {cell.n_train}" for cell in cells}
    rows = summary_rows("F6", NEARER, {cell.place: _nearer(cell) for cell in cells}, notes)
    gaps = gap_rows("F6", evidence, "minimum_change", "familiar")
    missing = "No base has runs on minimum change, familiar and unfamiliar responses."
    finding = finding_of(overall(rows, NEARER), verdict_by_interval, missing)
    gap = overall(gaps, contrast("minimum_change", "familiar"))
    if gap is None:
        return finding, rows
    note = (
        f"Minimum change minus familiar: {gap.estimate:+.3f} "
        f"[{gap.ci_low:+.3f}, {gap.ci_high:+.3f}]."
    )
    return Finding(finding.estimate, finding.n, finding.verdict, note), rows + gaps


def _nearer(cell: Cell) -> Sampled:
    near, far = cell.gap("minimum_change", "familiar"), cell.gap("minimum_change", "unfamiliar")
    return Sampled(
        abs(far.observed) - abs(near.observed),
        np.abs(far.draws) - np.abs(near.draws),
        sum(accuracy.runs for accuracy in cell.by_kind.values()),
    )


CLAIM = Claim(
    id="F6",
    statement="The base's own answers, minimally corrected, teach like familiar responses.",
    statistic="Accuracy on the split test at the largest training size that all three arms have.",
    contrast=(
        "How far minimum change is from unfamiliar minus how far it is from familiar, averaged "
        "over bases within a task, then over tasks. Minimum change minus familiar stands beside it."
    ),
    criterion=(
        "Supported if the 95% interval (bootstrap over seeds, then problems) lies above zero: it "
        "is nearer to familiar; contradicted if below."
    ),
    unit="difference in accuracy",
    test=decide_nearness,
    every_arm=True,
)
