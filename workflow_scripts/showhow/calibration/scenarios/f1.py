"""What F1 must not take for a relation of perplexity and accuracy, and what it has to find."""

from showhow.analysis.judgement import CONTRADICTED, SUPPORTED
from showhow.calibration.scenario import EITHER, Scenario
from showhow.calibration.scenarios.voices import DOUBLINGS, study_of_voices, ways_of_writing

ALIKE = dict.fromkeys(DOUBLINGS, 0.6)
OWN_WORDS = ("self_generated", "familiar", "minimum_change", "own_words_other_order")
OWN_ORDER = ("self_generated", "familiar", "minimum_change")
TWO_VOICES = {kind: 0.8 if kind in OWN_WORDS else 0.3 for kind in DOUBLINGS}
TWO_ORDERS = {kind: 0.8 if kind in OWN_ORDER else 0.3 for kind in DOUBLINGS}
TWO_PAIRS = {kind: value for kind, value in TWO_VOICES.items() if kind != "minimum_change"}
CLOSE_PERPLEXITIES = {
    **dict.fromkeys(OWN_WORDS, 1.0),
    **{"self_generated": 1.1, "familiar": 1.3, "minimum_change": 1.6},
    **{"own_words_other_order": 1.9, "other_words_own_order": 8.0, "unfamiliar": 14.0},
}


def falling(by: float) -> dict[str, float]:
    """Accuracies that fall by so much with each doubling of perplexity."""
    return {kind: 0.8 - by * doublings for kind, doublings in DOUBLINGS.items()}


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
        study_of_voices(ways_of_writing({k: 1.1 - v for k, v in falling(0.1).items()})),
        frozenset({SUPPORTED}),
        CONTRADICTED,
    ),
    Scenario(
        "F1",
        "accuracy falls by ten points a doubling",
        study_of_voices(ways_of_writing(falling(0.1))),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
    Scenario(
        "F1",
        "accuracy falls by twenty points a doubling",
        study_of_voices(ways_of_writing(falling(0.2))),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
]
