"""What K2b must not take for harm by unknown facts, and what it has to find."""

from showhow.analysis.judgement import CONTRADICTED, SUPPORTED
from showhow.calibration.scenario import EITHER, Scenario
from showhow.calibration.scenarios.knowledge import FEW, LARGE, Known, every_level, plus, study_of

RECALL = (0.05, 0.3, 0.45, 0.55, 0.65)


def _levels(small: float, large: float, others_small: float, others_large: float) -> Known:
    """Gains over the untuned base of level 0 and of the others, at the smallest and largest N."""
    arms = {
        arm: plus(unknown if arm.variant == "level_0" else others, RECALL)
        for size, unknown, others in ((FEW, small, others_small), (LARGE, large, others_large))
        for arm in every_level(lambda *_: 0.0, sizes=(size,))
    }
    return Known(arms, plus(0.0, RECALL))


SCENARIOS = [
    Scenario("K2b", "no fact does any harm", study_of(_levels(0.0, 0.0, 0.0, 0.0)), EITHER),
    Scenario(
        "K2b",
        "level 0 leaves the base unharmed, other levels lift it",
        study_of(_levels(0.1, 0.0, 0.15, 0.2)),
        EITHER,
    ),
    Scenario(
        "K2b",
        "level 0 does harm, other levels as much",
        study_of(_levels(-0.1, -0.3, -0.1, -0.3)),
        EITHER,
    ),
    Scenario(
        "K2b",
        "level 0 does harm, more of it no more",
        study_of(_levels(-0.3, -0.3, 0.0, 0.0)),
        EITHER,
    ),
    Scenario(
        "K2b",
        "unknown facts do no harm beyond lifting less with more of them",
        study_of(_levels(0.2, 0.1, 0.25, 0.3)),
        frozenset({SUPPORTED}),
    ),
    Scenario(
        "K2b",
        "level 0 costs fifteen points, a third of it at the smallest size",
        study_of(_levels(-0.05, -0.15, 0.0, 0.02)),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
    Scenario(
        "K2b",
        "level 0 costs thirty points, a third of it at the smallest size",
        study_of(_levels(-0.1, -0.3, 0.0, 0.05)),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
    Scenario(
        "K2b",
        "level 0 lifts the base by twenty points",
        study_of(_levels(0.1, 0.2, 0.1, 0.2)),
        frozenset({SUPPORTED}),
        CONTRADICTED,
    ),
]
