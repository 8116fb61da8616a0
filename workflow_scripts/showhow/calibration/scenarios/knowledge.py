"""Truths about facts of five memory levels: what the scenarios of K1 to K3 share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from showhow.analysis.evidence import AboutBases, Arm, Evidence
from showhow.analysis.knowledge import NATURAL_MIX, TRAINING_LEVELS
from showhow.calibration.simulation import Design, Spread, log_odds_with_mean

TASK, SPLIT, UNSEEN = "facts", "test", "unseen"
MODELS = ("reader-140k", "reader-260k")
RECALL = (0.05, 0.3, 0.5, 0.7, 0.85)
"""How often facts of each level are answered where nothing else is said."""
COMPLETED = (0.0, 0.4, 0.6, 0.8, 0.95)
"""In what share of its completions a base says the facts of each level."""
COMPLETIONS = 30
FEW, LARGE = 60, 960
STEPS = 240

Accuracy = Callable[[int], float]
"""Mean accuracy of one arm by the memory level of the test facts."""
Study = Callable[[Design, np.random.Generator], Evidence]


@dataclass(frozen=True)
class Known:
    """The mean accuracy of each arm, by test level, over seeds, bases and facts.

    untuned: of the bases before fine-tuning. of_model: sd in log odds of what a model has with each
    arm, the same in all its bases and no part of the means. cell: sd in log odds of what a base has
    with an arm on the facts of one level. steps: of arms with as many as others.
    """

    accuracy: Mapping[Arm, Accuracy]
    untuned: Accuracy = RECALL.__getitem__
    of_model: float = 0.0
    cell: float = 0.15
    steps: Mapping[Arm, int] = field(default_factory=dict)


def study_of(known: Known) -> Study:
    """Draw studies of one truth."""

    def study(design: Design, rng: np.random.Generator) -> Evidence:
        return simulate_known(known, design, rng)

    return study


def mixed(size: int, model: str = MODELS[0], match: str = "examples") -> Arm:
    """The arm of so many facts as they come."""
    return Arm(TASK, NATURAL_MIX, model, size, SPLIT, match)


def one_level(
    level: int, model: str = MODELS[0], size: int = LARGE, split: str = SPLIT, task: str = TASK
) -> Arm:
    """The arm of facts of one memory level."""
    return Arm(task, f"level_{level}", model, size, split)


def every_level(
    accuracy: Callable[[int, int], float],
    models: tuple[str, ...] = MODELS[:1],
    sizes: tuple[int, ...] = (LARGE,),
    split: str = SPLIT,
) -> dict[Arm, Accuracy]:
    """Arms of all five levels; accuracy: by the level of the training facts and of the test's."""
    return {
        one_level(trained, model, size, split): (lambda on, trained=trained: accuracy(trained, on))
        for trained in TRAINING_LEVELS.values()
        for model in models
        for size in sizes
    }


def plus(gain: float, recall: tuple[float, ...] = RECALL) -> Accuracy:
    """Recall with so much added on every level."""
    return lambda on: recall[on] + gain


def simulate_known(known: Known, design: Design, rng: np.random.Generator) -> Evidence:
    """Draw one study; every model has as many bases, and seeds start from them in turn."""
    seeds = tuple(range(1, design.seeds + 1))
    base_of = np.arange(design.seeds) % design.bases
    drawn = _Drawn(known, design, int(rng.integers(2**62)), base_of)
    arms = sorted(known.accuracy)
    correct = {arm: drawn.answers(arm) for arm in arms}
    memory = [
        drawn.memory(model, split)
        for model, split in sorted({(arm.model, arm.split) for arm in arms})
    ]
    return Evidence(
        runs=_runs(known, seeds),
        correct=correct,
        seeds=dict.fromkeys(arms, seeds),
        detail={arm.variant: None for arm in arms},
        bases=AboutBases(memory=pd.concat(memory, ignore_index=True)),
        instances=dict.fromkeys({arm.model for arm in arms}, design.bases),
    )


