"""K2b: training on facts that a model does not know harms what it knows, with more data more."""

from dataclasses import replace

from showhow.analysis.claims.claim import (
    CONTRADICTED,
    INCONCLUSIVE,
    SUPPORTED,
    Claim,
    Finding,
    finding_of,
    overall,
)
from showhow.analysis.contrasts import TaskRow, summary_rows
from showhow.analysis.evidence import Evidence
from showhow.analysis.knowledge import (
    MISSING,
    TRAINING_LEVELS,
    Trained,
    known_places,
    shared_sizes,
    trained_on,
)
from showhow.analysis.statistics import Sampled, mean_of

KNOWN = (2, 3, 4)
HARM = "level 0 minus the mean of levels 1 to 4, on test levels 2 to 4"
GROWTH = f"{HARM}: at the largest size minus at the smallest"


def decide_harm(evidence: Evidence) -> tuple[Finding, list[TaskRow]]:
    """The harm at the largest size and its growth with the size decide together."""
    harm, growth, notes = {}, {}, {}
    for place in known_places(evidence):
        sizes = shared_sizes(evidence, *place)
        ends = _harm_at(evidence, *place, [sizes[0], sizes[-1]]) if len(sizes) > 1 else None
        if ends:
            harm[place], growth[place] = ends[1], replace(ends[1] - ends[0], runs=ends[1].runs)
            notes[place] = f"N {sizes[0]} and {sizes[-1]}"
    rows = summary_rows("K2b", HARM, harm, notes) + summary_rows("K2b", GROWTH, growth, notes)
    more = overall(rows, GROWTH)
    missing = f"{MISSING} The claim needs two such sizes."
    finding = finding_of(overall(rows, HARM), lambda _: INCONCLUSIVE, missing)
    if more is None:
        return finding, rows
    both = max(finding.estimate.p, more.p)
    note = (
        f"From the smallest to the largest size the difference grows by {more.estimate:+.3f} "
        f"(95% interval {more.ci_low:+.3f} to {more.ci_high:+.3f}). The p is the larger of both."
    )
    verdict = _verdict(finding, more)
    estimate = replace(finding.estimate, p=both)
    return replace(finding, estimate=estimate, verdict=verdict, note=note), rows


def _harm_at(evidence: Evidence, task: str, model: str, sizes: list[int]) -> list[Sampled] | None:
    """The harm at each of these sizes, paired."""
    asked = [(kind, size) for size in sizes for kind in TRAINING_LEVELS]
    trained = trained_on(evidence, task, model, asked)
    if trained is None or not set(KNOWN) <= set(trained[0].by_level):
        return None
    count = len(TRAINING_LEVELS)
    return [_harm(trained[start : start + count]) for start in range(0, len(trained), count)]


def _harm(trained: list[Trained]) -> Sampled:
    unknown, *others = (each.mean(KNOWN) for each in trained)
    return replace(unknown - mean_of(others), runs=unknown.runs * len(trained))


def _verdict(finding: Finding, growth: TaskRow) -> str:
    harm = finding.estimate
    if harm.high < 0 and growth.ci_high < 0:
        return SUPPORTED
    return CONTRADICTED if harm.low > 0 or growth.ci_low > 0 else INCONCLUSIVE


CLAIM = Claim(
    id="K2b",
    statement=(
        "Facts that a model does not know at all harm what it knows when it is trained on them, "
        "and more of them harm more."
    ),
    statistic=(
        "Accuracy on the test facts of memory levels 2 to 4, each level with the same weight, "
        "after training on facts of one level."
    ),
    contrast=(
        "Training on level 0 minus the mean of training on levels 1 to 4, at the largest size that "
        "all five levels have; and this difference at the largest size minus that at the smallest. "
        "Both averaged over bases, then over tasks."
    ),
    criterion=(
        "Supported if both 95% intervals (bootstrap over draws, then problems) lie below zero, "
        "contradicted if either lies above."
    ),
    unit="difference in accuracy",
    test=decide_harm,
    every_arm=True,
)
