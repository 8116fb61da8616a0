"""Ways of writing compared on one base: what the claims about familiarity share."""

from collections.abc import Mapping
from dataclasses import dataclass

from showhow.analysis.estimation import Contrast, mean_of
from showhow.analysis.evidence import Arm, Evidence
from showhow.analysis.judgement import Condition, above

SPLIT = "test"
MATCHES = ("steps", "examples")
"""What arms that are compared have in common; where a study has both, as many steps."""


@dataclass(frozen=True)
class Cell:
    """Accuracy on the split test of one task, base and training size, by the kind of variant."""

    task: str
    model: str
    n_train: int
    by_kind: Mapping[str, Contrast]

    def combined(self, weights: Mapping[str, float]) -> Contrast:
        """Sum the kinds' accuracies, each with its weight."""
        parts = [weight * self.by_kind[kind] for kind, weight in weights.items()]
        return len(parts) * mean_of(parts)


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
    for (n_train, _), arms in arms_by_size(evidence, task, model):
        # Of several variants of one kind the first by its name stands for it.
        by_kind = {kind_of(evidence, arm.variant): arm for arm in sorted(arms, reverse=True)}
        if set(kinds) <= set(by_kind):
            accuracy = {kind: evidence.accuracy(by_kind[kind]) for kind in kinds}
            shared = set.intersection(*(set(each.units) for each in accuracy.values()))
            if shared:
                return Cell(task, model, n_train, accuracy)
    return None


def arms_by_size(
    evidence: Evidence, task: str, model: str
) -> list[tuple[tuple[int, str], list[Arm]]]:
    """Group a base's arms by training size and match, which those that are compared share.

    The largest training size comes first, and of its matches that which is preferred.
    """
    found: dict[tuple[int, str], list[Arm]] = {}
    for arm in sorted(evidence.correct):
        if (arm.task, arm.model, arm.split) == (task, model, SPLIT) and arm.match in MATCHES:
            found.setdefault((arm.n_train, arm.match), []).append(arm)
    return sorted(found.items(), key=lambda item: (-item[0][0], MATCHES.index(item[0][1])))


def models_of(cells: list[Cell]) -> frozenset[str]:
    return frozenset(cell.model for cell in cells)


def averaged(cells: list[Cell], weights: Mapping[str, float]) -> Contrast:
    """Sum the kinds' accuracies, each with its weight, averaged over bases."""
    return mean_of([cell.combined(weights) for cell in cells])


def gap(cells: list[Cell], kind: str, other: str) -> Contrast:
    """Accuracy of one kind minus that of another, averaged over bases."""
    return averaged(cells, {kind: 1, other: -1})


def gap_of_each_base(cells: list[Cell], kind: str, other: str) -> list[Condition]:
    """The gap on each base by itself, to stand beside what is decided."""
    return [
        Condition(
            f"{contrast(kind, other)}, {cell.model}, N {cell.n_train}",
            gap([cell], kind, other),
            above(0.0),
        )
        for cell in cells
    ]


def contrast(kind: str, other: str) -> str:
    """Name the contrast of two kinds, as in the rows by task."""
    return f"{kind} minus {other}".replace("_", " ")
