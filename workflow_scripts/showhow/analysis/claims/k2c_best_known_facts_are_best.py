"""K2c: the facts that a model knows best are the best to train on, or those that it half knows."""

from collections import Counter
from dataclasses import replace

import numpy as np

from showhow.analysis.claims.claim import (
    Claim,
    Finding,
    finding_of,
    overall,
    verdict_by_interval,
)
from showhow.analysis.contrasts import TaskRow, summary_rows, task_row
from showhow.analysis.evidence import Evidence
from showhow.analysis.knowledge import MISSING, trained_at_largest
from showhow.analysis.statistics import Sampled, mean_of

HIGH, MIDDLE = 4, (1, 2, 3)
HIGH_OVER_MIDDLE = "level 4 minus the mean of levels 1 to 3"


def decide_best(evidence: Evidence) -> tuple[Finding, list[TaskRow]]:
    """Level 4 against the middle ones; every level has a row."""
    rows, gaps, notes, winners = [], {}, {}, []
    for place, trained in trained_at_largest(evidence).items():
        means = {level: each.mean() for level, each in trained.items()}
        rows += [
            task_row("K2c", *place, f"training on level {level}", mean.summary(), mean.runs)
            for level, mean in means.items()
        ]
        gap = means[HIGH] - mean_of([means[level] for level in MIDDLE])
        gaps[place] = replace(gap, runs=sum(mean.runs for mean in means.values()))
        notes[place] = f"N {trained[HIGH].n_train}"
        winners.append(f"with {place[1]} {_winners(means)}")
    rows += summary_rows("K2c", HIGH_OVER_MIDDLE, gaps, notes)
    finding = finding_of(overall(rows, HIGH_OVER_MIDDLE), verdict_by_interval, MISSING)
    if not gaps:
        return finding, rows
    note = f"Share of resamples in which a level is the best: {'; '.join(winners)}."
    return replace(finding, note=note), rows


def _winners(means: dict[int, Sampled]) -> str:
    levels = sorted(means)
    best = np.argmax(np.stack([means[level].draws for level in levels]), axis=0)
    counts = Counter(best.tolist())
    shares = {levels[place]: count / len(best) for place, count in counts.items()}
    return ", ".join(f"level {level} {shares[level]:.2f}" for level in sorted(shares))


CLAIM = Claim(
    id="K2c",
    statement="The facts that a model knows best are the best to train on.",
    statistic=(
        "Accuracy on the split test, the unweighted mean over memory levels, after training on the "
        "facts of one level, at the largest size that all five levels have."
    ),
    contrast=(
        "Training on level 4 minus the mean of training on levels 1 to 3, averaged over bases, "
        "then over tasks. The papers disagree: the first says the high levels, the authors' "
        "follow-up the middle."
    ),
    criterion=(
        "Supported (high) if the 95% interval (bootstrap over draws, then problems) lies above "
        "zero, contradicted (middle) if below."
    ),
    unit="difference in accuracy",
    test=decide_best,
    every_arm=True,
)
