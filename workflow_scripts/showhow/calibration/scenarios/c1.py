"""What C1 must not take for a gain, and what it has to find."""

from showhow.analysis.judgement import CONTRADICTED, MIXED, SUPPORTED
from showhow.calibration.scenario import Scenario
from showhow.calibration.scenarios.levels import (
    ANY,
    LEVELS,
    RUNS_ALONE,
    SIMILAR_BASES,
    arms,
    none_and_levels,
    study_of,
)
from showhow.calibration.simulation import Truth

EQUAL = dict.fromkeys(LEVELS, 0.05)
NOTHING = dict.fromkeys(LEVELS, 0.0)
TEN_POINTS = dict.fromkeys(LEVELS, 0.10)
TWENTY_POINTS = dict.fromkeys(LEVELS, 0.20)
THIRTY_POINTS = dict.fromkeys(LEVELS, 0.30)
ONE_LEVEL = {"short": 0.0, "medium": 0.3, "long": 0.0}
ONE_AT_THE_EDGE = {"short": 0.05, "medium": 0.3, "long": 0.3}


def _one_task() -> Truth:
    helped = none_and_levels(dict.fromkeys(LEVELS, 0.4), tasks=("addition",))
    return Truth({**helped, **none_and_levels(NOTHING, tasks=("listops",))})


def _harm_at_the_smaller_size() -> Truth:
    """At the largest size one level stands alone; where all are, two of them do harm."""
    alone = {
        **arms({"none": 0.45, "medium": 0.8}),
        **arms({"none": 0.45}, match="target_tokens"),
    }
    smaller = {"none": 0.45, "short": 0.1, "medium": 0.5, "long": 0.1}
    together = {
        **arms(smaller, n_train=400),
        **arms({"none": 0.45}, n_train=400, match="target_tokens"),
    }
    return Truth({**alone, **together})


def _one_level_by_steps() -> Truth:
    """One level has as many steps as none; by examples all are there, and two do harm."""
    by_examples = {"none": 0.45, "short": 0.1, "medium": 0.8, "long": 0.1}
    return Truth(
        {
            **arms(by_examples),
            **arms({"none": 0.45}, match="target_tokens"),
            **arms({"none": 0.45, "medium": 0.8}, match="steps"),
        }
    )


def _too_few_tokens() -> Truth:
    """None that was to be matched in target tokens saw a tenth of those of each level."""
    accuracy = none_and_levels(THIRTY_POINTS)
    short = {arm: 10_000 for arm in accuracy if arm.match == "target_tokens"}
    return Truth(accuracy, target_tokens=short)


SCENARIOS = [
    Scenario(
        "C1",
        "one task alone: one level gains just the margin, the others more",
        study_of(Truth(none_and_levels(ONE_AT_THE_EDGE, tasks=("listops",)))),
        ANY,
    ),
    Scenario(
        "C1", "every level gains just the margin", study_of(Truth(none_and_levels(EQUAL))), ANY
    ),
    Scenario(
        "C1",
        "every level gains just the margin, only runs vary",
        study_of(Truth(none_and_levels(EQUAL)), RUNS_ALONE),
        ANY,
    ),
    Scenario(
        "C1",
        "one level gains just the margin, the others more",
        study_of(Truth(none_and_levels(ONE_AT_THE_EDGE))),
        ANY,
    ),
    Scenario(
        "C1",
        "none gains all but the margin from as many target tokens",
        study_of(Truth(none_and_levels(TWENTY_POINTS, matched=0.60))),
        ANY,
    ),
    Scenario(
        "C1",
        "none was to have as many target tokens, and has a tenth of them",
        study_of(_too_few_tokens(), SIMILAR_BASES),
        ANY,
    ),
    Scenario(
        "C1",
        "no level gains anything",
        study_of(Truth(none_and_levels(NOTHING))),
        frozenset({SUPPORTED, MIXED}),
        CONTRADICTED,
    ),
    Scenario(
        "C1",
        "one level of three gains",
        study_of(Truth(none_and_levels(ONE_LEVEL))),
        frozenset({SUPPORTED, MIXED}),
        CONTRADICTED,
    ),
    Scenario(
        "C1",
        "at the largest size one level stands alone, the others do harm at a smaller",
        study_of(_harm_at_the_smaller_size(), SIMILAR_BASES),
        frozenset({SUPPORTED, MIXED}),
        CONTRADICTED,
    ),
    Scenario(
        "C1",
        "one level alone is matched on steps, the others do harm by examples",
        study_of(_one_level_by_steps(), SIMILAR_BASES),
        frozenset({SUPPORTED, MIXED}),
        CONTRADICTED,
    ),
    Scenario("C1", "one task of two gains", study_of(_one_task()), frozenset({SUPPORTED}), MIXED),
    Scenario(
        "C1",
        "none gains as much from as many target tokens",
        study_of(Truth(none_and_levels(TWENTY_POINTS, matched=0.65))),
        frozenset({SUPPORTED, MIXED}),
        CONTRADICTED,
    ),
    Scenario(
        "C1",
        "every level gains ten points",
        study_of(Truth(none_and_levels(TEN_POINTS))),
        frozenset({CONTRADICTED, MIXED}),
        SUPPORTED,
    ),
    Scenario(
        "C1",
        "every level gains twenty points",
        study_of(Truth(none_and_levels(TWENTY_POINTS))),
        frozenset({CONTRADICTED, MIXED}),
        SUPPORTED,
    ),
    Scenario(
        "C1",
        "every level gains thirty points, bases alike",
        study_of(Truth(none_and_levels(THIRTY_POINTS)), SIMILAR_BASES),
        frozenset({CONTRADICTED, MIXED}),
        SUPPORTED,
    ),
]
