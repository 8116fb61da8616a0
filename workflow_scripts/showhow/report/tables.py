"""The tables of the report, as rows of numbers and text."""

import math
import re

import pandas as pd

from showhow.analysis.table_files import blocks
from showhow.figures.variants import variant_order

DASH, MINUS = "\N{EN DASH}", "\N{MINUS SIGN}"
ARM = ["task", "model", "variant", "match", "n_train"]
SPLIT_ORDER = ("test", "longer", "deeper")
POINTS = "difference in accuracy"
"""The unit of a claim whose numbers are shown as percentage points."""
BOUND = re.compile(r"[+-][0-9]+\.[0-9]+")


def format_estimate(row: dict) -> dict[str, str]:
    """Write a row's estimate, interval and unit: differences in accuracy as percentage points."""
    points = row["unit"] == POINTS
    estimate, low, high = (
        format_number(row[name], points) for name in ("estimate", "ci_low", "ci_high")
    )
    unit = "percentage points" if points else row["unit"] or ""
    return {"estimate": estimate, "interval": f"{low} to {high}", "unit": unit}


def format_bounds(demand: str, row: dict) -> str:
    """Write the bounds of a demand, such as `above +0.050`, in the unit of the row's estimate."""
    points = row["unit"] == POINTS
    return BOUND.sub(lambda bound: format_number(float(bound[0]), points), demand)


def format_number(number: float | None, points: bool = False) -> str:
    """A number of percentage points with its sign, or three digits; a dash when there is none."""
    if number is None or math.isnan(number):
        return DASH
    if math.isinf(number):
        return "∞" if number > 0 else f"{MINUS}∞"
    text = f"{100 * number:+.1f}" if points else f"{number:,.3g}"
    return text.replace("-", MINUS)


def format_p(p: float | None) -> str:
    """A p value to three places; a dash when there is none."""
    if p is None or math.isnan(p):
        return DASH
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def models_of(runs: pd.DataFrame) -> list[tuple[str, int]]:
    """Each model and its number of parameters, smallest first."""
    sizes = runs.groupby("model")["parameters"].first().reset_index()
    sizes = sizes.sort_values(["parameters", "model"])
    return list(zip(sizes["model"], sizes["parameters"].astype(int).tolist(), strict=True))


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


def check_rows(checks: pd.DataFrame) -> list[dict]:
    """One row per base, task and check; the share of the ceiling and its interval as text."""
    rows = []
    for row in checks.to_dict("records"):
        of_ceiling, low, high = (
            format_number(row[name]) for name in ("of_ceiling", "ci_low", "ci_high")
        )
        rows.append({**row, "of_ceiling": of_ceiling, "interval": f"{low} to {high}"})
    return rows


def cost_rows(costs: pd.DataFrame) -> list[dict]:
    """One row per stage, the dearest first."""
    rows = [cost_of(str(stage), jobs) for stage, jobs in costs.groupby("stage", sort=True)]
    return sorted(rows, key=lambda row: (-row["cpu_sum"], row["stage"]))


def cost_of(stage: str, jobs: pd.DataFrame) -> dict:
    """What jobs cost: seconds; startup in percent of CPU time; memory in MB."""
    cpu = float(jobs["cpu_seconds"].sum())
    return {
        "stage": stage,
        "jobs": len(jobs),
        "wall_sum": float(jobs["wall_seconds"].sum()),
        "wall_median": float(jobs["wall_seconds"].median()) if len(jobs) else 0.0,
        "cpu_sum": cpu,
        "cpu_median": float(jobs["cpu_seconds"].median()) if len(jobs) else 0.0,
        "startup": 100 * float(jobs["startup_cpu_seconds"].sum()) / cpu if cpu else 0.0,
        "memory": float(jobs["peak_memory_mb"].max()) if len(jobs) else 0.0,
        "tokens": int(jobs["tokens"].fillna(0).sum()),
    }
