"""Which of several learning rates a condition gets: the one that was most accurate in its trial."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from showhow.base.rows import read_record
from showhow.base.wording import damaged


@dataclass(frozen=True)
class Trial:
    """A learning rate, and how it did on the validation problems."""

    learning_rate: float
    accuracy: float
    n_test: int


def read_trial(learning_rate: float, scores: Path) -> Trial:
    """Read how a rate did; a trial is scored on one split, raises ShowhowError for another."""
    splits = read_record(scores, ["splits"])["splits"]
    if not isinstance(splits, Mapping) or len(splits) != 1:
        raise damaged(scores, "it has not the scores of one split")
    (scored,) = splits.values()
    return Trial(learning_rate, scored["accuracy"], scored["n_test"])


def best_of(trials: Iterable[Trial]) -> Trial:
    """Give the most accurate trial; of equally accurate ones that with the smallest rate."""
    return min(trials, key=lambda trial: (-trial.accuracy, trial.learning_rate))
