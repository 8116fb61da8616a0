"""F4: fine-tuning on familiar responses keeps more of what the base could do besides."""

from dataclasses import dataclass, replace

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.estimation import Contrast, mean_of
from showhow.analysis.evidence import Evidence, gather_evidence
from showhow.analysis.familiarity import SPLIT, Cell, cells_with, contrast, gap
from showhow.analysis.judgement import Condition, above, below
from showhow.analysis.table_files import blocks, measured_table

KINDS = ("familiar", "unfamiliar")
NOT_MEASURED = "The study does not measure retention."
MISSING = "No base has runs on familiar and on unfamiliar responses."


@dataclass(frozen=True)
class Kept:
    """Accuracy on a retained task of one base and training task: after fine-tuning and before."""

    after: Cell
    before: Cell

    def lost(self, kind: str) -> Contrast:
        """Accuracy after fine-tuning on one kind minus that of the very base it started from."""
        after, before = (cell.by_kind[kind] for cell in (self.after, self.before))
        return replace(after - before, runs=after.runs)


def ask_retention(evidence: Evidence, margin: float) -> Asked:
    """Familiar keeps more than unfamiliar, and there was something to keep: unfamiliar lost."""
    if evidence.bases.retention is None:
        return nothing_to_compare(NOT_MEASURED)
    kept = [each for pair in _on_other_tasks(evidence) for each in _cells(*pair)]
    if not kept:
        return nothing_to_compare(MISSING)
    tasks = {
        task: [each for each in kept if each.after.task == task]
        for task in sorted({each.after.task for each in kept})
    }
    return Asked(
        {task: _conditions(there, margin) for task, there in tasks.items()},
        {task: _beside(there) for task, there in tasks.items()},
        note="Tasks are those that no arm trains on.",
        models=frozenset(each.after.model for each in kept),
    )


def _conditions(there: list[Kept], margin: float) -> list[Condition]:
    own, other = KINDS
    return [
        Condition(
            contrast(own, other), gap([each.after for each in there], own, other), above(margin)
        ),
        Condition(
            f"{other} minus the untuned base", mean_of([e.lost(other) for e in there]), below(0.0)
        ),
    ]


def _beside(there: list[Kept]) -> list[Condition]:
    own, _ = KINDS
    lost = mean_of([each.lost(own) for each in there])
    return [
        Condition(f"{own} minus the untuned base", lost, above(0.0)),
        *(
            Condition(
                f"{kind} minus the untuned base, {each.after.model}, N {each.after.n_train}",
                each.lost(kind),
                above(0.0),
            )
            for each in there
            for kind in KINDS
        ),
    ]


def _cells(after: Evidence, before: Evidence) -> list[Kept]:
    pairs = (cells_with(evidence, *KINDS) for evidence in (after, before))
    return [Kept(*pair) for pair in zip(*pairs, strict=True)]


def _on_other_tasks(evidence: Evidence) -> list[tuple[Evidence, Evidence]]:
    """The runs of each training task, with what they answered to the retained tasks: after, before.

    Runs of different training tasks answer the same problems of a retained task.
    """
    kept = measured_table(evidence.bases.retention).assign(split=SPLIT)
    about = replace(evidence.bases, retention=None)
    every = dict.fromkeys(kept["variant"].unique())
    found = []
    for _, rows in blocks(kept, ["task"]):
        items = rows.assign(task=rows["retained_task"])
        after, before = (
            gather_evidence(
                evidence.runs, items.assign(correct=items[when]), every, about, evidence.instances
            )
            for when in ("correct_after", "correct_before")
        )
        found.append((after, before))
    return found


CLAIM = Claim(
    id="F4",
    statement="Familiar responses keep more of the base's ability on other tasks.",
    statistic=(
        "Accuracy after fine-tuning on the test problems of tasks outside the training data, at "
        "the largest training size that both arms have, and that of the untuned base."
    ),
    contrast=(
        "Familiar minus unfamiliar, and unfamiliar minus the untuned base that the run started "
        "from; averaged over bases within a retained task, then over retained tasks."
    ),
    criterion=(
        "Supported if the first lies above the margin and the second below zero, both with their "
        "whole 95% intervals: where the unfamiliar arm loses nothing, nothing more can be kept. "
        "Contradicted if one is shown not to hold. Familiar minus the untuned base stands beside."
    ),
    unit="difference in accuracy",
    ask=ask_retention,
)
