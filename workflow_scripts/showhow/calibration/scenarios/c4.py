"""What C4 must not take for less data needed, and what it has to find."""

from showhow.analysis.evidence import Arm
from showhow.analysis.judgement import CONTRADICTED, MIXED, SUPPORTED
from showhow.calibration.scenario import Scenario
from showhow.calibration.scenarios.levels import (
    ANY,
    RUNS_ALONE,
    SIMILAR_BASES,
    TASKS,
    arms,
    levels_at,
    study_of,
)
from showhow.calibration.simulation import Truth

SIZES = (200, 800, 3200)
NONE = (0.3, 0.45, 0.6)


def _curves(
    gains: tuple[float, ...], none: tuple[float, ...] = NONE, tasks: tuple[str, ...] = TASKS
) -> Truth:
    """Curves over three training sizes, all of as many steps."""
    accuracy: dict[Arm, float] = {}
    for size, without, gain in zip(SIZES, none, gains, strict=True):
        accuracy |= arms(levels_at(without + gain, without), tasks, n_train=size, match="steps")
    return Truth(accuracy)


def _unequal_steps() -> Truth:
    """Equal where steps are equal; here the levels took twice the steps, and so are ahead."""
    accuracy: dict[Arm, float] = {}
    for size, without in zip(SIZES, NONE, strict=True):
        accuracy |= arms(levels_at(without + 0.2, without), n_train=size)
    steps = {arm: arm.n_train * (1 if arm.variant == "none" else 2) for arm in accuracy}
    return Truth(accuracy, steps)


def _one_task() -> Truth:
    helped = _curves((0.35, 0.35, 0.35), tasks=("addition",))
    harmed = _curves((-0.25, -0.25, -0.25), tasks=("listops",))
    return Truth({**helped.accuracy, **harmed.accuracy})


SCENARIOS = [
    Scenario(
        "C4",
        "one task alone: worse by just the margin at small N, better at large N",
        study_of(_curves((-0.05, 0.25, 0.35), tasks=("listops",))),
        ANY,
    ),
    Scenario(
        "C4",
        "one task alone: equal curves",
        study_of(_curves((0.0, 0.0, 0.0), tasks=("listops",))),
        ANY,
    ),
    Scenario("C4", "equal curves", study_of(_curves((0.0, 0.0, 0.0))), ANY),
    Scenario("C4", "equal curves, only runs vary", study_of(_curves((0, 0, 0)), RUNS_ALONE), ANY),
    Scenario(
        "C4",
        "equal curves that never leave the floor",
        study_of(_curves((0.0, 0.0, 0.0), none=(0.01, 0.01, 0.02))),
        ANY,
    ),
    Scenario(
        "C4",
        "worse by just the margin at small N, better at large N",
        study_of(_curves((-0.05, 0.15, 0.3))),
        ANY,
    ),
    Scenario(
        "C4",
        "worse at small N, better at large N",
        study_of(_curves((-0.2, 0.1, 0.3))),
        frozenset({SUPPORTED, MIXED}),
        CONTRADICTED,
    ),
    Scenario("C4", "a null with unequal steps", study_of(_unequal_steps()), ANY),
    Scenario(
        "C4",
        "less data in one task, more in the other",
        study_of(_one_task()),
        ANY - {MIXED},
        MIXED,
    ),
    Scenario(
        "C4",
        "explanations do harm at every N",
        study_of(_curves((-0.2, -0.2, -0.2))),
        frozenset({SUPPORTED, MIXED}),
        CONTRADICTED,
    ),
    Scenario(
        "C4",
        "ten points at every N",
        study_of(_curves((0.1, 0.1, 0.1))),
        frozenset({CONTRADICTED, MIXED}),
        SUPPORTED,
    ),
    Scenario(
        "C4",
        "ten points at every N, bases alike",
        study_of(_curves((0.1, 0.1, 0.1)), SIMILAR_BASES),
        frozenset({CONTRADICTED, MIXED}),
        SUPPORTED,
    ),
    Scenario(
        "C4",
        "twenty points at every N",
        study_of(_curves((0.2, 0.2, 0.2))),
        frozenset({CONTRADICTED, MIXED}),
        SUPPORTED,
    ),
]
