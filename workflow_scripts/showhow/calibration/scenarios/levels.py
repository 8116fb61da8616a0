"""Truths about explained levels and the answer alone: what the scenarios of C1 to C6 share."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from showhow.analysis.evidence import Arm, Evidence
from showhow.analysis.judgement import MIXED
from showhow.calibration.scenario import EITHER
from showhow.calibration.simulation import Design, Spread, Truth, simulate

TASKS = ("addition", "listops")
MODEL = "decoder-150k"
LEVELS: tuple[str, ...] = ("short", "medium", "long")
N = 800
ANY = EITHER | {MIXED}
"""Where the truth lies at the edge in every task, tasks do not contradict each other either."""
RUNS_ALONE = Spread(base=0.0, base_arm=0.0)
"""All bases learn alike from every arm; what differs is the run."""
SIMILAR_BASES = Spread(base_arm=0.1)

Study = Callable[[Design, np.random.Generator], Evidence]


def study_of(truth: Truth, spread: Spread | None = None) -> Study:
    """Draw studies of one truth; `spread` stands in place of the design's."""

    def study(design: Design, rng: np.random.Generator) -> Evidence:
        return simulate(truth, replace(design, spread=spread or design.spread), rng)

    return study


def arms(
    accuracy: Mapping[str, float],
    tasks: tuple[str, ...] = TASKS,
    model: str = MODEL,
    n_train: int = N,
    split: str = "test",
    match: str = "examples",
) -> dict[Arm, float]:
    """Accuracies by variant, the same in every task."""
    return {
        Arm(task, variant, model, n_train, split, match): value
        for task in tasks
        for variant, value in accuracy.items()
    }


def levels_at(value: float, none: float) -> dict[str, float]:
    """None, and all levels as good as one another."""
    return {"none": none, **dict.fromkeys(LEVELS, value)}


def none_and_levels(
    gains: Mapping[str, float],
    none: float = 0.45,
    tasks: tuple[str, ...] = TASKS,
    split: str = "test",
    matched: float | None = None,
) -> dict[Arm, float]:
    """Accuracies of none and of the levels, which gain so much over it in every task.

    matched: accuracy of none with as many target tokens; as the plain one by default.
    """
    by_variant = {"none": none, **{level: none + gains[level] for level in LEVELS}}
    more_tokens = {"none": none if matched is None else matched}
    return {
        **arms(by_variant, tasks, split=split),
        **arms(more_tokens, tasks, split=split, match="target_tokens"),
    }