@dataclass(frozen=True)
class _Drawn:
    """What one study's bases, runs and facts have of their own; equal calls give equal draws.

    seed: of all that is drawn; each thing has a source of its own, named by what it is.
    base_of: for each seed the base that it starts from.
    """

    known: Known
    design: Design
    seed: int
    base_of: np.ndarray

    @property
    def levels(self) -> np.ndarray:
        """The memory level of each fact."""
        return np.arange(self.design.problems) % len(RECALL)

    def facts(self, split: str) -> np.ndarray:
        sd = self.spread.problem
        return self._source(f"facts of {split}").normal(0, sd, self.design.problems)

    def bases(self, model: str) -> np.ndarray:
        sd = self.spread.base
        return self._source(f"bases of {model}").normal(0, sd, self.design.bases)

    def runs(self, model: str) -> np.ndarray:
        sd = self.spread.run
        return self._source(f"runs of {model}").normal(0, sd, self.design.seeds)

    def _source(self, name: str) -> np.random.Generator:
        return np.random.default_rng([self.seed, *name.encode()])

    def answers(self, arm: Arm) -> np.ndarray:
        """Right answers (seeds, facts) of one arm's runs."""
        rng = self._source(f"answers of {arm}")
        spread, seeds = self.spread, self.design.seeds
        of_bases = (self.bases(arm.model) + rng.normal(0, spread.base_arm, self.design.bases))[
            self.base_of
        ]
        of_runs = self.runs(arm.model) + rng.normal(0, spread.run_arm, seeds)
        of_levels = rng.normal(0, self.cell, (self.design.bases, len(RECALL)))
        with_model = rng.normal(0, self.known.of_model)
        return self._coins(
            rng,
            self.known.accuracy[arm],
            with_model + (of_bases + of_runs)[:, None] + of_levels[self.base_of][:, self.levels],
            arm.split,
            spread,
            self.cell,
        )

    @property
    def spread(self) -> Spread:
        return self.design.spread.among(self.design.bases)

    @property
    def cell(self) -> float:
        """sd of what a base has with an arm on the facts of one level; part of one base's truth."""
        return self.known.cell if self.design.bases > 1 else 0.0

    def memory(self, model: str, split: str) -> pd.DataFrame:
        """The memory table's rows of a model's bases, each under the first seed that starts there.

        One base for all seeds needs none.
        """
        rng = self._source(f"memory of {model} on {split}")
        design, count = self.design, min(self.design.bases, self.design.seeds)
        steady = replace(self.spread, run=0.0, run_arm=0.0, base_arm=0.0)
        of_bases = self.bases(model)[:count, None]
        untuned = self._coins(rng, self.known.untuned, of_bases, split, steady, cell=0.0)
        table = pd.DataFrame(
            {
                "task": TASK,
                "model": model,
                "split": split,
                "id": np.tile(np.arange(design.problems), count),
                "level": np.tile(self.levels, count),
                "relation": "home",
                "untuned": untuned.ravel() == 1,
                "share": self._shares(rng, of_bases).ravel(),
            }
        )
        seeds = np.repeat(np.arange(count) + 1, design.problems)
        return table if design.bases == 1 else table.assign(seed=seeds)

    def _shares(self, rng: np.random.Generator, of_bases: np.ndarray) -> np.ndarray:
        """Of each fact's completions by each base the share that says it (bases, facts)."""
        often = expit(logit(COMPLETED)[self.levels] + of_bases)
        return rng.binomial(COMPLETIONS, often) / COMPLETIONS

    def _coins(
        self,
        rng: np.random.Generator,
        accuracy: Accuracy,
        of_units: np.ndarray,
        split: str,
        spread: Spread,
        cell: float,
    ) -> np.ndarray:
        """Answers (units, facts), right as often on average over all that varies as is said."""
        whole = replace(spread, base_arm=float(np.hypot(spread.base_arm, cell)))
        middle = np.array(
            [log_odds_with_mean(accuracy(level), whole) for level in range(len(RECALL))]
        )
        with_facts = rng.normal(0, spread.problem_arm, self.design.problems)
        log_odds = middle[self.levels] + of_units + self.facts(split) + with_facts
        return (rng.random(log_odds.shape) < expit(log_odds)).astype(np.int8)


def _runs(known: Known, seeds: tuple[int, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {**vars(arm), "seed": seed, "parameters": 1, "steps": known.steps.get(arm, arm.n_train)}
            for arm in sorted(known.accuracy)
            for seed in seeds
        ]
    )
