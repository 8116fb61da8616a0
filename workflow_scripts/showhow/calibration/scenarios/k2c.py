"""What K2c must not take for the best-known facts being the best, and what it has to find."""

from showhow.analysis.judgement import CONTRADICTED, SUPPORTED
from showhow.calibration.scenario import EITHER, Scenario
from showhow.calibration.scenarios.knowledge import (
    RECALL,
    SPLIT,
    UNSEEN,
    Known,
    every_level,
    study_of,
)


def _levels(gains: tuple[float, ...], split: str = SPLIT) -> dict:
    """Gains by the level of the training facts, on facts of every level."""
    return every_level(lambda trained, on: min(0.97, RECALL[on] + gains[trained]), split=split)


def _known(gains: tuple[float, ...], unseen: tuple[float, ...] | None = None) -> Known:
    arms: dict = _levels(gains)
    if unseen is not None:
        arms |= _levels(unseen, UNSEEN)
    return Known(arms)


EQUAL, LEVEL_0_HARMS = (0.0,) * 5, (-0.05, 0.0, 0.0, 0.0, 0.0)
MIDDLE_DIFFERS = (0.0, -0.04, 0.0, 0.04, 0.0)
HIGH, HIGHER = (-0.05, 0.0, 0.0, 0.0, 0.1), (-0.05, -0.05, -0.05, -0.05, 0.12)
MIDDLE = (0.0, 0.1, 0.1, 0.1, 0.0)

SCENARIOS = [
    Scenario("K2c", "what is trained on makes no difference", study_of(_known(EQUAL)), EITHER),
    Scenario("K2c", "only level 0 is worse", study_of(_known(LEVEL_0_HARMS)), EITHER),
    Scenario(
        "K2c",
        "the middle levels differ, on average they are as good as level 4",
        study_of(_known(MIDDLE_DIFFERS)),
        EITHER,
    ),
    Scenario(
        "K2c",
        "level 4 is best on the relations trained on, on others no level is",
        study_of(_known(HIGHER, EQUAL)),
        EITHER,
    ),
    Scenario(
        "K2c",
        "level 4 is better by ten points",
        study_of(_known(HIGH)),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
    Scenario(
        "K2c",
        "level 4 is better by seventeen points, on other relations as well",
        study_of(_known(HIGHER, HIGHER)),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
    Scenario(
        "K2c",
        "the middle levels are better by ten points",
        study_of(_known(MIDDLE)),
        frozenset({SUPPORTED}),
        CONTRADICTED,
    ),
]
