"""What F1 must not take for a relation of perplexity and accuracy, and what it has to find."""

import numpy as np

from showhow.analysis.judgement import CONTRADICTED, SUPPORTED
from showhow.calibration.scenario import EITHER, Scenario
from showhow.calibration.scenarios.voices import (
    DOUBLINGS,
    PERPLEXITY,
    study_of_voices,
    ways_of_writing,
)

ALIKE = dict.fromkeys(DOUBLINGS, 0.6)
OWN_WORDS = ("self_generated", "familiar", "minimum_change", "own_words_other_order")
OWN_ORDER = ("self_generated", "familiar", "minimum_change")
CROSSED = ("own_words_other_order", "other_words_own_order")
TWO_VOICES = {kind: 0.8 if kind in OWN_WORDS else 0.3 for kind in DOUBLINGS}
TWO_ORDERS = {kind: 0.8 if kind in OWN_ORDER else 0.3 for kind in DOUBLINGS}
TWO_PAIRS = {kind: value for kind, value in TWO_VOICES.items() if kind != "minimum_change"}
CLOSE_PERPLEXITIES = {
    **dict.fromkeys(OWN_WORDS, 1.0),
    **{"self_generated": 1.1, "familiar": 1.3, "minimum_change": 1.6},
    **{"own_words_other_order": 1.9, "other_words_own_order": 8.0, "unfamiliar": 14.0},
}


OWN_VOICE_APART = {
    **PERPLEXITY,
    **{"self_generated": 1.1, "minimum_change": 2.2, "familiar": 4.4},
    **{"own_words_other_order": 5.0, "other_words_own_order": 6.0, "unfamiliar": 9.0},
}
"""Three ways of writing in the own voice, a doubling from each other."""


def of_words_and_order(own: float, crossed: float, other: float) -> dict[str, float]:
    """Accuracies by whether words and order are the base's own: both, one of them, or none."""
    return {
        kind: own if kind in OWN_ORDER else crossed if kind in CROSSED else other
        for kind in DOUBLINGS
    }


def falling(by: float, perplexity: dict[str, float]) -> dict[str, float]:
    """Accuracies that fall by so much with each doubling of perplexity."""
    return {kind: 0.85 - by * float(np.log2(value)) for kind, value in perplexity.items()}


RISING = {kind: 1.1 - value for kind, value in falling(0.1, OWN_VOICE_APART).items()}

SCENARIOS = [
    Scenario(
        "F1",
        "two clusters of arms, no relation inside them",
        study_of_voices(ways_of_writing(TWO_VOICES), CLOSE_PERPLEXITIES),
        EITHER,
    ),
    Scenario(
        "F1",
        "two clusters by the order of what is named",
        study_of_voices(ways_of_writing(TWO_ORDERS)),
        EITHER,
    ),
    Scenario(
        "F1",
        "two clusters by words, of three arms and of two",
        study_of_voices(ways_of_writing(TWO_PAIRS)),
        EITHER,
    ),
    Scenario(
        "F1",
        "two clusters by words in one task, by order in another",
        study_of_voices(
            {
                **ways_of_writing(TWO_VOICES, tasks=("addition",)),
                **ways_of_writing(TWO_ORDERS, tasks=("listops",)),
            }
        ),
        frozenset({SUPPORTED}),
    ),
    Scenario(
        "F1",
        "two clusters by the order of what is named, one task",
        study_of_voices(ways_of_writing(TWO_ORDERS, tasks=("listops",))),
        EITHER,
    ),
    *(
        Scenario("F1", name, study_of_voices(ways_of_writing(accuracy)), EITHER)
        for name, accuracy in {
            "three clusters by words and order": of_words_and_order(0.8, 0.5, 0.2),
            "own words and own order add up": of_words_and_order(0.8, 0.55, 0.3),
        }.items()
    ),
    Scenario(
        "F1",
        "own words and own order add up, the own voice's perplexities lie far apart",
        study_of_voices(ways_of_writing(of_words_and_order(0.8, 0.55, 0.3)), OWN_VOICE_APART),
        EITHER,
    ),
    Scenario("F1", "all arms alike", study_of_voices(ways_of_writing(ALIKE)), EITHER),
    Scenario(
        "F1",
        "one arm is worse than all others",
        study_of_voices(ways_of_writing({**ALIKE, "unfamiliar": 0.3})),
        EITHER,
    ),
    Scenario(
        "F1",
        "more detail reads stranger and teaches less, else alike",
        study_of_voices(ways_of_writing({**ALIKE, "unfamiliar_longer": 0.3})),
        EITHER,
    ),
    Scenario(
        "F1",
        "accuracy rises by ten points a doubling",
        study_of_voices(ways_of_writing(RISING), OWN_VOICE_APART),
        frozenset({SUPPORTED}),
        CONTRADICTED,
    ),
    *(
        Scenario(
            "F1",
            f"accuracy falls by {told} points a doubling",
            study_of_voices(ways_of_writing(falling(by, OWN_VOICE_APART)), OWN_VOICE_APART),
            frozenset({CONTRADICTED}),
            SUPPORTED,
        )
        for told, by in {"ten": 0.1, "twenty": 0.2}.items()
    ),
    Scenario(
        "F1",
        "accuracy falls by twenty points a doubling, the own voice's perplexities lie close",
        study_of_voices(ways_of_writing(falling(0.2, PERPLEXITY))),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
]
