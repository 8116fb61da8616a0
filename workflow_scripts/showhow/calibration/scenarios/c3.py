"""What C3 must not take for a task that explanations open, and what it has to find."""

from dataclasses import replace
from math import log

import numpy as np

from showhow.analysis.claims.c3_explanations_open_tasks import FURTHER
from showhow.analysis.evidence import Arm, Evidence
from showhow.analysis.judgement import CONTRADICTED, MIXED, SUPPORTED
from showhow.calibration.scenario import Scenario
from showhow.calibration.scenarios.levels import (
    ANY,
    SIMILAR_BASES,
    TASKS,
    Study,
    arms,
    levels_at,
    study_of,
)
from showhow.calibration.simulation import STEPS, Design, Truth

SHORTCUT = 0.44
MARK = SHORTCUT + 0.05


def _truth(
    none: float,
    levels: float,
    longest: float | None,
    tasks: tuple[str, ...] = TASKS,
    longer_by: float = 4,
) -> Truth:
    """None, the levels, and none trained `longer_by` times as long; None where no run is."""
    accuracy: dict[Arm, float] = arms(levels_at(levels, none), tasks)
    longer = {} if longest is None else arms({"none": longest}, tasks, match="target_tokens")
    steps = dict.fromkeys(longer, round(longer_by * STEPS))
    return Truth({**accuracy, **longer}, steps, SHORTCUT)


def _just_not_there(longer_by: float, none: float = 0.25) -> Truth:
    """None trained longer, that would be at the mark after ten times as many steps again."""
    gained = (MARK - none) / (1 + log(FURTHER) / log(longer_by))
    return _truth(none, 0.9, none + gained, longer_by=longer_by)


def _levels_trained_longer() -> Truth:
    """None trained four times as long as the plain arm, the levels ten times."""
    truth = _truth(0.25, 0.9, 0.25)
    levels = {arm: 10 * STEPS for arm in truth.accuracy if arm.variant != "none"}
    return replace(truth, steps={**truth.steps, **levels})


def _one_way_of_answering_solves_it() -> Truth:
    """Two variants of the answer alone, of which one solves the task."""
    truth = _truth(0.25, 0.9, 0.25)
    others = {replace(arm, variant="bare"): 0.9 for arm in truth.accuracy if arm.variant == "none"}
    steps = {arm: truth.steps.get(replace(arm, variant="none"), STEPS) for arm in others}
    return replace(
        truth,
        accuracy={**truth.accuracy, **others},
        steps={**truth.steps, **steps},
        detail={**truth.detail, "bare": 0},
    )


def _one_task() -> Truth:
    opened = _truth(0.25, 0.9, 0.25, ("addition",))
    shut = _truth(0.25, 0.25, 0.25, ("listops",))
    return Truth({**opened.accuracy, **shut.accuracy}, {**opened.steps, **shut.steps}, SHORTCUT)


def _four_shortcuts(truth: Truth) -> Study:
    """Four flat shortcuts, each as good as the others: the best of them is so by chance."""

    def study(design: Design, rng: np.random.Generator) -> Evidence:
        evidence = study_of(truth)(design, rng)
        solved = {
            place: {
                f"shortcut {number}": (rng.random(design.problems) < SHORTCUT).astype(np.int8)
                for number in range(4)
            }
            for place in evidence.shortcuts
        }
        return replace(evidence, shortcuts=solved)

    return study


SCENARIOS = [
    Scenario(
        "C3",
        "one task alone: with explanations just at the mark",
        study_of(_truth(0.1, MARK, 0.1, ("listops",)), SIMILAR_BASES),
        ANY,
    ),
    Scenario(
        "C3",
        "one task alone: without explanations just at the mark",
        study_of(_truth(MARK, 0.9, MARK, ("listops",)), SIMILAR_BASES),
        ANY,
    ),
    Scenario("C3", "with explanations just at the mark", study_of(_truth(0.25, MARK, 0.25)), ANY),
    Scenario("C3", "without explanations just at the mark", study_of(_truth(MARK, 0.9, MARK)), ANY),
    Scenario(
        "C3",
        "without explanations just at the mark, bases alike",
        study_of(_truth(MARK, 0.9, MARK), SIMILAR_BASES),
        ANY,
    ),
    Scenario(
        "C3",
        "without explanations just at the mark of four shortcuts as good as each other",
        _four_shortcuts(_truth(MARK, 0.9, MARK)),
        ANY,
    ),
    Scenario(
        "C3",
        "training four times as long brings it so far that training on just reaches the mark",
        study_of(_just_not_there(4)),
        ANY,
    ),
    Scenario(
        "C3",
        "training twice as long brings it so far that training on just reaches the mark",
        study_of(_just_not_there(2), SIMILAR_BASES),
        ANY,
    ),
    Scenario(
        "C3",
        "without explanations trained a twentieth longer",
        study_of(_truth(0.25, 0.9, 0.25, longer_by=1.05), SIMILAR_BASES),
        ANY,
    ),
    Scenario(
        "C3",
        "without explanations trained longer, but less than with them",
        study_of(_levels_trained_longer(), SIMILAR_BASES),
        ANY,
    ),
    Scenario(
        "C3",
        "of two variants without explanations one solves it",
        study_of(_one_way_of_answering_solves_it(), SIMILAR_BASES),
        frozenset({SUPPORTED, MIXED}),
        CONTRADICTED,
    ),
    Scenario(
        "C3",
        "explanations reach no more than the best flat shortcut",
        study_of(_truth(0.25, SHORTCUT, 0.25)),
        frozenset({SUPPORTED, MIXED}),
        CONTRADICTED,
    ),
    Scenario(
        "C3",
        "without explanations as good when trained longer",
        study_of(_truth(0.25, 0.9, 0.9)),
        frozenset({SUPPORTED, MIXED}),
        CONTRADICTED,
    ),
    Scenario(
        "C3",
        "without explanations not trained longer",
        study_of(_truth(0.25, 0.9, None)),
        ANY,
    ),
    Scenario("C3", "one task of two opens", study_of(_one_task()), frozenset({SUPPORTED}), MIXED),
    Scenario(
        "C3",
        "without explanations as good as the best flat shortcut, with them ninety percent",
        study_of(_truth(SHORTCUT, 0.9, SHORTCUT)),
        frozenset({CONTRADICTED, MIXED}),
        SUPPORTED,
    ),
    Scenario(
        "C3",
        "explanations open the task, bases alike",
        study_of(_truth(0.2, 0.9, 0.2), SIMILAR_BASES),
        frozenset({CONTRADICTED, MIXED}),
        SUPPORTED,
    ),
    Scenario(
        "C3",
        "explanations open the task",
        study_of(_truth(0.2, 0.9, 0.2)),
        frozenset({CONTRADICTED, MIXED}),
        SUPPORTED,
    ),
]
