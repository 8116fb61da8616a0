"""The numbers that figures draw: means over seeds with their intervals, per cell of the grid."""

import functools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from showhow.analysis.statistics import (
    keyed_generator,
    n_to_target,
    percentile_interval,
    resample_counts,
    resampled_accuracy,
)
from showhow.figures.figure import ARM, FigureData
from showhow.figures.variants import CONTROLS

RESAMPLES = 2000


@dataclass(frozen=True)
class Mean:
    """A mean over seeds, its bootstrap interval, and the value of each seed."""

    value: float
    low: float
    high: float
    seeds: tuple[float, ...]


@dataclass(frozen=True)
class NeededSize:
    """The training size at which the mean accuracy reaches a target.

    value: interpolated on log N; infinite when the largest size does not reach the target, and the
    smallest size when that already does. reached: the best mean accuracy at any size.
    """

    value: float
    low: float
    high: float
    reached: float


def split_items(data: FigureData, split: str = "test") -> pd.DataFrame:
    """The items of one split, without the runs that are matched on tokens or steps."""
    items = data.items
    return items[(items["split"] == split) & (items["match"] == "examples")]


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

    The items are of one arm; its (task, model, split) is kept, to key the bootstrap's draws.
    """
    table = items.assign(correct=items["correct"].astype(float))
    table = table.pivot_table(index="seed", columns="id", values="correct", aggfunc="first")
    table = table.dropna(axis="columns")
    table.attrs["drawn"] = tuple(items[["task", "model", "split"]].iloc[0])
    return table


def accuracies(items: pd.DataFrame) -> dict[tuple, Mean]:
    """The mean accuracy of each arm, by (task, model, variant, n_train, match)."""
    return {key: mean_of(table) for key, table in arms(items)}


def gains(items: pd.DataFrame, best_of_several: bool = False) -> dict[tuple, Mean]:
    """Accuracy minus that of `none` with the same task, model and N, paired by seed and problem.

    best_of_several: widen each interval for the number of variants it is chosen from (Bonferroni),
    as the claims do.
    """
    differences = dict(differences_from_none(items))
    variants = Counter(key[:2] for key in differences)
    tests = variants if best_of_several else Counter(variants.keys())
    return {key: mean_of(table, tests[key[:2]]) for key, table in differences.items()}


def differences_from_none(items: pd.DataFrame) -> Iterator[tuple[tuple, pd.DataFrame]]:
    """Each explained arm's key and its seeds by problems table minus that of `none`."""
    tables = dict(arms(items))
    for (task, model, variant, n_train, match), table in tables.items():
        plain = tables.get((task, model, "none", n_train, match))
        if variant == "none" or plain is None:
            continue
        difference = (table - plain).dropna(axis="index", how="all").dropna(axis="columns")
        difference.attrs["drawn"] = table.attrs["drawn"]
        if difference.size:
            yield (task, model, variant, n_train, match), difference


def mean_of(table: pd.DataFrame, tests: int = 1) -> Mean:
    """The mean of a seeds by problems table with its hierarchical bootstrap interval."""
    low, high = percentile_interval(resampled_means(table), tests)
    seeds = tuple(table.mean(axis="columns").tolist())
    return Mean(float(np.mean(seeds)), low, high, seeds)


def resampled_means(table: pd.DataFrame) -> np.ndarray:
    """Means (RESAMPLES,) of tables whose seeds, then problems, are drawn with replacement.

    The draws are those of the claims (showhow.analysis.evidence), so figures and claims agree.
    """
    seeds, problems = table.shape
    task, model, split = table.attrs["drawn"]
    return resampled_accuracy(
        table.to_numpy(),
        _counts(seeds, "seeds", task, model),
        _counts(problems, "problems", task, split),
    )


@functools.cache
def _counts(size: int, *key: str) -> np.ndarray:
    return resample_counts(keyed_generator(0, *key), RESAMPLES, size)


def needed_sizes(items: pd.DataFrame, target: float) -> dict[tuple[str, str, str], NeededSize]:
    """The N that reaches `target`, by (task, model, variant), where there are several N."""
    found = {}
    for key, rows in items.groupby(["task", "model", "variant"], sort=True):
        tables = {size: correctness(arm) for size, arm in rows.groupby("n_train", sort=True)}
        if len(tables) < 2:
            continue
        sizes = np.array(list(tables))
        means = np.array([float(table.to_numpy().mean()) for table in tables.values()])
        curves = np.stack([resampled_means(table) for table in tables.values()], axis=1)
        low, high = percentile_interval(n_to_target(sizes, curves, target))
        value = float(n_to_target(sizes, means, target))
        found[key] = NeededSize(value, low, high, float(means.max()))
    return found
