"""A statistic of right and wrong answers, and how far it may be from the truth.

Two things vary at random in a study: what a run is made of (a seed draws the training set, the
order and, where each seed has one of its own, the base), and which problems are asked. Both are
crossed: every run answers every problem. A statistic here is linear in the answers, so that it has
a value for each unit (a seed, or a base where several seeds share one) and for each problem, and
its variance is that of a two-way random layout without replication.

Throughout, U units, P problems.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import brentq
from scipy.special import stdtr, stdtrit
from statsmodels.stats.proportion import proportion_confint

SIGNIFICANCE = 0.05
ROUNDING = 1e-15
"""A variance below it is none: sums of equal numbers differ by as much."""


@dataclass(frozen=True)
class Estimate:
    """A value with its standard error and degrees of freedom.

    error: infinite where there is one unit or one problem: nothing can be said about others then.
    """

    value: float
    error: float
    df: float

    def interval(self, significance: float = SIGNIFICANCE) -> tuple[float, float]:
        """Two-sided t interval at 1 - `significance`."""
        if not np.isfinite(self.error):
            return -np.inf, np.inf
        half = float(stdtrit(self.df, 1 - significance / 2)) * self.error
        return self.value - half, self.value + half

    def p_at_most(self, null: float) -> float:
        """One-sided p of 'the truth is at most `null`'."""
        if not np.isfinite(self.error):
            return 1.0
        if self.error == 0:
            return 0.0 if self.value > null else 1.0
        return float(stdtr(self.df, (null - self.value) / self.error))

    def p_at_least(self, null: float) -> float:
        """One-sided p of 'the truth is at least `null`'."""
        return Estimate(-self.value, self.error, self.df).p_at_most(-null)

    def p_of(self, null: float) -> float:
        """Two-sided p of 'the truth is `null`'."""
        return min(1.0, 2 * min(self.p_at_most(null), self.p_at_least(null)))


UNKNOWN = Estimate(float("nan"), np.inf, 1.0)


@dataclass(frozen=True)
class Contrast:
    """A statistic that is a sum over sets of problems, of each the mean over units and problems.

    parts: for each set of problems (its name) a matrix (U, P) of what each answer adds; the rows
    are the units in all of them. runs: how many runs it rests on.
    """

    parts: Mapping[str, np.ndarray]
    units: tuple[str, ...]
    runs: int

    def __add__(self, other: "Contrast") -> "Contrast":
        same = self.units == other.units
        units = self.units if same else tuple(u for u in self.units if u in other.units)
        mine, theirs = self._of_units(units), other._of_units(units)
        added = {
            name: np.sum([part[name] for part in (mine, theirs) if name in part], axis=0)
            for name in sorted({*mine, *theirs})
        }
        return Contrast(added, units, self._runs_of(units) + other._runs_of(units))

    def __mul__(self, factor: float) -> "Contrast":
        return Contrast(
            {name: factor * part for name, part in self.parts.items()}, self.units, self.runs
        )

    __rmul__ = __mul__

    def __neg__(self) -> "Contrast":
        return -1 * self

    def __sub__(self, other: "Contrast") -> "Contrast":
        return self + -other

    def _of_units(self, units: tuple[str, ...]) -> dict[str, np.ndarray]:
        if units == self.units:
            return dict(self.parts)
        chosen = [self.units.index(unit) for unit in units]
        return {name: part[chosen] for name, part in self.parts.items()}

    def _runs_of(self, units: tuple[str, ...]) -> int:
        return round(self.runs * len(units) / max(1, len(self.units)))

    @property
    def by_unit(self) -> np.ndarray:
        """The statistic of each unit by itself, (U,)."""
        return np.sum([part.mean(axis=1) for part in self.parts.values()], axis=0)

    @property
    def value(self) -> float:
        return float(self.by_unit.mean()) if self.units else float("nan")

    @cached_property
    def estimate(self) -> Estimate:
        """The statistic with its error over units and problems.

        The variance of a mean in a two-way random layout is (rows + columns - residual), each
        a mean square over U P (Searle, Casella and McCulloch 1992, ch. 4). Where the difference
        falls below the larger of the first two, that one stands, so that chance makes no interval
        too narrow. Degrees of freedom are weighted by the share of the variance, as Cochran and
        Cox (1950) weigh critical values. Satterthwaite's, by the square of the share, are too many
        where three units happen to lie close together: false verdicts rise to 8% then
        (showhow/calibration). The price are intervals too wide where no unit differs from another.
        """
        units = len(self.units)
        if not units:
            return UNKNOWN
        if units < 2 or min(part.shape[1] for part in self.parts.values()) < 2:
            return Estimate(self.value, np.inf, 1.0)
        of_units = float(self.by_unit.var(ddof=1)) / units
        found = [_mean_squares(part) for part in self.parts.values()]
        of_problems, of_both = (sum(variances) for variances in zip(*found, strict=True))
        fewest_problems = min(part.shape[1] for part in self.parts.values()) - 1
        variance = max(of_units + of_problems - of_both, of_units, of_problems)
        if variance < ROUNDING:
            return Estimate(self.value, self._error_of_equal_answers, np.inf)
        weight = of_units / variance
        per_freedom = weight / (units - 1) + (1 - weight) / fewest_problems
        return Estimate(self.value, float(np.sqrt(variance)), 1 / per_freedom)

    @property
    def _error_of_equal_answers(self) -> float:
        """The error where no unit and no problem differs from another, as at accuracies of 1.

        Nothing varied, and yet not all problems were asked: of P alike, three more of P may be
        otherwise (the rule of three, Hanley and Lippman-Hand 1983), at the interval's end.
        """
        problems = min((part.shape[1] for part in self.parts.values()), default=1)
        return 3 / problems / float(stdtrit(np.inf, 1 - SIGNIFICANCE / 2))


def _mean_squares(part: np.ndarray) -> tuple[float, float]:
    """Variance of the mean from problems and from the residual."""
    units, problems = part.shape
    by_problem = part.mean(axis=0)
    left = part - part.mean(axis=1, keepdims=True) - by_problem + part.mean()
    of_problems = float(by_problem.var(ddof=1)) / problems
    residual = float((left**2).sum()) / ((units - 1) * (problems - 1)) / (units * problems)
    return of_problems, residual


def mean_of(contrasts: list[Contrast]) -> Contrast:
    """Average statistics, each with the same weight, over the units that all of them have."""
    whole = contrasts[0]
    for contrast in contrasts[1:]:
        whole = whole + contrast
    return whole * (1 / len(contrasts))


def log_odds(accuracy: Contrast, guessed: np.ndarray | None = None, least: float = 0.0) -> Contrast:
    """The log odds of an accuracy of one set of problems, unit by unit.

    guessed: of shape (problems,), one where what has not learned is right as well. The log odds
    are then those of (accuracy - guessed) / (1 - guessed): of the share of the rest that is
    solved, which counts as `least` where it is less.
    Half a right and half a wrong answer are added, so that a unit at 0 or 1 keeps finite log odds.
    What an answer adds is its part in first order (the delta method).
    """
    ((name, correct),) = accuracy.parts.items()
    by_guess = np.zeros(correct.shape[1]) if guessed is None else guessed.astype(float)
    half = 0.5 / (correct.shape[1] + 1)
    chance = min(float(by_guess.mean()), 1 - 2 * half)
    right = (correct.sum(axis=1, keepdims=True) + 0.5) / (correct.shape[1] + 1)
    solved = (right - chance) / (1 - chance)
    share = np.clip(solved, max(least, half), 1 - half)
    # What counts as the least whatever the answers are does not vary with them.
    slope = np.where(solved < share, 0.0, 1 / (share * (1 - share)) / (1 - chance))
    added = correct - correct.mean(axis=1, keepdims=True) - (1 - share) * (by_guess - chance)
    parts = np.log(share / (1 - share)) + slope * added
    return Contrast({name: parts}, accuracy.units, accuracy.runs)


@dataclass(frozen=True)
class Ratio:
    """A ratio of two statistics of the same units and problems; Fieller's (1954) interval."""

    above: Contrast
    below: Contrast

    def against(self, share: float) -> Contrast:
        """The linear statistic that is zero where the ratio is `share`, above it positive."""
        return self.above - share * self.below

    def interval(
        self, significance: float = SIGNIFICANCE, reach: float = 10.0
    ) -> tuple[float, ...]:
        """All shares around the ratio that are not refused; (value, low, high).

        An end that lies further out than `reach` is infinite, as all ends are where the lower
        statistic may be zero.
        """
        value = self.above.value / self.below.value if self.below.value else float("nan")
        if not np.isfinite(value) or self.below.estimate.p_of(0.0) > significance:
            return value, -np.inf, np.inf

        def refused(share: float) -> float:
            return significance - self.against(share).estimate.p_of(0.0)

        low, high = value - reach, value + reach
        low = brentq(refused, low, value) if refused(low) > 0 else -np.inf
        high = brentq(refused, value, high) if refused(high) > 0 else np.inf
        return value, float(low), float(high)  # type: ignore[arg-type]


def holm(p_values: list[float]) -> list[float]:
    """Adjust p for their number by Holm's method, in the order given."""
    # statsmodels' multipletests runs the garbage collector at every call, 0.1 s in a stage that
    # adjusts some twenty lists.
    order = np.argsort(p_values, kind="stable")
    remaining = np.arange(len(p_values), 0, -1)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.maximum.accumulate(np.array(p_values)[order] * remaining)
    return np.minimum(adjusted, 1.0).tolist()


def wilson_interval(correct, total) -> tuple[np.ndarray, np.ndarray]:
    """Give the 95% Wilson interval of `correct` out of `total`, elementwise."""
    low, high = proportion_confint(correct, total, alpha=SIGNIFICANCE, method="wilson")
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)
