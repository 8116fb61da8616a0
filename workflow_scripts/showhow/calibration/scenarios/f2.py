"""What F2 must not take for the effect of familiar words, and what it has to find."""

from showhow.analysis.judgement import CONTRADICTED, SUPPORTED
from showhow.calibration.scenario import EITHER, Scenario
from showhow.calibration.scenarios.levels import RUNS_ALONE
from showhow.calibration.scenarios.voices import study_of_voices, ways_of_writing
from showhow.calibration.simulation import Design


def crossed(words: float, order: float = 0.0, both: float = 0.0) -> dict[str, float]:
    """Accuracies of words x order, by main effects and interaction."""
    return {
        "familiar": 0.5 + (words + order + both) / 2,
        "own_words_other_order": 0.5 + (words - order - both) / 2,
        "other_words_own_order": 0.5 + (-words + order - both) / 2,
        "unfamiliar": 0.5 + (-words - order + both) / 2,
    }


def voices(gap: float) -> dict[str, float]:
    """Accuracies without the crossed arms."""
    return {"familiar": 0.5 + gap / 2, "unfamiliar": 0.5 - gap / 2}


def _runs_only(study):
    """The same truth on bases that do not differ."""

    def of(design: Design, rng):
        return study(Design(design.seeds, design.bases, design.problems, RUNS_ALONE), rng)

    return of


SCENARIOS = [
    Scenario(
        "F2",
        "words and order do nothing, a base takes to an arm by chance (sd .3)",
        study_of_voices(ways_of_writing(crossed(0.0))),
        EITHER,
    ),
    Scenario(
        "F2",
        "words and order do nothing, runs vary only",
        _runs_only(study_of_voices(ways_of_writing(crossed(0.0)))),
        EITHER,
    ),
    Scenario(
        "F2",
        "the gap is order, not wording",
        study_of_voices(ways_of_writing(crossed(0.0, order=0.5))),
        EITHER,
    ),
    Scenario(
        "F2",
        "own words help in own order as much as they harm in the other",
        study_of_voices(ways_of_writing(crossed(0.0, both=0.3))),
        EITHER,
    ),
    Scenario(
        "F2",
        "no arm crosses words and order, the voices are alike",
        study_of_voices(ways_of_writing(voices(0.0))),
        EITHER,
    ),
    Scenario(
        "F2",
        "words do nothing, one task",
        study_of_voices(ways_of_writing(crossed(0.0, order=0.2), tasks=("listops",))),
        EITHER,
    ),
    Scenario(
        "F2",
        "own words help in one task of two",
        study_of_voices(
            {
                **ways_of_writing(crossed(0.4), tasks=("addition",)),
                **ways_of_writing(crossed(0.0), tasks=("listops",)),
            }
        ),
        frozenset({SUPPORTED}),
    ),
    Scenario(
        "F2",
        "own words do harm of twenty points",
        study_of_voices(ways_of_writing(crossed(-0.2))),
        frozenset({SUPPORTED}),
        CONTRADICTED,
    ),
    Scenario(
        "F2",
        "own words gain ten points",
        study_of_voices(ways_of_writing(crossed(0.1, order=0.1))),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
    Scenario(
        "F2",
        "own words gain twenty points",
        study_of_voices(ways_of_writing(crossed(0.2))),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
    Scenario(
        "F2",
        "no arm crosses words and order, the own voice gains forty points",
        study_of_voices(ways_of_writing(voices(0.4))),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
]
