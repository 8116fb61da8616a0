"""Which checkpoints a study's runs kept, where they were chosen on a validation split."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from showhow.analysis.table_files import blocks, read_table
from showhow.report.material import Material

DATA_FILES = ("checkpoints.html.jinja",)
CONDITION = ["task", "variant", "model", "n_train", "match"]
COLUMNS = [*CONDITION, "seed", "split", "steps", "chosen_step", "validation_accuracy"]


@dataclass(frozen=True)
class Chosen:
    """What the runs of one condition kept.

    steps: of how many. kept: of each run the seed, the step, and its accuracy on the validation
    problems in percent. last: runs whose last checkpoint was the best, so that a longer training
    may do better.
    """

    task: str
    variant: str
    model: str
    n_train: int
    match: str
    steps: int
    kept: tuple[tuple[int, int, float], ...]
    last: int


def show(material: Material) -> Mapping[str, Any] | None:
    runs = read_table(material.tables["runs"], COLUMNS)
    runs = runs[(runs["split"] == "test") & runs["chosen_step"].notna()]
    chosen = [_chosen(*key, seeds) for key, seeds in blocks(runs, CONDITION, sort=False)]
    last, total = sum(one.last for one in chosen), len(runs)
    return {"chosen": chosen, "last": last, "total": total} if chosen else None


def _chosen(
    task: str, variant: str, model: str, n_train: int, match: str, seeds: pd.DataFrame
) -> Chosen:
    seeds = seeds.sort_values("seed")
    columns = (seeds["seed"], seeds["chosen_step"], 100 * seeds["validation_accuracy"])
    kept = tuple(
        (int(seed), int(step), float(right)) for seed, step, right in zip(*columns, strict=True)
    )
    steps = int(seeds["steps"].max())
    last = int((seeds["chosen_step"] == seeds["steps"]).sum())
    return Chosen(task, variant, model, int(n_train), match, steps, kept, last)
