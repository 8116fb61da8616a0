"""What F6 must not take for equal, and what it has to find."""

from showhow.analysis.judgement import CONTRADICTED, SUPPORTED
from showhow.calibration.scenario import EITHER, Scenario
from showhow.calibration.scenarios.levels import Study
from showhow.calibration.scenarios.voices import TASKS, study_of_voices, ways_of_writing


def studies(
    behind: float, gap: float = 0.4, familiar: float = 0.7, tasks: tuple[str, ...] = TASKS
) -> Study:
    """Studies where minimum change is so far behind familiar, and unfamiliar behind that."""
    return study_of_voices(
        ways_of_writing(
            {
                "familiar": familiar,
                "minimum_change": familiar - behind,
                "unfamiliar": familiar - behind - gap,
            },
            tasks,
        )
    )


SCENARIOS = [
    Scenario("F6", "minimum change is the margin below familiar", studies(0.05), EITHER),
    Scenario("F6", "minimum change is the margin above familiar", studies(-0.05), EITHER),
    Scenario("F6", "all three arms are alike", studies(0.0, gap=0.0), EITHER),
    Scenario(
        "F6",
        "minimum change is the margin below familiar, one task",
        studies(0.05, tasks=("listops",)),
        EITHER,
    ),
    Scenario(
        "F6",
        "minimum change is 17 points below familiar",
        studies(0.17),
        frozenset({SUPPORTED}),
        CONTRADICTED,
    ),
    Scenario(
        "F6",
        "minimum change is as bad as unfamiliar, 40 points below",
        studies(0.4, gap=0.0),
        frozenset({SUPPORTED}),
        CONTRADICTED,
    ),
    Scenario(
        "F6",
        "minimum change teaches like familiar, unfamiliar 40 points less",
        studies(0.0),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
    Scenario(
        "F6",
        "the same where the arms are near the ceiling",
        studies(0.0, familiar=0.97),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
]
