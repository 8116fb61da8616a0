"""What C5 must not take for generalisation above all to longer inputs, and what it has to find."""

from scipy.special import expit

from showhow.analysis.evidence import Arm
from showhow.analysis.judgement import CONTRADICTED, MIXED, SUPPORTED
from showhow.calibration.scenario import Scenario
from showhow.calibration.scenarios.levels import (
    ANY,
    LEVELS,
    RUNS_ALONE,
    SIMILAR_BASES,
    TASKS,
    arms,
    levels_at,
    study_of,
)
from showhow.calibration.simulation import DETAIL, Truth


def _gains(
    test: float, longer: float, deeper: float | None = None, tasks: tuple[str, ...] = TASKS
) -> Truth:
    """Gains on each split over none at 0.4; one task of the two has the split deeper."""
    accuracy: dict[Arm, float] = {
        **arms(levels_at(0.4 + test, 0.4), tasks),
        **arms(levels_at(0.4 + longer, 0.4), tasks, split="longer"),
    }
    if deeper is not None:
        accuracy |= arms(levels_at(0.4 + deeper, 0.4), ("listops",), split="deeper")
    return Truth(accuracy)


def _none_without_as_many_steps() -> Truth:
    """The levels are matched on steps; none has as many examples alone, and a tenth of them."""
    levels = dict.fromkeys(LEVELS, 0.7)
    plain = {**arms({"none": 0.6}), **arms({"none": 0.2}, split="longer")}
    explained = {**arms(levels, match="steps"), **arms(levels, split="longer", match="steps")}
    return Truth({**plain, **explained}, dict.fromkeys(plain, 30))


def _equal_in_log_odds() -> Truth:
    """On both splits the levels add as much to the log odds, on test near the ceiling."""
    on = {
        split: levels_at(float(expit(none + 1.2)), float(expit(none)))
        for split, none in (("test", 2.0), ("longer", -0.6))
    }
    accuracy: dict[Arm, float] = {}
    for split, by_variant in on.items():
        accuracy |= arms(by_variant, split=split)
    return Truth(accuracy)


def _one_way_of_answering_generalises() -> Truth:
    """Two variants of the answer alone: over one the gain is on longer, over the other on test."""
    truth = _gains(0.05, 0.45)
    others = {**arms({"bare": 0.25}), **arms({"bare": 0.85}, split="longer")}
    return Truth({**truth.accuracy, **others}, detail={**DETAIL, "bare": 0})


def _in_one_task(truth: Truth) -> Truth:
    return Truth({arm: value for arm, value in truth.accuracy.items() if arm.task == TASKS[1]})


SCENARIOS = [
    Scenario(
        "C5",
        "one task alone: equal gains on test and longer",
        study_of(_gains(0.3, 0.3, tasks=("listops",))),
        ANY,
    ),
    Scenario("C5", "equal gains on test and longer", study_of(_gains(0.2, 0.2)), ANY),
    Scenario(
        "C5",
        "equal gains on test and longer, only runs vary",
        study_of(_gains(0.2, 0.2), RUNS_ALONE),
        ANY,
    ),
    Scenario("C5", "no gain on longer, a loss on test", study_of(_gains(-0.2, 0.0)), ANY),
    Scenario("C5", "no gain anywhere", study_of(_gains(0.0, 0.0)), ANY),
    Scenario(
        "C5",
        "a gain on longer, just that of test on deeper",
        study_of(_gains(0.1, 0.45, 0.1)),
        ANY,
    ),
    Scenario(
        "C5",
        "none has a tenth of the levels' steps",
        study_of(_none_without_as_many_steps(), SIMILAR_BASES),
        ANY,
    ),
    Scenario(
        "C5",
        "equal gains in log odds, test near its ceiling",
        study_of(_equal_in_log_odds()),
        ANY,
    ),
    Scenario(
        "C5",
        "one task alone: equal gains in log odds, test near its ceiling, only runs vary",
        study_of(_in_one_task(_equal_in_log_odds()), RUNS_ALONE),
        ANY,
    ),
    Scenario(
        "C5",
        "a gain on longer over one variant without explanations, none over another",
        study_of(_one_way_of_answering_generalises(), SIMILAR_BASES),
        frozenset({SUPPORTED, MIXED}),
        CONTRADICTED,
    ),
    Scenario(
        "C5",
        "gain on test but none on longer",
        study_of(_gains(0.3, 0.0)),
        frozenset({SUPPORTED, MIXED}),
        CONTRADICTED,
    ),
    Scenario(
        "C5",
        "a gain on longer, a loss on deeper",
        study_of(_gains(0.0, 0.4, -0.2)),
        frozenset({SUPPORTED}),
    ),
    Scenario(
        "C5",
        "twenty points more on longer and deeper than on test",
        study_of(_gains(0.1, 0.3, 0.3)),
        frozenset({CONTRADICTED, MIXED}),
        SUPPORTED,
    ),
    Scenario(
        "C5",
        "twenty points more on longer than on test, bases alike",
        study_of(_gains(0.1, 0.3), SIMILAR_BASES),
        frozenset({CONTRADICTED, MIXED}),
        SUPPORTED,
    ),
    Scenario(
        "C5",
        "forty points more on longer than on test",
        study_of(_gains(0.05, 0.45)),
        frozenset({CONTRADICTED, MIXED}),
        SUPPORTED,
    ),
]
