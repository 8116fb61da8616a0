"""Which of the seeds of one condition keeps its weights."""

from pathlib import Path

from showhow.base.files import remove_folder
from showhow.base.rows import read_record

CHOSEN_ON = "test"


def accuracy_of(run: Path) -> float:
    """Read a run's accuracy on the split that the choice is made on."""
    return read_record(run / "scores.json", ["splits"])["splits"][CHOSEN_ON]["accuracy"]


def best_seed(accuracies: dict[int, float]) -> int:
    """Give the seed with the highest accuracy; of several, the smallest."""
    return max(sorted(accuracies), key=accuracies.__getitem__)


def forget_weights(run: Path) -> None:
    """Remove a run's weights, if they are there; its results stay."""
    remove_folder(run / "model")
