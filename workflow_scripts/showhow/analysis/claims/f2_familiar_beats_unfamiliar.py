"""F2: responses in the base's own voice teach more than equally long ones in another voice."""

from showhow.analysis.claims.claim import (
    Claim,
    Finding,
    finding_of,
    overall,
    verdict_by_interval,
)
from showhow.analysis.contrasts import TaskRow
from showhow.analysis.evidence import Evidence
from showhow.analysis.familiarity import contrast, gap_rows


def decide_gap(evidence: Evidence) -> tuple[Finding, list[TaskRow]]:
    """Familiar minus unfamiliar, all bases together."""
    rows = gap_rows("F2", evidence, "familiar", "unfamiliar")
    missing = "No base has runs on familiar and on unfamiliar responses."
    row = overall(rows, contrast("familiar", "unfamiliar"))
    return finding_of(row, verdict_by_interval, missing), rows


CLAIM = Claim(
    id="F2",
    statement="Familiar responses teach more than unfamiliar ones of equal content and length.",
    statistic="Accuracy on the split test at the largest training size that both arms have.",
    contrast="Familiar minus unfamiliar, averaged over bases within a task, then over tasks.",
    criterion=(
        "Supported if the 95% interval (bootstrap over seeds, then problems) lies above zero, "
        "contradicted if below."
    ),
    unit="difference in accuracy",
    test=decide_gap,
    every_arm=True,
)
