"""What F5 must not take for a flip, and what it has to find."""

from showhow.analysis.judgement import CONTRADICTED, SUPPORTED
from showhow.calibration.scenario import EITHER, Scenario
from showhow.calibration.scenarios.levels import Study
from showhow.calibration.scenarios.voices import TASKS, study_of_voices, ways_of_writing


def gaps(on_a: float, on_b: float, tasks: tuple[str, ...] = TASKS) -> Study:
    """Studies where the own voice is better by so much on bases of voice a, and of voice b."""
    return study_of_voices(
        {
            arm: right
            for model, own in (("voice-a", on_a), ("voice-b", on_b))
            for arm, right in ways_of_writing(
                {"familiar": 0.5 + own / 2, "unfamiliar": 0.5 - own / 2}, tasks, (model,)
            ).items()
        }
    )


SCENARIOS = [
    Scenario("F5", "no voice wins anywhere", gaps(0.0, 0.0), EITHER),
    Scenario("F5", "voice a wins on its bases, none on the others", gaps(0.4, 0.0), EITHER),
    Scenario("F5", "voice b wins on its bases, none on the others", gaps(0.0, 0.4), EITHER),
    Scenario(
        "F5",
        "voice a wins on its bases, none on the others, one task",
        gaps(0.4, 0.0, tasks=("listops",)),
        EITHER,
    ),
    Scenario(
        "F5",
        "voice a is easier for every base",
        gaps(0.3, -0.3),
        frozenset({SUPPORTED}),
        CONTRADICTED,
    ),
    Scenario(
        "F5",
        "the other base's voice wins on both",
        gaps(-0.2, -0.2),
        frozenset({SUPPORTED}),
        CONTRADICTED,
    ),
    Scenario(
        "F5",
        "the own voice wins by ten points",
        gaps(0.1, 0.1),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
    Scenario(
        "F5",
        "the own voice wins by forty points",
        gaps(0.4, 0.4),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
]
