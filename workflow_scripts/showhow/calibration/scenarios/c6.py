"""What C6 must not take for steps that teach by being right, and what it has to find."""

from collections.abc import Mapping

from showhow.analysis.claims.c6_true_steps_do_it import CONTROLS, EXPLAINED
from showhow.analysis.judgement import CONTRADICTED, MIXED, SUPPORTED
from showhow.calibration.scenario import Scenario
from showhow.calibration.scenarios.levels import (
    ANY,
    RUNS_ALONE,
    SIMILAR_BASES,
    TASKS,
    Study,
    arms,
    study_of,
)
from showhow.calibration.simulation import Spread, Truth

MEDIUM = 0.7


def _study(
    controls: Mapping[str, float], spread: Spread | None = None, tasks: tuple[str, ...] = TASKS
) -> Study:
    return study_of(Truth(arms({EXPLAINED: MEDIUM, **controls}, tasks)), spread)


def _all(value: float) -> dict[str, float]:
    return dict.fromkeys(CONTROLS, value)


SCENARIOS = [
    Scenario(
        "C6",
        f"one task alone: wrong_steps as good as {EXPLAINED}, the others worse",
        _study({**_all(0.3), "wrong_steps": MEDIUM}, tasks=("listops",)),
        ANY,
    ),
    *(
        Scenario(
            "C6",
            f"{control} alone as good as {EXPLAINED}",
            _study({**_all(0.3), control: MEDIUM}),
            ANY,
        )
        for control in CONTROLS
    ),
    Scenario("C6", f"every control as good as {EXPLAINED}", _study(_all(MEDIUM)), ANY),
    Scenario(
        "C6",
        f"every control as good as {EXPLAINED}, only runs vary",
        _study(_all(MEDIUM), RUNS_ALONE),
        ANY,
    ),
    Scenario(
        "C6",
        "steps without content are worse, nothing else was asked",
        _study({"filler": 0.3}),
        ANY,
    ),
    Scenario(
        "C6",
        f"wrong steps better than {EXPLAINED} by twenty points",
        _study({**_all(0.4), "wrong_steps": 0.9}),
        frozenset({SUPPORTED, MIXED}),
        CONTRADICTED,
    ),
    Scenario(
        "C6",
        "ten points over every control",
        _study(_all(MEDIUM - 0.1)),
        frozenset({CONTRADICTED, MIXED}),
        SUPPORTED,
    ),
    Scenario(
        "C6",
        "ten points over every control, bases alike",
        _study(_all(MEDIUM - 0.1), SIMILAR_BASES),
        frozenset({CONTRADICTED, MIXED}),
        SUPPORTED,
    ),
    Scenario(
        "C6",
        "thirty points over every control",
        _study(_all(MEDIUM - 0.3)),
        frozenset({CONTRADICTED, MIXED}),
        SUPPORTED,
    ),
]
