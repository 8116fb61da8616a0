"""K2a: training on facts of one memory level helps the test facts of that level most."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.estimation import Contrast, mean_of
from showhow.analysis.evidence import Evidence
from showhow.analysis.judgement import Condition, above, in_agreement
from showhow.analysis.knowledge import MISSING, FiveArms, at_largest, models_in, sizes_told


@dataclass(frozen=True)
class Scale:
    """What accuracy is turned into, and its slope."""

    of: Callable[[float], float]
    slope: Callable[[float], float]


SCALES = {
    "log odds": Scale(lambda a: float(np.log(a / (1 - a))), lambda a: 1 / (a * (1 - a))),
    "log accuracy": Scale(lambda a: float(np.log(a)), lambda a: 1 / a),
    "accuracy": Scale(lambda a: a, lambda _: 1.0),
}
DIAGONAL = "own level's training beyond both main effects"


def ask_diagonal(evidence: Evidence, margin: float) -> Asked:
    """The diagonal has to stand out on every scale, or lie below on every one: none makes it."""
    found = at_largest(evidence)
    if not found:
        return nothing_to_compare(MISSING)
    conditions = {
        task: [
            Condition(
                f"{DIAGONAL}, {name}",
                mean_of([_diagonal(each, scale) for each in there]),
                above(margin),
            )
            for name, scale in SCALES.items()
        ]
        for task, there in found.items()
    }
    beside = {task: _by_test_level(there) for task, there in found.items()}
    return Asked(conditions, beside, note=sizes_told(found), models=models_in(found))


def _diagonal(trained: FiveArms, scale: Scale) -> Contrast:
    """Mean of the diagonal minus the mean of all other cells, of the levels trained and tested.

    In it every training level and every test level has the weight zero, so that what is additive
    on this scale is out of it.
    """
    levels = [level for level in trained.facts.levels if level in trained.arms]
    cells = {
        (of, on): _on_scale(trained.mean(of, [on]), scale, trained.facts.number_on(on))
        for of in levels
        for on in levels
    }
    own = mean_of([cells[level, level] for level in levels])
    others = mean_of([cell for (of, on), cell in cells.items() if of != on])
    return own - others


def _on_scale(accuracy: Contrast, scale: Scale, facts: float) -> Contrast:
    """An accuracy on another scale, in first order around its mean over units.

    Around the mean, as a unit by itself may have no right answer among hard facts. Half a right
    and half a wrong answer are added to all the units' answers.
    """
    ((name, part),) = accuracy.parts.items()
    mean = float(part.mean())
    answers = facts * len(accuracy.units)
    shrunk = (mean * answers + 0.5) / (answers + 1)
    parts = scale.of(shrunk) + scale.slope(shrunk) * (part - mean)
    return Contrast({name: parts}, accuracy.units, accuracy.runs)


def _by_test_level(there: list[FiveArms]) -> list[Condition]:
    """For each test level its own training minus the others', which its main effects are in."""
    return [
        Condition(
            f"own training minus the other levels', on test level {on} with {each.facts.model}",
            each.mean(on, [on]) - mean_of([each.mean(of, [on]) for of in each.arms if of != on]),
            above(0.0),
        )
        for each in there
        for on in each.facts.levels
        if on in each.arms
    ]


CLAIM = Claim(
    id="K2a",
    statement="Training on facts of one memory level helps the test facts of that level most.",
    statistic=(
        "Accuracy on the test facts of each memory level, after training on the facts of each, at "
        "the largest size that all five levels have; as log odds, as log accuracy and as it is."
    ),
    contrast=(
        "The interaction on the diagonal with both main effects removed: the mean of the cells of "
        "one level in training and test minus the mean of all others; averaged over bases, then "
        "over tasks."
    ),
    criterion=(
        "Supported if it lies above zero with its whole 95% interval on all three scales, as an "
        "interaction that changing the scale removes is none (a training level that multiplies "
        "every recall has one in accuracy); contradicted if it lies below zero on all three."
    ),
    unit="difference in log odds, in log accuracy, in accuracy",
    ask=ask_diagonal,
    decide=in_agreement,
)
