"""K2a: training on facts of one memory level helps the test facts of that level most."""

from dataclasses import replace

from showhow.analysis.claims.claim import (
    Claim,
    Finding,
    finding_of,
    overall,
    verdict_by_interval,
)
from showhow.analysis.contrasts import TaskRow, adjusted, summary_rows, task_row
from showhow.analysis.evidence import Evidence
from showhow.analysis.knowledge import MISSING, Trained, trained_at_largest
from showhow.analysis.statistics import Sampled, mean_of

DOMINANCE = "own level's training minus the mean of the other levels', over test levels"


def decide_diagonal(evidence: Evidence) -> tuple[Finding, list[TaskRow]]:
    """The mean over test levels decides; each test level has a row."""
    bases = trained_at_largest(evidence)
    rows: list[TaskRow] = []
    dominance, notes, won, columns = {}, {}, 0, 0
    for place, trained in bases.items():
        by_level = {level: _advantage(trained, level) for level in _tested(trained)}
        rows += adjusted(
            [
                task_row("K2a", *place, f"on test level {level}", each.summary(), each.runs)
                for level, each in by_level.items()
            ]
        )
        won += sum(_best_at(trained, level) == level for level in by_level)
        columns += len(by_level)
        dominance[place] = replace(mean_of(list(by_level.values())), runs=_runs(trained))
        notes[place] = f"N {trained[0].n_train}"
    rows += summary_rows("K2a", DOMINANCE, dominance, notes)
    finding = finding_of(overall(rows, DOMINANCE), verdict_by_interval, MISSING)
    if not bases:
        return finding, rows
    note = f"On {won} of {columns} test levels of the bases their own level's training is the best."
    return replace(finding, note=note), rows


def _tested(trained: dict[int, Trained]) -> list[int]:
    """List the levels that are both trained on and tested."""
    return sorted(set(trained) & set(trained[0].by_level))


def _advantage(trained: dict[int, Trained], level: int) -> Sampled:
    own = trained[level].by_level[level]
    others = [each.by_level[level] for of, each in trained.items() if of != level]
    return replace(own - mean_of(others), runs=_runs(trained))


def _best_at(trained: dict[int, Trained], level: int) -> int:
    return max(trained, key=lambda of: trained[of].by_level[level].observed)


def _runs(trained: dict[int, Trained]) -> int:
    return sum(each.mean().runs for each in trained.values())


CLAIM = Claim(
    id="K2a",
    statement="Training on facts of one memory level helps the test facts of that level most.",
    statistic=(
        "Accuracy on the test facts of each memory level, after training on the facts of each, at "
        "the largest size that all five levels have."
    ),
    contrast=(
        "For each test level, training on its own level minus the mean of training on the other "
        "four; averaged over test levels, then over bases, then over tasks."
    ),
    criterion=(
        "Supported if the 95% interval (bootstrap over draws, then problems) lies above zero, "
        "contradicted if below."
    ),
    unit="difference in accuracy",
    test=decide_diagonal,
    every_arm=True,
)
