"""Which learning rates a study's conditions got, where they were chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from showhow.analysis.table_files import blocks, read_table
from showhow.analysis.tables import RATE_COLUMNS
from showhow.report.material import Material

DATA_FILES = ("learning_rates.html.jinja",)
CONDITION = ["task", "variant", "model", "n_train", "match"]


@dataclass(frozen=True)
class Choice:
    """What was chosen for one condition.

    tried: each rate, smallest first, with its accuracy in percent. at_the_edge: the smallest or
    the largest of them is the best, so that one beyond it may be better.
    """

    task: str
    variant: str
    model: str
    n_train: int
    match: str
    learning_rate: float
    tried: tuple[tuple[float, float], ...]
    at_the_edge: bool


def show(material: Material) -> Mapping[str, Any] | None:
    if "learning rates" not in material.tables:
        return None
    choices = read_choices(material.tables["learning rates"])
    at_the_edge = sum(choice.at_the_edge for choice in choices)
    return {"choices": choices, "at_the_edge": at_the_edge} if choices else None


def read_choices(table: Path) -> tuple[Choice, ...]:
    """Read the table of tabulate_rates, one choice for each condition."""
    rates = read_table(table, RATE_COLUMNS)
    return tuple(_choice(*key, trials) for key, trials in blocks(rates, CONDITION, sort=False))


def _choice(
    task: str, variant: str, model: str, n_train: int, match: str, trials: pd.DataFrame
) -> Choice:
    trials = trials.sort_values("learning_rate")
    rates, accuracies = trials["learning_rate"].tolist(), trials["accuracy"].tolist()
    (chosen,) = trials.loc[trials["chosen"], "learning_rate"].tolist()
    tried = tuple((rate, 100 * accuracy) for rate, accuracy in zip(rates, accuracies, strict=True))
    edge = chosen in (rates[0], rates[-1])
    return Choice(task, variant, model, int(n_train), match, chosen, tried, edge)
