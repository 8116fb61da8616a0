"""What all jobs of each stage cost."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from showhow.analysis.table_files import read_table
from showhow.report.material import Material

DATA_FILES = ("costs.html.jinja",)
SHOWN = ["stage", "wall_seconds", "cpu_seconds", "peak_memory_mb"]


def show(material: Material) -> Mapping[str, Any]:
    costs = read_table(material.tables["costs"], SHOWN)
    return {"rows": cost_rows(costs), "total": cost_of("all", costs)}


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
