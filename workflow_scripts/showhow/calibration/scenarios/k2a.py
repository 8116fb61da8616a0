"""What K2a must not take for a diagonal, and what it has to find."""

from scipy.special import expit, logit

from showhow.analysis.judgement import CONTRADICTED, SUPPORTED
from showhow.calibration.scenario import EITHER, Scenario
from showhow.calibration.scenarios.knowledge import RECALL, Known, every_level, study_of

FACTORS = (0.5, 0.7, 0.8, 0.95, 1.1)
ADDED = (-0.04, 0.0, 0.03, 0.06, 0.1)


def _alike(trained: int, on: int) -> float:
    return RECALL[on]


def _times_a_factor(trained: int, on: int) -> float:
    return RECALL[on] * FACTORS[trained]


def _times_a_falling_factor(trained: int, on: int) -> float:
    return RECALL[on] * FACTORS[-1 - trained]


def _plus_log_odds(trained: int, on: int) -> float:
    return float(expit(logit(RECALL[on]) + 4 * ADDED[trained] * 3))


def _minus_log_odds(trained: int, on: int) -> float:
    return _plus_log_odds(4 - trained, on)


def _plus_accuracy(trained: int, on: int) -> float:
    return max(0.01, RECALL[on] + ADDED[trained])


def _minus_accuracy(trained: int, on: int) -> float:
    return max(0.01, RECALL[on] + ADDED[4 - trained])


def _own_level(gain: float):
    """On the log odds, beside a factor of the training level."""

    def accuracy(trained: int, on: int) -> float:
        log_odds = logit(RECALL[on]) + ADDED[trained] + gain * (trained == on)
        return float(expit(log_odds))

    return accuracy


SCENARIOS = [
    *(
        Scenario("K2a", name, study_of(Known(every_level(accuracy))), EITHER)
        for name, accuracy in {
            "what is trained on makes no difference": _alike,
            "accuracy is recall times a factor of the training level": _times_a_factor,
            "the same, the factor falling with the level": _times_a_falling_factor,
            "training levels add to the log odds of every test level": _plus_log_odds,
            "the same, adding less with the level": _minus_log_odds,
            "training levels add to the accuracy on every test level": _plus_accuracy,
            "the same, adding less with the level of what is trained on": _minus_accuracy,
        }.items()
    ),
    Scenario(
        "K2a",
        "a level's own training adds half a logit",
        study_of(Known(every_level(_own_level(0.5)))),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
    Scenario(
        "K2a",
        "a level's own training adds one logit",
        study_of(Known(every_level(_own_level(1.0)))),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
    Scenario(
        "K2a",
        "a level's own training is the worst for it by one logit",
        study_of(Known(every_level(_own_level(-1.0)))),
        frozenset({SUPPORTED}),
        CONTRADICTED,
    ),
]
