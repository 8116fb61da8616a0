"""How often the 95% interval holds the truth: of one accuracy, and of one paired difference."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from showhow.analysis.estimation import Contrast

RUN_SPREADS = (0.0, 0.3, 0.6, 1.2)
UNITS = (3, 5, 10)
PROBLEMS = 300
PROBLEM_SPREAD, PROBLEM_ARM_SPREAD = 1.0, 0.5
LOG_ODDS = (0.3, -0.5)
"""Of the two arms."""


@dataclass(frozen=True)
class Coverage:
    """The share of simulated studies whose interval holds the truth; a row of the table.

    run_spread: standard deviation in log odds of what a run and an arm have of their own.
    """

    run_spread: float
    units: int
    accuracy: float
    difference: float


def coverage(run_spread: float, units: int, studies: int, problems: int = PROBLEMS) -> Coverage:
    """Draw studies of two arms that answer the same problems, and look whether intervals hold."""
    rng = np.random.default_rng([units, round(100 * run_spread)])
    of_first, of_second = (_true_accuracy(arm, run_spread) for arm in LOG_ODDS)
    held = np.zeros(2)
    for _ in range(studies):
        shared = rng.normal(0, PROBLEM_SPREAD, problems)
        first, second = (_accuracy(arm, run_spread, units, shared, rng) for arm in LOG_ODDS)
        held += _holds(first, of_first), _holds(first - second, of_first - of_second)
    accuracy, difference = (held / studies).tolist()
    return Coverage(run_spread, units, accuracy, difference)


TAKE_OFF = (0.3, 0.5, 0.7, 0.85)
LEARNED, UNLEARNED = 0.95, 0.1


def take_off_coverage(chance: float, units: int, studies: int, problems: int = PROBLEMS) -> float:
    """How often the interval holds where a run learns all or nothing, the first with some chance.

    No interval over a few units can: where all of them happen to learn, nothing tells that others
    would not.
    """
    rng = np.random.default_rng([units, round(100 * chance)])
    truth = chance * LEARNED + (1 - chance) * UNLEARNED
    held = 0
    for _ in range(studies):
        share = np.where(rng.random((units, 1)) < chance, LEARNED, UNLEARNED)
        right = (rng.random((units, problems)) < share).astype(float)
        held += _holds(Contrast({"test": right}, tuple(map(str, range(units))), units), truth)
    return held / studies


def take_off_table(studies: int, units: Iterable[int] = UNITS) -> pd.DataFrame:
    """One row for each chance of learning, a column for each number of units."""
    sizes = list(units)
    return pd.DataFrame(
        [
            {"chance of learning": chance}
            | {f"{size} units": take_off_coverage(chance, size, studies) for size in sizes}
            for chance in TAKE_OFF
        ]
    )


def coverage_table(
    studies: int, run_spreads: Iterable[float] = RUN_SPREADS, units: Iterable[int] = UNITS
) -> pd.DataFrame:
    """One row for each spread of runs and number of units."""
    sizes = list(units)
    return pd.DataFrame(
        [vars(coverage(spread, size, studies)) for spread in run_spreads for size in sizes]
    )


def _accuracy(
    log_odds: float, run_spread: float, units: int, shared: np.ndarray, rng: np.random.Generator
) -> Contrast:
    of_run = rng.normal(0, run_spread, (units, 1))
    of_problem = shared + rng.normal(0, PROBLEM_ARM_SPREAD, len(shared))
    right = rng.random((units, len(shared))) < expit(log_odds + of_run + of_problem)
    return Contrast({"test": right.astype(float)}, tuple(map(str, range(units))), units)


def _holds(statistic: Contrast, truth: float) -> bool:
    low, high = statistic.estimate.interval()
    return low <= truth <= high


def _true_accuracy(log_odds: float, run_spread: float) -> float:
    """The mean over all runs and problems, by Gauss and Hermite's rule."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    spread = np.sqrt(run_spread**2 + PROBLEM_SPREAD**2 + PROBLEM_ARM_SPREAD**2)
    return float((weights * expit(log_odds + spread * nodes)).sum() / weights.sum())
