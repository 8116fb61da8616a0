"""Studies with a known truth, as evidence for the claims.

The log odds that a run solves a problem are

    arm + base x arm + run x arm + base + run - difficulty(problem) + problem x arm

where each term but the first is drawn anew in every study: what a seed, a base and a problem have
of their own, and what they have with one arm. Seeds start from the bases in turn.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field, replace
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit

from showhow.analysis.evidence import AboutBases, Arm, Evidence

DETAIL = {
    "none": 0,
    "short": 1,
    "medium": 2,
    "long": 3,
    "answer_first": None,
    "shuffled_steps": None,
    "wrong_steps": None,
    "filler": None,
}
PARAMETERS = {"decoder-40k": 40_000, "decoder-150k": 150_000, "decoder-600k": 600_000}


@dataclass(frozen=True)
class Spread:
    """Standard deviations in log odds of what varies by chance.

    run, base: of a run or base in all arms; run_arm, base_arm: in one arm; problem, problem_arm: of
    problems.
    """

    run: float = 0.2
    base: float = 0.3
    run_arm: float = 0.1
    base_arm: float = 0.3
    problem: float = 1.0
    problem_arm: float = 0.5

    def among(self, bases: int) -> "Spread":
        """What varies among so many bases: what one alone has of its own is part of the truth."""
        return self if bases > 1 else replace(self, base=0.0, base_arm=0.0)


@dataclass(frozen=True)
class Design:
    """How large a simulated study is: its seeds, the bases that they start from in turn."""

    seeds: int
    bases: int
    problems: int = 300
    spread: Spread = field(default_factory=Spread)


@dataclass(frozen=True)
class Truth:
    """The mean accuracy of each arm over seeds, bases and problems, and what is known beside.

    steps, target_tokens: of the arms that were trained on more or less than all others. shortcut:
    the share of problems that the best flat shortcut solves; guesses: whether runs solve them so
    as well, whatever they have learned. problems, seeds, parameters, bases: of the splits, arms
    and models that have others than all. detail: of every variant.
    """

    accuracy: Mapping[Arm, float]
    steps: Mapping[Arm, int] = field(default_factory=dict)
    shortcut: float | None = None
    guesses: bool = False
    target_tokens: Mapping[Arm, int] = field(default_factory=dict)
    problems: Mapping[tuple[str, str], int] = field(default_factory=dict)
    seeds: Mapping[Arm, tuple[int, ...]] = field(default_factory=dict)
    parameters: Mapping[str, int] = field(default_factory=lambda: PARAMETERS)
    bases: Mapping[str, int] = field(default_factory=dict)
    detail: Mapping[str, int | None] = field(default_factory=lambda: DETAIL)

    def learned(self, arm: Arm) -> float:
        """How often an arm is right where a guess is not."""
        guessed = self.shortcut or 0.0 if self.guesses else 0.0
        return (self.accuracy[arm] - guessed) / (1 - guessed)


STEPS, TARGET_TOKENS = 300, 100_000


@lru_cache(maxsize=10_000)
def log_odds_with_mean(accuracy: float, spread: Spread) -> float:
    """The log odds of what is right so often, averaged over all that varies.

    Solved exactly (Gauss-Hermite), as a factor of small accuracies is no factor in approximation.
    """
    points, weights = np.polynomial.hermite_e.hermegauss(40)
    varied = np.linalg.norm(astuple(spread)) * points
    weights = weights / weights.sum()
    wanted = float(np.clip(accuracy, 1e-4, 1 - 1e-4))

    def too_many(log_odds: float) -> float:
        return float(expit(log_odds + varied) @ weights) - wanted

    return float(brentq(too_many, -30, 30))  # type: ignore[arg-type]


def simulate(
    truth: Truth, design: Design, rng: np.random.Generator, bases: AboutBases | None = None
) -> Evidence:
    """Draw one study of a truth."""
    all_seeds = tuple(range(1, design.seeds + 1))
    seeds = {arm: truth.seeds.get(arm, all_seeds) for arm in sorted(truth.accuracy)}
    last = max(max(of_arm) for of_arm in seeds.values())
    bases_of = {arm.model: truth.bases.get(arm.model, design.bases) for arm in seeds}
    spread_of = {model: design.spread.among(count) for model, count in bases_of.items()}
    of_problem: dict[tuple[str, str], np.ndarray] = {}
    of_run: dict[str, np.ndarray] = {}
    correct = {}
    for arm, of_arm in seeds.items():
        place, spread = (arm.task, arm.split), spread_of[arm.model]
        if place not in of_problem:
            count = truth.problems.get(place, design.problems)
            of_problem[place] = rng.normal(0, spread.problem, count)
        base_of = np.arange(last) % bases_of[arm.model]
        if arm.model not in of_run:
            base = rng.normal(0, spread.base, bases_of[arm.model])[base_of]
            of_run[arm.model] = base + rng.normal(0, spread.run, last)
        with_arm = rng.normal(0, spread.base_arm, bases_of[arm.model])[base_of]
        with_arm = with_arm + rng.normal(0, spread.run_arm, last)
        log_odds = (
            log_odds_with_mean(truth.learned(arm), spread)
            + (of_run[arm.model] + with_arm)[np.array(of_arm) - 1, None]
            + of_problem[place]
            + rng.normal(0, spread.problem_arm, len(of_problem[place]))
        )
        correct[arm] = (rng.random(log_odds.shape) < expit(log_odds)).astype(np.int8)
    shortcuts = _shortcuts(truth, of_problem, rng)
    if truth.guesses:
        correct = {
            arm: right | shortcuts[arm.task, arm.split]["best"] for arm, right in correct.items()
        }
    return Evidence(
        runs=_runs(truth, seeds),
        correct=correct,
        seeds=seeds,
        detail=truth.detail,
        bases=bases or AboutBases(),
        instances=bases_of,
        shortcuts=shortcuts,
    )


def _runs(truth: Truth, seeds: Mapping[Arm, tuple[int, ...]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                **vars(arm),
                "seed": seed,
                "parameters": truth.parameters.get(arm.model, 100_000),
                "steps": truth.steps.get(arm, STEPS),
                "target_tokens": truth.target_tokens.get(arm, TARGET_TOKENS),
            }
            for arm, of_arm in seeds.items()
            for seed in of_arm
        ]
    )


def _shortcuts(
    truth: Truth, of_problem: Mapping[tuple[str, str], np.ndarray], rng: np.random.Generator
) -> dict[tuple[str, str], dict[str, np.ndarray]]:
    if truth.shortcut is None:
        return {}
    return {
        place: {"best": (rng.random(len(problems)) < truth.shortcut).astype(np.int8)}
        for place, problems in of_problem.items()
    }
