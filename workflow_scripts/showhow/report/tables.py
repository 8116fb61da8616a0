"""Numbers of the report as text, and what several of its tables have in common."""

import math
import re

import pandas as pd

DASH, MINUS = "\N{EN DASH}", "\N{MINUS SIGN}"
RUN = ["task", "variant", "model", "n_train", "match", "seed"]
ARM = ["task", "model", "variant", "match", "n_train"]
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
