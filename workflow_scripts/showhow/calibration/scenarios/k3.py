"""What K3 must not take for bases that differ, and what it has to find."""

from collections.abc import Mapping

from showhow.analysis.judgement import CONTRADICTED, SUPPORTED
from showhow.calibration.scenario import EITHER, Scenario
from showhow.calibration.scenarios.knowledge import MODELS, Known, every_level, study_of

RECALL = (0.05, 0.25, 0.4, 0.5, 0.6)
FOUR = ("reader-40k", *MODELS, "reader-600k")
EQUAL = (0.0,) * 5
HIGH, MIDDLE = (0.0, 0.0, 0.0, 0.0, 0.2), (0.0, 0.2, 0.2, 0.2, 0.0)
JUST_HIGH, JUST_MIDDLE = (0.0, 0.0, 0.0, 0.0, 0.03), (0.0, 0.03, 0.03, 0.03, 0.0)
NOT_FOUND = frozenset({SUPPORTED})
"""Where bases differ by less than the margin, that they do not is right to find."""


def _bases(gains: Mapping[str, tuple[float, ...]], of_model: float = 0.0) -> Known:
    """Gains of each model by the level of the training facts, on facts of every level."""
    arms: dict = {}
    for model, by_level in gains.items():
        arms |= every_level(
            lambda trained, on, gain=by_level: RECALL[on] + gain[trained], models=(model,)
        )
    return Known(arms, of_model=of_model)


SCENARIOS = [
    Scenario(
        "K3",
        "no level is better with either base",
        study_of(_bases(dict.fromkeys(MODELS, EQUAL))),
        NOT_FOUND,
    ),
    Scenario(
        "K3",
        "base x level by chance, two bases",
        study_of(_bases(dict.fromkeys(MODELS, EQUAL), of_model=0.1)),
        NOT_FOUND,
    ),
    Scenario(
        "K3",
        "base x level by chance, four bases",
        study_of(_bases(dict.fromkeys(FOUR, EQUAL), of_model=0.1)),
        NOT_FOUND,
    ),
    Scenario(
        "K3",
        "level 4 is best with one base, with the other just the margin worse",
        study_of(_bases(dict(zip(MODELS, (HIGH, JUST_MIDDLE), strict=True)))),
        EITHER,
    ),
    Scenario(
        "K3",
        "level 4 is best with one of four bases, with the others just the margin worse",
        study_of(
            _bases(dict(zip(FOUR, (HIGH, JUST_MIDDLE, JUST_MIDDLE, JUST_MIDDLE), strict=True)))
        ),
        EITHER,
    ),
    Scenario(
        "K3",
        "bases differ, with both by just the margin",
        study_of(_bases(dict(zip(MODELS, (JUST_HIGH, JUST_MIDDLE), strict=True)))),
        EITHER,
    ),
    Scenario(
        "K3",
        "level 4 is best with both bases",
        study_of(_bases(dict.fromkeys(MODELS, HIGH))),
        frozenset({SUPPORTED}),
        CONTRADICTED,
    ),
    Scenario(
        "K3",
        "level 4 with one of two bases, the middle with the other, by twenty points",
        study_of(_bases(dict(zip(MODELS, (HIGH, MIDDLE), strict=True)))),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
    Scenario(
        "K3",
        "level 4 with two of four bases, the middle with the others, by twenty points",
        study_of(_bases(dict(zip(FOUR, (HIGH, MIDDLE, HIGH, MIDDLE), strict=True)))),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
]
