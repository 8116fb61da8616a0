"""Ways of writing compared on one base: what the claims about familiarity share."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from showhow.analysis.contrasts import TaskRow, summary_rows
from showhow.analysis.evidence import Arm, Evidence
from showhow.analysis.statistics import Sampled

SPLIT = "test"


@dataclass(frozen=True)
class Cell:
    """Accuracy on the split test of one task, base and training size, by the kind of variant."""

    task: str
    model: str
    n_train: int
    by_kind: Mapping[str, Sampled]

    @property
    def place(self) -> tuple[str, str]:
        return self.task, self.model

    def gap(self, kind: str, other: str) -> Sampled:
        """Accuracy of one kind minus that of another."""
        first, second = self.by_kind[kind], self.by_kind[other]
        return replace(first - second, runs=first.runs + second.runs)


def cells_with(evidence: Evidence, *kinds: str) -> list[Cell]:
    """For each task and base, its arms of these kinds at the largest size that all of them have.

    A task and base that lacks one of the kinds, or a seed that all arms have, is left out.
    """
    found = (_cell(evidence, *place, kinds) for place in evidence.tasks_and_models(SPLIT))
    return [cell for cell in found if cell is not None]


def kind_of(evidence: Evidence, variant: str) -> str:
    """Name a variant's kind; one without a name of its own is its kind."""
    return evidence.bases.kinds.get(variant, variant)


def _cell(evidence: Evidence, task: str, model: str, kinds: tuple[str, ...]) -> Cell | None:
    variants = {
        kind_of(evidence, arm.variant): arm.variant
        for arm in sorted(evidence.correct, reverse=True)
        if (arm.task, arm.model, arm.split) == (task, model, SPLIT)
    }
    if not set(kinds) <= set(variants):
        return None
    sizes = [set(evidence.sizes(task, variants[kind], model, SPLIT)) for kind in kinds]
    common = set.intersection(*sizes)
    if not common:
        return None
    n_train = max(common)
    arms = [Arm(task, variants[kind], model, n_train, SPLIT) for kind in kinds]
    sampled = evidence.accuracies(arms)
    if not sampled:
        return None
    return Cell(task, model, n_train, dict(zip(kinds, sampled, strict=True)))


def gap_rows(claim: str, evidence: Evidence, kind: str, other: str) -> list[TaskRow]:
    """Rows of one kind minus another: each task and base, each task, all tasks."""
    cells = cells_with(evidence, kind, other)
    gaps = {cell.place: cell.gap(kind, other) for cell in cells}
    notes = {cell.place: f"N {cell.n_train}; split {SPLIT}" for cell in cells}
    return summary_rows(claim, contrast(kind, other), gaps, notes)


def contrast(kind: str, other: str) -> str:
    """Name the contrast of two kinds, as in the rows by task."""
    return f"{kind} minus {other}".replace("_", " ")
