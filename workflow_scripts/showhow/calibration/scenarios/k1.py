"""What K1 must not take for sixty examples being enough, and what it has to find."""

from showhow.analysis.judgement import CONTRADICTED, SUPPORTED
from showhow.calibration.scenario import EITHER, Scenario
from showhow.calibration.scenarios.knowledge import (
    FEW,
    LARGE,
    STEPS,
    Known,
    mixed,
    plus,
    study_of,
)

LOW = (0.02, 0.05, 0.08, 0.1, 0.15)
"""What bases answer before they were asked anything: at most a tenth of what they can learn to."""
UNTUNED = LOW.__getitem__


def _sizes(few: float, large: float, matched: float | None = None) -> Known:
    """Gains over the untuned base; matched: of sixty examples with as many steps as the largest."""
    arms = {
        mixed(FEW): plus(few, LOW),
        mixed(240): plus((few + large) / 2, LOW),
        mixed(LARGE): plus(large, LOW),
    }
    steps = {}
    if matched is not None:
        few_longer, large_alike = mixed(FEW, match="steps"), mixed(LARGE, match="steps")
        arms |= {few_longer: plus(matched, LOW), large_alike: plus(large, LOW)}
        steps = dict.fromkeys((few_longer, large_alike), STEPS)
    return Known(arms, UNTUNED, steps=steps)


SCENARIOS = [
    Scenario(
        "K1", "sixty bring out just four fifths", study_of(_sizes(few=0.4, large=0.5)), EITHER
    ),
    Scenario(
        "K1",
        "nothing is learned: untuned, sixty and the largest are equally good",
        study_of(_sizes(few=0.0, large=0.0)),
        EITHER,
    ),
    Scenario(
        "K1",
        "the untuned base is as good as after sixty, more examples do harm",
        study_of(_sizes(few=0.0, large=-0.015)),
        frozenset({SUPPORTED}),
    ),
    Scenario(
        "K1",
        "the untuned base is as good as after sixty, more examples help",
        study_of(_sizes(few=0.0, large=0.4)),
        frozenset({SUPPORTED}),
        CONTRADICTED,
    ),
    Scenario(
        "K1",
        "sixty are enough with one epoch, with as many steps four fifths",
        study_of(_sizes(few=0.5, large=0.5, matched=0.4)),
        EITHER,
    ),
    Scenario(
        "K1",
        "all sizes are equally good",
        study_of(_sizes(few=0.5, large=0.5)),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
    Scenario(
        "K1",
        "all sizes are equally good, with as many steps as well",
        study_of(_sizes(few=0.5, large=0.5, matched=0.5)),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
    Scenario(
        "K1",
        "sixty bring out half",
        study_of(_sizes(few=0.25, large=0.5)),
        frozenset({SUPPORTED}),
        CONTRADICTED,
    ),
]
