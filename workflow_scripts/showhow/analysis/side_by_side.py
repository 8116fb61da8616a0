"""Two finished studies side by side: what both have of a condition, and by how much they differ."""

import math
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, fields

import pandas as pd

from showhow.analysis.comparisons import NONE
from showhow.analysis.estimation import Estimate
from showhow.analysis.evidence import Arm, Evidence

PAIRED, UNPAIRED = "paired", "unpaired"


@dataclass(frozen=True)
class Difference:
    """One condition that both studies have. Columns of what `make compare` writes.

    a, b: the accuracies; difference: a minus b, ci_low and ci_high its 95% interval, empty where
    one seed gives none. compared: paired, by seed and problem, or unpaired.
    """

    task: str
    variant: str
    model: str
    n_train: int
    match: str
    split: str
    a: float
    b: float
    difference: float
    ci_low: float
    ci_high: float
    compared: str
    seeds_a: int
    seeds_b: int
    problems_a: int
    problems_b: int


COLUMNS = [field.name for field in fields(Difference)]


def differences(
    a: Evidence, b: Evidence, same_problems: Collection[tuple[str, str]]
) -> pd.DataFrame:
    """Compare the conditions that both studies have, those that differ most first.

    same_problems: the tasks and splits whose problems are the same in both, in the same order.
    """
    rows = sorted(_rows(a, b, same_problems), key=lambda row: -abs(row.difference))
    return pd.DataFrame([asdict(row) for row in rows], columns=COLUMNS)


def _rows(
    a: Evidence, b: Evidence, same_problems: Collection[tuple[str, str]]
) -> Iterator[Difference]:
    for arm in sorted(set(a.correct) & set(b.correct)):
        one, two = a.accuracy(arm), b.accuracy(arm)
        paired = (arm.task, arm.split) in same_problems and one.units == two.units
        estimate = (one - two).estimate if paired else independent(one.estimate, two.estimate)
        low, high = estimate.interval()
        known = math.isfinite(low)
        yield Difference(
            arm.task,
            arm.variant,
            arm.model,
            arm.n_train,
            arm.match,
            arm.split,
            one.value,
            two.value,
            estimate.value,
            low if known else NONE,
            high if known else NONE,
            PAIRED if paired else UNPAIRED,
            *_sizes(a, b, arm),
        )


def _sizes(a: Evidence, b: Evidence, arm: Arm) -> tuple[int, int, int, int]:
    (seeds_a, problems_a), (seeds_b, problems_b) = a.correct[arm].shape, b.correct[arm].shape
    return seeds_a, seeds_b, problems_a, problems_b


def independent(one: Estimate, two: Estimate) -> Estimate:
    """Subtract estimates that have nothing in common.

    Degrees of freedom are weighted by the share of the variance, as those of a contrast are.
    """
    value = one.value - two.value
    variance = one.error**2 + two.error**2
    if not math.isfinite(variance):
        return Estimate(value, math.inf, 1.0)
    if variance == 0:
        return Estimate(value, 0.0, math.inf)
    share = one.error**2 / variance
    per_freedom = share / one.df + (1 - share) / two.df
    return Estimate(value, math.sqrt(variance), 1 / per_freedom if per_freedom else math.inf)
