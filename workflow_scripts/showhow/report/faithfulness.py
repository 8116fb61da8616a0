"""Whether answers follow from explanations, as rows of the report."""

import pandas as pd

from showhow.figures.variants import variant_order
from showhow.probes.faithfulness import OUTCOMES
from showhow.report.tables import ARM

COUNTED = ("problems", "qualified", "asked", *OUTCOMES, "control_kept")


def faithfulness_rows(runs: pd.DataFrame) -> tuple[dict, ...]:
    """One row per arm: its names, its number of seeds, and the sums of its counts over them."""
    sums = runs.groupby(ARM)[[*COUNTED]].sum()
    sums.insert(0, "seeds", runs.groupby(ARM)["seed"].nunique())
    place = {variant: rank for rank, variant in enumerate(variant_order(set(runs["variant"])))}
    rows = sums.reset_index().to_dict("records")
    rows.sort(key=lambda row: (row["task"], row["model"], place[row["variant"]], row["n_train"]))
    return tuple(rows)
