"""F4: fine-tuning on familiar responses keeps more of what the base could do besides."""

from dataclasses import replace

from showhow.analysis.claims.claim import (
    Claim,
    Finding,
    finding_of,
    nothing_to_compare,
    overall,
    verdict_by_interval,
)
from showhow.analysis.contrasts import TaskRow
from showhow.analysis.evidence import Evidence, gather_evidence
from showhow.analysis.familiarity import SPLIT, contrast, gap_rows
from showhow.analysis.table_files import measured_table

KINDS = ("familiar", "unfamiliar")


def decide_retention(evidence: Evidence) -> tuple[Finding, list[TaskRow]]:
    """Familiar minus unfamiliar on the tasks outside the training data."""
    if evidence.bases.retention is None:
        return nothing_to_compare("The study does not measure retention."), []
    rows = gap_rows("F4", on_other_tasks(evidence), *KINDS)
    missing = "No base has runs on familiar and on unfamiliar responses."
    return finding_of(overall(rows, contrast(*KINDS)), verdict_by_interval, missing), rows


def on_other_tasks(evidence: Evidence) -> Evidence:
    """The same runs, with what they answered to the retained tasks in place of their own task."""
    kept = measured_table(evidence.bases.retention)
    items = kept.assign(task=kept["retained_task"], correct=kept["correct_after"], split=SPLIT)
    about = replace(evidence.bases, retention=None)
    every = dict.fromkeys(items["variant"].unique())
    return gather_evidence(
        evidence.runs, items, every, evidence.resamples, evidence.random_seed, True, about
    )


CLAIM = Claim(
    id="F4",
    statement="Familiar responses keep more of the base's ability on other tasks.",
    statistic=(
        "Accuracy after fine-tuning on the test problems of tasks outside the training data, at "
        "the largest training size that both arms have. Both arms start from the same base, so "
        "the difference is also one of what is kept."
    ),
    contrast=(
        "Familiar minus unfamiliar, averaged over bases within a retained task, then over "
        "retained tasks."
    ),
    criterion=(
        "Supported if the 95% interval (bootstrap over seeds, then problems) lies above zero, "
        "contradicted if below."
    ),
    unit="difference in accuracy",
    test=decide_retention,
    every_arm=True,
)
