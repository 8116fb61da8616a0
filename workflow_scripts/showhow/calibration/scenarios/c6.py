"""What C6 must not take for steps that teach by being right, and what it has to find."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from showhow.analysis.claims.c6_true_steps_do_it import CONTROLS, EXPLAINED
from showhow.analysis.evidence import AboutBases, Evidence
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
from showhow.calibration.simulation import DETAIL, Design, Spread, Truth, simulate

MEDIUM = 0.7


def _study(
    controls: Mapping[str, float], spread: Spread | None = None, tasks: tuple[str, ...] = TASKS
) -> Study:
    return study_of(Truth(arms({EXPLAINED: MEDIUM, **controls}, tasks)), spread)


def _other_match() -> Study:
    """As good as one another by examples; matched on tokens, the controls are worse."""
    by_examples = arms({EXPLAINED: MEDIUM, **_all(MEDIUM)})
    by_tokens = arms({EXPLAINED: MEDIUM, **_all(0.3)}, match="target_tokens")
    return study_of(Truth({**by_examples, **by_tokens}), SIMILAR_BASES)


def _named(controls: Mapping[str, float], kinds: Mapping[str, str], explained: str) -> Study:
    """Variants with names of their own, each of one of the kinds that are compared."""
    truth = Truth(
        arms({explained: MEDIUM, **controls}),
        detail={**DETAIL, **dict.fromkeys(kinds), explained: 2},
    )

    def study(design: Design, rng: np.random.Generator) -> Evidence:
        return simulate(truth, replace(design, spread=SIMILAR_BASES), rng, AboutBases(kinds=kinds))

    return study


def _two_wrong_ways() -> Study:
    """Of two variants with wrong steps one is as good as the explanation."""
    kinds = {"wrong_early": "wrong_steps", "wrong_late": "wrong_steps"}
    others = {name: 0.3 for name in CONTROLS if name != "wrong_steps"}
    return _named({**others, "wrong_early": MEDIUM, "wrong_late": 0.3}, kinds, EXPLAINED)


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
        "C6", "every control as good by examples, worse by target tokens", _other_match(), ANY
    ),
    Scenario("C6", "of two variants with wrong steps one is as good", _two_wrong_ways(), ANY),
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
    Scenario(
        "C6",
        "thirty points over every control, the explanation has a name of its own, bases alike",
        _named(_all(MEDIUM - 0.3), {"told": EXPLAINED}, "told"),
        frozenset({CONTRADICTED, MIXED}),
        SUPPORTED,
    ),
]
