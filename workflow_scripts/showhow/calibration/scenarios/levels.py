"""Truths about explained levels and the answer alone: what the scenarios of C1 to C6 share."""

from collections.abc import Callable, Mapping

import numpy as np

from showhow.analysis.evidence import Arm, Evidence
from showhow.calibration.simulation import Design, Truth, simulate

TASKS = ("addition", "listops")
MODEL = "decoder-150k"
LEVELS = ("short", "medium", "long")
N = 800

Study = Callable[[Design, np.random.Generator], Evidence]


def study_of(truth: Truth) -> Study:
    """Draw studies of one truth."""

    def study(design: Design, rng: np.random.Generator) -> Evidence:
        return simulate(truth, design, rng)

    return study


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
    arms = {}
    for task in tasks:
        arms[Arm(task, "none", MODEL, N, split)] = none
        arms[Arm(task, "none", MODEL, N, split, "target_tokens")] = (
            none if matched is None else matched
        )
        for level in LEVELS:
            arms[Arm(task, level, MODEL, N, split)] = none + gains[level]
    return arms
