"""What F3 must not take for a gap that stays open, and what it has to find."""

from showhow.analysis.judgement import CONTRADICTED, SUPPORTED
from showhow.calibration.scenario import EITHER, Scenario
from showhow.calibration.scenarios.voices import study_of_voices, ways_of_writing


def closing(share: float, gap: float = 0.4) -> dict[str, float]:
    """Accuracies where detail closes such a share of the gap."""
    return {
        "familiar": 0.3 + gap,
        "unfamiliar": 0.3,
        "unfamiliar_longer": 0.3 + share * gap,
    }


SCENARIOS = [
    Scenario(
        "F3", "detail closes half the gap", study_of_voices(ways_of_writing(closing(0.5))), EITHER
    ),
    Scenario(
        "F3",
        "detail closes half the gap, one task",
        study_of_voices(ways_of_writing(closing(0.5), tasks=("listops",))),
        EITHER,
    ),
    Scenario(
        "F3",
        "there is no gap and detail does nothing",
        study_of_voices(ways_of_writing(closing(0.0, gap=0.0))),
        EITHER,
    ),
    Scenario(
        "F3",
        "there is no gap and detail does harm",
        study_of_voices(
            ways_of_writing({"familiar": 0.5, "unfamiliar": 0.5, "unfamiliar_longer": 0.3})
        ),
        EITHER,
    ),
    Scenario(
        "F3",
        "detail closes four fifths of the gap",
        study_of_voices(ways_of_writing(closing(0.8))),
        frozenset({SUPPORTED}),
        CONTRADICTED,
    ),
    Scenario(
        "F3",
        "detail closes the whole gap",
        study_of_voices(ways_of_writing(closing(1.0))),
        frozenset({SUPPORTED}),
        CONTRADICTED,
    ),
    Scenario(
        "F3",
        "detail closes a fifth of the gap",
        study_of_voices(ways_of_writing(closing(0.2))),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
    Scenario(
        "F3",
        "detail closes nothing of the gap",
        study_of_voices(ways_of_writing(closing(0.0))),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
]
