"""K3: which facts are the best to train on differs from base to base."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from showhow.analysis.claims.claim import (
    CONTRADICTED,
    INCONCLUSIVE,
    SUPPORTED,
    Claim,
    Finding,
    nothing_to_compare,
)
from showhow.analysis.contrasts import TaskRow, task_row
from showhow.analysis.evidence import Evidence
from showhow.analysis.knowledge import MISSING, trained_at_largest
from showhow.analysis.statistics import Estimate, Sampled

CROSSING = "margin by which each base's best level beats the other base's best level"
SAME = "margin by which the common best level beats the second best, as minus"


@dataclass(frozen=True)
class Base:
    """One base: its mean accuracy after training on each level, by level."""

    task: str
    model: str
    means: dict[int, Sampled]

    @property
    def best(self) -> int:
        return max(self.means, key=lambda level: self.means[level].observed)

    def margin(self, level: int, other: int) -> Sampled:
        """How much better one level is to train on than another."""
        return self.means[level] - self.means[other]

    @property
    def tests(self) -> int:
        """Count the levels that a best one was chosen against."""
        return len(self.means) - 1


def decide_differences(evidence: Evidence) -> tuple[Finding, list[TaskRow]]:
    """Every two bases of a task are compared; the clearest difference decides."""
    bases = [
        Base(*place, {level: each.mean() for level, each in trained.items()})
        for place, trained in trained_at_largest(evidence).items()
    ]
    pairs = [pair for pair in combinations(bases, 2) if pair[0].task == pair[1].task]
    if not pairs:
        return nothing_to_compare(f"{MISSING} The claim needs two such bases of one task."), []
    compared = [_compare(*pair) for pair in pairs]
    row, verdict = max(compared, key=lambda each: each[0].estimate)
    if verdict == CONTRADICTED and any(other != CONTRADICTED for _, other in compared):
        verdict = INCONCLUSIVE
    estimate = Estimate(row.estimate, row.ci_low, row.ci_high, row.p)
    note = "Best levels: " + ", ".join(f"{base.best} with {base.model}" for base in bases) + "."
    return Finding(estimate, row.n, verdict, note), [each for each, _ in compared]


def _compare(first: Base, second: Base) -> tuple[TaskRow, str]:
    if first.best == second.best:
        return _same(first, second)
    margins = [first.margin(first.best, second.best), second.margin(second.best, first.best)]
    crossing = _least(margins, first, second)
    estimate = crossing.summary(tests=first.tests)
    lows = [margin.summary(tests=first.tests).low for margin in margins]
    verdict = SUPPORTED if min(lows) > 0 else INCONCLUSIVE
    return _row(first, second, CROSSING, estimate, crossing.runs), verdict


def _same(first: Base, second: Base) -> tuple[TaskRow, str]:
    """One level is the best on both: by how much, where it is least clear."""
    margins = [
        base.margin(base.best, other)
        for base in (first, second)
        for other in base.means
        if other != base.best
    ]
    least = _least(margins, first, second)
    clear = all(margin.summary(tests=first.tests).low > 0 for margin in margins)
    negated = Sampled(-least.observed, -least.draws, least.runs)
    estimate = negated.summary(tests=first.tests)
    verdict = CONTRADICTED if clear else INCONCLUSIVE
    return _row(first, second, SAME, estimate, least.runs), verdict


def _least(margins: list[Sampled], first: Base, second: Base) -> Sampled:
    runs = sum(mean.runs for base in (first, second) for mean in base.means.values())
    draws = np.min([margin.draws for margin in margins], axis=0)
    return Sampled(min(margin.observed for margin in margins), draws, runs)


def _row(first: Base, second: Base, contrast: str, estimate: Estimate, runs: int) -> TaskRow:
    names = f"{first.model} and {second.model}"
    return task_row("K3", first.task, names, contrast, estimate, runs)


CLAIM = Claim(
    id="K3",
    statement="Which facts are the best to train on differs from base to base.",
    statistic=(
        "The level whose training gives the highest accuracy on the split test, the unweighted "
        "mean over memory levels, at the largest size that all five levels have."
    ),
    contrast=(
        "Where two bases have different best levels: by how much each base's best level beats the "
        "other's, the smaller of the two margins. Where they have the same: minus the margin over "
        "the second best, on the base where it is smaller."
    ),
    criterion=(
        "Supported if on both bases the interval of the margin lies above zero (at 95% for all "
        "levels that a best one was chosen among, Bonferroni); contradicted if one level is best "
        "on all bases and beats every other one in the same way."
    ),
    unit="difference in accuracy",
    test=decide_differences,
    every_arm=True,
)
