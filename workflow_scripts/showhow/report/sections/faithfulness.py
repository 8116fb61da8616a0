"""Whether answers follow from explanations, by arm, where a study changes these."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from showhow.analysis.table_files import read_table
from showhow.figures.variants import variant_order
from showhow.probes.faithfulness import OUTCOMES
from showhow.report.material import Material
from showhow.report.tables import ARM, RUN

DATA_FILES = ("faithfulness.html.jinja",)
COUNTED = ("problems", "qualified", "asked", *OUTCOMES, "control_kept")


def show(material: Material) -> Mapping[str, Any] | None:
    if "faithfulness" not in material.tables:
        return None
    rows = faithfulness_rows(read_table(material.tables["faithfulness"], [*RUN, *COUNTED]))
    return {"rows": rows, "shares": OUTCOMES} if rows else None


def faithfulness_rows(runs: pd.DataFrame) -> tuple[dict, ...]:
    """One row per arm: its names, its number of seeds, and the sums of its counts over them."""
    sums = runs.groupby(ARM)[[*COUNTED]].sum()
    sums.insert(0, "seeds", runs.groupby(ARM)["seed"].nunique())
    place = {variant: rank for rank, variant in enumerate(variant_order(set(runs["variant"])))}
    rows = sums.reset_index().to_dict("records")
    rows.sort(key=lambda row: (row["task"], row["model"], place[row["variant"]], row["n_train"]))
    return tuple(rows)
