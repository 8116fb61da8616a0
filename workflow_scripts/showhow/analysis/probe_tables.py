"""The tables of what was measured of a study's base models before fine-tuning."""

from pathlib import Path

import pandas as pd

from showhow.artifacts import read_record

MEASURED = ["task", "variant", "model", "split"]
PERPLEXITY = ["n", "mean", "median", "capped_mean", "cap", "above_cap", "mean_tokens"]


def perplexity_table(study: str, summaries: list[Path]) -> pd.DataFrame:
    """One row per task, variant, model and split, from the summaries of measure_perplexity.

    Columns: study, MEASURED, PERPLEXITY. Raises ShowhowError for a summary that lacks a key.
    """
    keys = [*MEASURED, *PERPLEXITY]
    records = [read_record(path, keys) for path in summaries]
    table = pd.DataFrame(records, columns=keys).astype({"capped_mean": float})
    table.insert(0, "study", study)
    return table.sort_values(MEASURED, kind="stable", ignore_index=True)
