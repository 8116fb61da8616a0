"""F3: more detail alone does not make up for an unfamiliar voice."""

from dataclasses import replace

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

LEFT = ("familiar", "unfamiliar_longer")
GAINED = ("unfamiliar_longer", "unfamiliar")


def decide_gap_left(evidence: Evidence) -> tuple[Finding, list[TaskRow]]:
    """What is left of the gap decides; what detail gained stands in the note."""
    left, gained = (gap_rows("F3", evidence, *kinds) for kinds in (LEFT, GAINED))
    missing = "No base has runs on familiar and on longer unfamiliar responses."
    finding = finding_of(overall(left, contrast(*LEFT)), verdict_by_interval, missing)
    gain = overall(gained, contrast(*GAINED))
    if gain is None:
        return finding, left
    note = (
        f"Detail changes the unfamiliar arm by {gain.estimate:+.3f} "
        f"[{gain.ci_low:+.3f}, {gain.ci_high:+.3f}]."
    )
    return replace(finding, note=note), left + gained


CLAIM = Claim(
    id="F3",
    statement="More detail alone does not close the gap between unfamiliar and familiar responses.",
    statistic="Accuracy on the split test at the largest training size that both arms have.",
    contrast=(
        "Familiar minus unfamiliar and longer, averaged over bases within a task, then over tasks."
    ),
    criterion=(
        "Supported if the 95% interval (bootstrap over seeds, then problems) lies above zero: "
        "some of the gap is left; contradicted if below."
    ),
    unit="difference in accuracy",
    test=decide_gap_left,
    every_arm=True,
)
