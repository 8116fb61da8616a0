"""C4: explanations cut the amount of training data needed."""

from dataclasses import dataclass

import numpy as np

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.estimation import Contrast, mean_of
from showhow.analysis.evidence import Arm, Evidence
from showhow.analysis.judgement import Condition, above
from showhow.analysis.levels import not_asked, steps_of

TARGETS = (0.5, 0.7, 0.9)
AREA = "area under accuracy over log N, mean of levels minus none"
MISSING = (
    "No task and model has two training sizes, of as many steps each, with and without "
    "explanations: give the arms `match: steps`."
)
LACKING = "two training sizes, of as many steps each, with and without explanations"


@dataclass(frozen=True)
class Curves:
    """Accuracy of one task and model over K training sizes, of as many steps each."""

    task: str
    model: str
    sizes: tuple[int, ...]
    none: tuple[Contrast, ...]
    explained: tuple[Contrast, ...]

    def gains(self) -> list[Contrast]:
        return [with_ - without for with_, without in zip(self.explained, self.none, strict=True)]

    def area(self) -> Contrast:
        """Area between the curves over log N, as a mean height (the trapezoidal rule)."""
        log_n = np.log(self.sizes)
        widths = np.diff(log_n)
        weights = np.append(widths, 0) + np.append(0, widths)
        weights /= weights.sum()
        parts = [weight * part for weight, part in zip(weights, self.gains(), strict=True)]
        return len(parts) * mean_of(parts)

    def needed(self, curve: tuple[Contrast, ...], target: float) -> str:
        """Between which training sizes a curve first reaches a target, as in `800 to 2800`."""
        reached = [size for size, at in zip(self.sizes, curve, strict=True) if at.value >= target]
        if not reached:
            return f"above {self.sizes[-1]}"
        place = self.sizes.index(reached[0])
        return f"{self.sizes[place - 1]} to {reached[0]}" if place else f"at most {reached[0]}"


def ask_data_needed(evidence: Evidence, margin: float) -> Asked:
    """The area decides, and at no training size may explanations do harm beyond the margin."""
    found = [
        curves
        for place in evidence.tasks_and_models("test")
        if (curves := _curves(evidence, *place)) is not None
    ]
    if not found:
        return nothing_to_compare(MISSING)
    tasks = sorted({curves.task for curves in found})
    conditions = {task: _conditions([c for c in found if c.task == task], margin) for task in tasks}
    models = frozenset(curves.model for curves in found)
    note = f"{_targets(found)} {not_asked(evidence, conditions, LACKING)}".strip()
    return Asked(conditions, note=note, models=models)


def _conditions(there: list[Curves], margin: float) -> list[Condition]:
    area = Condition(AREA, mean_of([curves.area() for curves in there]), above(0.0))
    gains = {
        f"mean of levels minus none, {curves.model}, N {size}": gained
        for curves in there
        for size, gained in zip(curves.sizes, curves.gains(), strict=True)
    }
    return [area, *(Condition(name, gained, above(-margin)) for name, gained in gains.items())]


def _targets(found: list[Curves]) -> str:
    """Say what amount of data each target takes; known up to the two sizes around it."""
    told = [
        f"{curves.task} with {curves.model} to {target:.0%}: "
        f"{curves.needed(curves.explained, target)} with, "
        f"{curves.needed(curves.none, target)} without"
        for curves in found
        for target in TARGETS
    ]
    return f"Examples needed: {'; '.join(told)}."


def _curves(evidence: Evidence, task: str, model: str) -> Curves | None:
    """The curves over all sizes that none and the levels share, where all took as many steps."""
    for match in ("steps", "examples"):
        curves = _matched(evidence, task, model, match)
        if curves is not None:
            return curves
    return None


def _matched(evidence: Evidence, task: str, model: str, match: str) -> Curves | None:
    variants = [*sorted(evidence.answer_only), *evidence.levels]
    having = {
        variant: sizes
        for variant in variants
        if len(sizes := evidence.sizes(task, variant, model, "test", match)) > 1
    }
    none = [variant for variant in having if variant in evidence.answer_only]
    levels = [variant for variant in having if variant not in evidence.answer_only]
    sizes = sorted(set.intersection(*map(set, having.values()))) if none and levels else []
    if len(sizes) < 2:
        return None
    arms = {
        (variant, size): Arm(task, variant, model, size, "test", match)
        for variant in having
        for size in sizes
    }
    if len({steps_of(evidence, arm) for arm in arms.values()}) > 1:
        return None
    return Curves(
        task,
        model,
        tuple(sizes),
        tuple(evidence.accuracy(arms[none[0], size]) for size in sizes),
        tuple(
            mean_of([evidence.accuracy(arms[level, size]) for level in levels]) for size in sizes
        ),
    )


CLAIM = Claim(
    id="C4",
    statement="Explanations cut the amount of training data needed.",
    statistic=(
        "Accuracy on the split test at every training size that none and the levels share, all of "
        "as many optimiser steps."
    ),
    contrast=(
        "Area under the curve over log N, mean of the explained levels minus none, and the same "
        "difference at each size; averaged over models within a task, then over tasks. Beside it, "
        f"between which sizes fixed accuracies ({', '.join(f'{t:.0%}' for t in TARGETS)}) are "
        "reached."
    ),
    criterion=(
        "Supported if the 95% interval of the area lies above zero and at no size the levels are "
        "worse than none by the margin or more; contradicted if one of these is shown not to hold."
    ),
    unit="difference in accuracy",
    ask=ask_data_needed,
    margin=0.05,
)
