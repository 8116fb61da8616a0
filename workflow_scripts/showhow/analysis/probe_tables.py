"""The tables of what was measured of a study's bases, before fine-tuning and after."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from showhow.analysis.statistics import wilson_interval
from showhow.analysis.tables import RUN, Run
from showhow.artifacts import damaged, read_record, read_rows
from showhow.probes.retention import RetainedItem

MEASURED = ["task", "variant", "model", "split"]
UNTUNED = ["n_test", "n_correct", "accuracy", "truncated", "unparseable"]
RETAINED = [
    *["n_test", "n_correct_before", "n_correct_after", "accuracy_before", "accuracy_after"],
    *["truncated_after", "kl", "kl_tokens"],
]
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


def untuned_table(study: str, scores: Mapping[str, str]) -> pd.DataFrame:
    """One row per base, task, variant and split, with Wilson's intervals.

    scores: the path of a scores.json for each "model/task/variant".
    """
    rows = []
    for asked, path in scores.items():
        model, task, variant = asked.split("/")
        identity = {"study": study, "task": task, "variant": variant, "model": model}
        for split, score in read_record(path, ["splits"])["splits"].items():
            rows.append({**identity, "split": split, **{key: score[key] for key in UNTUNED}})
    table = pd.DataFrame(rows)
    table["ci_low"], table["ci_high"] = wilson_interval(table["n_correct"], table["n_test"])
    return table


def retention_table(runs: list[Run]) -> pd.DataFrame:
    """One row per run and task outside its training data.

    Columns: RUN, retained_task, RETAINED; `kl` is KL(base ‖ tuned) in nats per token of the base's
    own answers.
    """
    rows = []
    for run in runs:
        path = run.directory / "retention.json"
        for task, kept in read_record(path, ["tasks"])["tasks"].items():
            absent = [key for key in RETAINED if key not in kept]
            if absent:
                raise damaged(path, f"its task {task} lacks {', '.join(absent)}")
            identity = {**run.identity, "retained_task": task}
            rows.append({**identity, **{key: kept[key] for key in RETAINED}})
    return pd.DataFrame(rows, columns=[*RUN, "retained_task", *RETAINED])


def retention_items_table(runs: list[Run]) -> pd.DataFrame:
    """One row per run, task outside its training data, and problem.

    Columns: RUN, retained_task, id, correct_before, correct_after, kl, tokens.
    """
    return pd.DataFrame(
        {**run.identity, **asdict(item)}
        for run in runs
        for item in read_rows(run.directory / "retention-items.jsonl", RetainedItem)
    )
