"""What C2 must not take for detail that helps small models more, and what it has to find.

Where detail helps two sizes alike in log odds, the accuracies of one are those of the other
mirrored at one half: so they do on average over all bases, runs and problems, too. Or the log odds
are given, of solving what guessing does not, and runs guess besides.
"""

from collections.abc import Mapping

from scipy.special import expit

from showhow.analysis.evidence import Arm
from showhow.analysis.judgement import CONTRADICTED, MIXED, SUPPORTED
from showhow.calibration.scenario import Scenario
from showhow.calibration.scenarios.levels import (
    ANY,
    LEVELS,
    RUNS_ALONE,
    SIMILAR_BASES,
    TASKS,
    Study,
    arms,
    levels_at,
    study_of,
)
from showhow.calibration.simulation import Spread, Truth

SMALL, MIDDLE, LARGE = "decoder-40k", "decoder-150k", "decoder-600k"
GUESSING = 0.2
NO_DETAIL = {SMALL: levels_at(0.4, 0.3), MIDDLE: levels_at(0.5, 0.4), LARGE: levels_at(0.6, 0.5)}


def _with_none(none: float, *levels: float) -> dict[str, float]:
    return {"none": none, **dict(zip(LEVELS, levels, strict=True))}


def _study(
    by_model: Mapping[str, Mapping[str, float]],
    spread: Spread | None = None,
    tasks: tuple[str, ...] = TASKS,
    guesses: bool = False,
) -> Study:
    accuracy: dict[Arm, float] = {}
    for model, by_variant in by_model.items():
        accuracy |= arms(by_variant, tasks, model)
    return study_of(Truth(accuracy, shortcut=GUESSING, guesses=guesses), spread)


def _alike(step: float, **first: float) -> dict[str, dict[str, float]]:
    """Each level adds `step` to the log odds of solving; `first`: of the least detailed level."""

    def accuracy(log_odds: float) -> float:
        return GUESSING + (1 - GUESSING) * float(expit(log_odds))

    by_model = zip((SMALL, MIDDLE, LARGE), first.values(), strict=True)
    return {
        model: _with_none(*(accuracy(at + step * number) for number in (-1, 0, 1, 2)))
        for model, at in by_model
    }


def _small_gain(largest: float) -> dict[str, dict[str, float]]:
    """Detail helps the smallest model by 40 points, the middle one by 15, the largest by none."""
    return {
        SMALL: _with_none(0.25, 0.35, 0.55, 0.75),
        MIDDLE: _with_none(0.4, 0.6, 0.68, 0.75),
        LARGE: levels_at(largest, 0.6),
    }


SCENARIOS = [
    Scenario(
        "C2",
        "one task alone: detail does nothing, bases are alike",
        _study({**NO_DETAIL, LARGE: levels_at(0.95, 0.5)}, SIMILAR_BASES, ("listops",)),
        ANY,
    ),
    Scenario(
        "C2",
        "one task alone: explanations help all sizes alike, detail does nothing",
        _study(NO_DETAIL, tasks=("listops",)),
        ANY,
    ),
    Scenario(
        "C2",
        "any explanation helps small models, its detail does nothing",
        _study(
            {SMALL: levels_at(0.5, 0.2), MIDDLE: levels_at(0.5, 0.35), LARGE: levels_at(0.5, 0.5)}
        ),
        ANY,
    ),
    Scenario(
        "C2", "explanations help all sizes alike, detail does nothing", _study(NO_DETAIL), ANY
    ),
    Scenario("C2", "detail does nothing, only runs vary", _study(NO_DETAIL, RUNS_ALONE), ANY),
    Scenario(
        "C2",
        "detail does nothing, bases are alike: the largest model's levels are equal",
        _study(
            {**NO_DETAIL, LARGE: levels_at(0.95, 0.5)},
            SIMILAR_BASES,
        ),
        ANY,
    ),
    Scenario(
        "C2",
        "the smallest size learns nothing, otherwise no interaction",
        _study({**NO_DETAIL, SMALL: levels_at(GUESSING, GUESSING)}),
        ANY,
    ),
    Scenario(
        "C2",
        "detail adds as much to the log odds of all sizes, the largest is at about .95",
        _study(_alike(0.3, small=-1.2, middle=2.0, large=2.5), SIMILAR_BASES, guesses=True),
        ANY,
    ),
    Scenario(
        "C2",
        "one task alone: detail adds as much to all sizes, the largest is at about .95",
        _study(_alike(0.3, small=-1.2, middle=2.0, large=2.5), SIMILAR_BASES, ("listops",), True),
        ANY,
    ),
    Scenario(
        "C2",
        "one task alone: detail adds as much to all sizes, the smallest mostly guesses",
        _study(
            _alike(0.5, small=-2.3, middle=2.2, large=2.2), RUNS_ALONE, ("listops",), guesses=True
        ),
        ANY,
    ),
    Scenario(
        "C2",
        "the smallest size learns nothing, detail helps the others alike",
        _study(
            {
                SMALL: levels_at(GUESSING, GUESSING),
                MIDDLE: _with_none(0.3, 0.35, 0.45, 0.55),
                LARGE: _with_none(0.4, 0.45, 0.55, 0.65),
            }
        ),
        frozenset({SUPPORTED, MIXED}),
        CONTRADICTED,
    ),
    Scenario(
        "C2",
        "detail helps all but the largest, whose levels the ceiling makes alike",
        _study(_small_gain(0.975), SIMILAR_BASES),
        frozenset({SUPPORTED, MIXED}),
    ),
    Scenario(
        "C2",
        "small models gain more, the largest model's levels differ by just the margin",
        _study(
            {**_small_gain(0.9), LARGE: _with_none(0.6, 0.9, 0.925, 0.95)},
            SIMILAR_BASES,
        ),
        ANY,
    ),
    Scenario(
        "C2",
        "detail helps large models more",
        _study(
            {
                SMALL: levels_at(0.4, 0.3),
                MIDDLE: _with_none(0.3, 0.4, 0.5, 0.6),
                LARGE: _with_none(0.3, 0.4, 0.6, 0.8),
            }
        ),
        frozenset({SUPPORTED, MIXED}),
        CONTRADICTED,
    ),
    Scenario(
        "C2",
        "detail helps small models by forty points, the largest is at ninety percent",
        _study(_small_gain(0.9)),
        frozenset({CONTRADICTED, MIXED}),
        SUPPORTED,
    ),
    Scenario(
        "C2",
        "detail helps small models by forty points, the largest is at ninety percent, bases alike",
        _study(_small_gain(0.9), SIMILAR_BASES),
        frozenset({CONTRADICTED, MIXED}),
        SUPPORTED,
    ),
]
