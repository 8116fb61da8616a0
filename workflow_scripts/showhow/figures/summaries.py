"""The numbers that figures draw: means over seeds with their intervals, per cell of the grid."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from showhow.analysis.estimation import Contrast
from showhow.figures.figure import ARM, FigureData, mainly_matched
from showhow.figures.variants import CONTROLS


@dataclass(frozen=True)
class Mean:
    """A mean over seeds, its interval, and the value of each seed.

    low, high: NaN with one seed, of which nothing can be said about others.
    """

    value: float
    low: float
    high: float
    seeds: tuple[float, ...]

    def times(self, factor: float) -> "Mean":
        """The same in another unit."""
        seeds = tuple(factor * seed for seed in self.seeds)
        return Mean(factor * self.value, factor * self.low, factor * self.high, seeds)


def split_items(data: FigureData, split: str = "test") -> pd.DataFrame:
    """The items of one split, of the arms that are matched as most of their task and model are."""
    items = data.items[data.items["split"] == split]
    return items[mainly_matched(items)]


def without_controls(items: pd.DataFrame) -> pd.DataFrame:
    """The items of the levels of detail, and of the user's own variants."""
    return items[~items["variant"].isin(CONTROLS)]


def panels(table: pd.DataFrame, data: FigureData) -> list[tuple[str, str]]:
    """One (task, model) per panel, for what has rows at all."""
    present = set(table[["task", "model"]].drop_duplicates().itertuples(index=False, name=None))
    pairs = [(task, model) for task in data.tasks for model in data.models]
    return [panel for panel in pairs if panel in present]


def panel_titles(chosen: list[tuple[str, str]]) -> list[str]:
    """The model of each panel, below its task where there are several."""
    several = len({task for task, _ in chosen}) > 1
    return [f"{task}\n{model}" if several else model for task, model in chosen]


def panel_rows(table: pd.DataFrame, panel: tuple[str, str]) -> pd.DataFrame:
    """The rows of one task and model."""
    return table[(table["task"] == panel[0]) & (table["model"] == panel[1])]


def arms(items: pd.DataFrame) -> Iterator[tuple[tuple, pd.DataFrame]]:
    """Each arm's key (task, model, variant, n_train, match) and its seeds by problems table."""
    for key, rows in items.groupby(ARM, sort=True):
        yield key, correctness(rows)


def correctness(items: pd.DataFrame) -> pd.DataFrame:
    """Seeds by problems, 1 where correct; problems that some seed lacks are left out.

    The items are of one arm.
    """
    table = items.assign(correct=items["correct"].astype(float))
    table = table.pivot_table(index="seed", columns="id", values="correct", aggfunc="first")
    return table.dropna(axis="columns")


def accuracies(items: pd.DataFrame) -> dict[tuple, Mean]:
    """The mean accuracy of each arm, by (task, model, variant, n_train, match)."""
    return {key: mean_of(table) for key, table in arms(items)}


def gains(items: pd.DataFrame) -> dict[tuple, Mean]:
    """Accuracy minus that of `none` with the same task, model and N, paired by seed and problem."""
    tables = dict(arms(items))
    found = {}
    for key, table in tables.items():
        task, model, variant, n_train, match = key
        plain = tables.get((task, model, "none", n_train, match))
        if variant != "none" and plain is not None:
            found[key] = difference(table, plain)
    return {key: mean for key, mean in found.items() if mean is not None}


def difference(table: pd.DataFrame, other: pd.DataFrame) -> Mean | None:
    """One arm minus another, over the seeds and problems that both have; None without any."""
    paired = (table - other).dropna(axis="index", how="all").dropna(axis="columns")
    return mean_of(paired) if paired.size else None


def mean_of(table: pd.DataFrame) -> Mean:
    """The mean of a seeds by problems table, with the interval that the claims give it."""
    return mean_over([table])


def mean_over(tables: list[pd.DataFrame]) -> Mean:
    """The mean of seeds by problems tables of the same seeds, each with the same weight."""
    seeds = tuple(map(str, tables[0].index))
    parts = {str(place): table.to_numpy() / len(tables) for place, table in enumerate(tables)}
    contrast = Contrast(parts, seeds, len(seeds))
    low, high = contrast.estimate.interval() if len(seeds) > 1 else (np.nan, np.nan)
    return Mean(contrast.value, low, high, tuple(contrast.by_unit.tolist()))
