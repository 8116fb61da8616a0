"""What K1 must not take for sixty examples being enough, and what it has to find."""

import numpy as np

from showhow.analysis.judgement import CONTRADICTED, SUPPORTED
from showhow.calibration.scenario import EITHER, Scenario
from showhow.calibration.scenarios.knowledge import (
    COMPLETED,
    FEW,
    LARGE,
    STEPS,
    Known,
    mixed,
    plus,
    study_of,
)

LOW = (0.01, 0.02, 0.03, 0.04, 0.05)
"""What bases answer before they were asked anything: at most a tenth of what they complete."""
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


TO_CEILING = float(np.mean(COMPLETED) - np.mean(LOW))
HIGH = (0.05, 0.2, 0.3, 0.4, 0.45)
"""What bases answer that are not in need of examples."""

SCENARIOS = [
    Scenario(
        "K1", "sixty bring out just four fifths", study_of(_sizes(few=0.4, large=0.5)), EITHER
    ),
    Scenario(
        "K1",
        "nothing is learned: untuned, sixty and the largest are equally good",
        study_of(_sizes(few=0.0, large=0.0)),
        frozenset({SUPPORTED}),
        CONTRADICTED,
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
        "sixty and the largest bring out just four fifths of what the base completes",
        study_of(_sizes(few=0.8 * TO_CEILING, large=0.8 * TO_CEILING)),
        EITHER,
    ),
    Scenario(
        "K1",
        "sixty bring out three points, and so does the largest",
        study_of(_sizes(few=0.03, large=0.03)),
        frozenset({SUPPORTED}),
        CONTRADICTED,
    ),
    Scenario(
        "K1",
        "the untuned base answers half of what it completes, sixty add seven points",
        study_of(
            Known({mixed(FEW): plus(0.07, HIGH), mixed(LARGE): plus(0.0, HIGH)}, HIGH.__getitem__)
        ),
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
        "all sizes bring out all that is memorised, more than samples show",
        study_of(_sizes(few=0.75, large=0.75)),
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
