"""The accuracy of every arm: mean and range over seeds, beside what answers without solving."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from showhow.analysis.table_files import blocks, read_table
from showhow.figures.variants import variant_order
from showhow.report.material import Material
from showhow.report.tables import ARM, RUN

DATA_FILES = ("accuracy.html.jinja",)
SPLIT_ORDER = ("test", "longer", "deeper")
SHOWN = ["split", "accuracy", "parameters", "majority_accuracy", "shortcut", "shortcut_accuracy"]


def show(material: Material) -> Mapping[str, Any]:
    runs = read_table(material.tables["runs"], [*RUN, *SHOWN])
    return {"splits": splits_of(runs), "rows": accuracy_rows(runs)}


def splits_of(runs: pd.DataFrame) -> list[str]:
    """The splits of the study: test, longer, deeper, then others by name."""
    present = set(runs["split"])
    known = [split for split in SPLIT_ORDER if split in present]
    return known + sorted(present - set(known))


def accuracy_rows(runs: pd.DataFrame) -> list[dict]:
    """One row per arm, in the order task, model size, variant, training size.

    What it is, how many seeds, and its accuracy by split (None: not measured).
    """
    splits = splits_of(runs)
    order = {variant: rank for rank, variant in enumerate(variant_order(set(runs["variant"])))}
    runs = runs.assign(rank=runs["variant"].map(order))
    runs = runs.sort_values(["task", "parameters", "model", "rank", "match", "n_train"])
    rows = []
    for (task, model, variant, match, n_train), arm in blocks(runs, ARM, sort=False):
        on_test = arm.sort_values("split").iloc[-1]
        by_split = {split: over_seeds(scores["accuracy"]) for split, scores in arm.groupby("split")}
        rows.append(
            {
                "task": task,
                "model": model,
                "parameters": int(arm["parameters"].iloc[0]),
                "variant": variant,
                "match": match,
                "n_train": int(n_train),
                "seeds": arm["seed"].nunique(),
                "majority": 100 * on_test["majority_accuracy"],
                "shortcut": on_test["shortcut"],
                "shortcut_accuracy": 100 * on_test["shortcut_accuracy"],
                "by_split": [by_split.get(split) for split in splits],
            }
        )
    return rows


def over_seeds(accuracy: pd.Series) -> dict[str, float]:
    """Mean and range over seeds, in percent."""
    return {
        "mean": 100 * accuracy.mean(),
        "low": 100 * accuracy.min(),
        "high": 100 * accuracy.max(),
    }
