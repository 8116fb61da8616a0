"""The tidy tables of a study, from the records that its runs left behind."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from showhow.analysis.estimation import wilson_interval
from showhow.analysis.table_files import TEXTS, blocks
from showhow.base.errors import ShowhowError
from showhow.base.rows import read_json, read_record, read_rows
from showhow.base.wording import damaged
from showhow.tasks.description import DataDescription

RUN = ["study", "task", "variant", "model", "n_train", "match", "seed"]
CHOSEN = ["chosen_step", "validation_accuracy"]
"""Of which checkpoint a run's answers are, where it was chosen, and how that did on validation."""
RUN_COLUMNS = [
    *["study", "task", "variant", "model", "parameters", "trainable_parameters", "n_train"],
    *["match", "seed", "base", "split"],
    *["n_test", "n_correct", "accuracy", "ci_low", "ci_high", "last_character_accuracy"],
    *["step_accuracy", "truncated", "unparseable", "learning_rate", "steps", *CHOSEN],
    *["train_tokens", "target_tokens"],
    *["majority_accuracy", "copy_last_accuracy", "shortcut", "shortcut_accuracy"],
    *["train_length_low", "train_length_high", "final_loss", "prompts"],
]
TRAINED = [
    *["parameters", "trainable_parameters", "learning_rate", "steps", "train_tokens"],
    *["target_tokens", "final_loss", "prompts"],
]
SCORED = [
    *["n_test", "n_correct", "accuracy", "last_character_accuracy", "step_accuracy"],
    *["truncated", "unparseable"],
]
COST_COLUMNS = [
    *["stage", "target", "wall_seconds", "cpu_seconds", "startup_cpu_seconds"],
    *["peak_memory_mb", "tokens", "attempts", "resumed", "machine"],
]
RATE_COLUMNS = [*RUN, "learning_rate", "accuracy", "n_test", "chosen"]
STAGES_AFTER_THE_COSTS = ("tabulate_costs", "write_report", "export_crate")
"""They read the table of costs or make it: it would lag behind their own records."""
GROUPS = ["length", "depth", "root"]


@dataclass(frozen=True)
class Item:
    """What the tables take of a line of items.jsonl."""

    split: str
    id: str
    correct: bool
    outcome: str
    truncated: bool
    steps_expected: int
    steps_correct: int
    groups: dict[str, int | str]


@dataclass(frozen=True)
class ScoredText:
    """What was read of a prediction, of a line of items.jsonl."""

    id: str
    answer: str
    predicted: str | None


@dataclass(frozen=True)
class WrittenText:
    """What a model wrote, of a line of predictions.jsonl."""

    id: str
    prediction: str


ITEM_COLUMNS = [field.name for field in fields(Item) if field.name != "groups"]


@dataclass(frozen=True)
class FinishedRun:
    """One entry of the manifest: the run's place in the grid, its folder and its base's name."""

    identity: dict[str, str | int]
    directory: Path
    base: str


def read_manifest(path: Path | str) -> list[FinishedRun]:
    """Read the list of a study's runs; an entry that lacks a key raises ShowhowError."""
    entries = read_json(path)
    if not isinstance(entries, list) or not entries:
        raise ShowhowError(f"The manifest {path} lists no runs. The study's grid is empty.")
    for number, entry in enumerate(entries, start=1):
        absent = [key for key in (*RUN, "base", "directory") if key not in entry]
        if absent:
            raise damaged(path, f"its run {number} has no {', '.join(absent)}")
    return [
        FinishedRun({key: entry[key] for key in RUN}, Path(str(entry["directory"])), entry["base"])
        for entry in entries
    ]


@dataclass(frozen=True)
class BestShortcut:
    """What gets most problems of a split right without solving them, and how many."""

    shortcut: str
    shortcut_accuracy: float


def best_shortcuts(tried: pd.DataFrame) -> dict[tuple[str, str], BestShortcut]:
    """Give the best shortcut by task and split; of equal ones the first by name.

    tried: rows of task, split, shortcut, id, correct (showhow/tasks/shortcuts.py).
    """
    best: dict[tuple[str, str], BestShortcut] = {}
    for (task, split, shortcut), rows in blocks(tried, ["task", "split", "shortcut"]):
        accuracy = float(rows["correct"].mean())
        if (task, split) not in best or accuracy > best[task, split].shortcut_accuracy:
            best[task, split] = BestShortcut(shortcut, accuracy)
    return best


def runs_table(
    runs: list[FinishedRun],
    descriptions: Mapping[str, DataDescription],
    shortcuts: Mapping[tuple[str, str], BestShortcut],
) -> pd.DataFrame:
    """One row per run and split, with the columns RUN_COLUMNS; intervals are Wilson's.

    descriptions: of the data of every task. shortcuts: the best of every task and split. Reads
    train.json and scores.json of each run.
    """
    rows = [row for run in runs for row in _rows_of_run(run, descriptions, shortcuts)]
    table = pd.DataFrame(rows)
    table["ci_low"], table["ci_high"] = wilson_interval(table["n_correct"], table["n_test"])
    table["step_accuracy"] = table["step_accuracy"].astype(float)
    table["chosen_step"] = table["chosen_step"].astype("Int64")
    table["validation_accuracy"] = table["validation_accuracy"].astype(float)
    return table[RUN_COLUMNS]


def _rows_of_run(
    run: FinishedRun,
    descriptions: Mapping[str, DataDescription],
    shortcuts: Mapping[tuple[str, str], BestShortcut],
) -> list[dict]:
    task = str(run.identity["task"])
    if task not in descriptions:
        raise ShowhowError(
            f"The run {run.directory} is of task {task}, whose data description is not given. "
            f"Add --descriptions {task}=results/data/{task}/description.json."
        )
    data = descriptions[task]
    trained = read_record(run.directory / "train.json", [*TRAINED, "chosen"])
    scores = read_scores(run.directory / "scores.json", data)
    shared = {**run.identity, **{key: trained[key] for key in TRAINED}}
    untried = [split for split in scores if (task, split) not in shortcuts]
    if untried:
        raise ShowhowError(
            f"No shortcut was tried on the split {untried[0]} of the task {task}, of which the run "
            f"{run.directory} is. Add --shortcuts results/data/{task}/shortcuts.csv."
        )
    chosen = trained["chosen"] or {"step": None, "accuracy": None}
    shared |= dict(zip(CHOSEN, (chosen["step"], chosen["accuracy"]), strict=True))
    shared["base"] = run.base
    shared["train_length_low"] = data.train_length_low
    shared["train_length_high"] = data.train_length_high
    return [
        {
            **shared,
            "split": split,
            **{key: score[key] for key in SCORED},
            "majority_accuracy": data.splits[split].majority_accuracy,
            "copy_last_accuracy": data.splits[split].copy_last_accuracy,
            **asdict(shortcuts[task, split]),
        }
        for split, score in scores.items()
    ]


def read_scores(path: Path, data: DataDescription) -> dict[str, dict]:
    """Read a run's scores.json by split; it must have the splits of the task's data."""
    scores = read_record(path, ["splits"])["splits"]
    if not isinstance(scores, dict) or not scores:
        raise damaged(path, "it has the scores of no split")
    for split, score in scores.items():
        if split not in data.splits:
            raise damaged(path, f"its split {split} is none of the task's data")
        absent = [key for key in SCORED if key not in score]
        if absent:
            raise damaged(path, f"its split {split} lacks {', '.join(absent)}")
    return scores


def items_table(runs: list[FinishedRun]) -> pd.DataFrame:
    """One row per run, split and problem. Reads items.jsonl of each run.

    Columns: RUN, ITEM_COLUMNS, length, depth, root, and whatever else a task groups its problems
    by; empty where a task does not have that group.
    """
    table = pd.concat([_items_of_run(run) for run in runs], ignore_index=True)
    fixed = [*RUN, *ITEM_COLUMNS, *GROUPS]
    for group in GROUPS:
        if group not in table:
            table[group] = None
    return table[[*fixed, *sorted(set(table.columns) - set(fixed))]]


def _items_of_run(run: FinishedRun) -> pd.DataFrame:
    lines = read_rows(run.directory / "items.jsonl", Item)
    items = pd.DataFrame([asdict(line) for line in lines], columns=ITEM_COLUMNS)
    groups = pd.DataFrame([line.groups for line in lines], index=items.index)
    identity = pd.DataFrame([run.identity] * len(items), index=items.index)
    return pd.concat([identity[RUN], items, groups], axis=1)


def write_items(items: pd.DataFrame, runs: list[FinishedRun], path: Path) -> None:
    """Write the items as Parquet with their texts (TEXTS), of which one run's are held at a time.

    answer: the right one. predicted: what was read of the prediction, empty where nothing could be.
    """
    plain = pa.Schema.from_pandas(items, preserve_index=False)
    schema = pa.schema([*plain, *((name, pa.string()) for name in TEXTS)], plain.metadata)
    begin = 0
    with pq.ParquetWriter(path, schema) as writer:
        for run in runs:
            texts = _texts_of_run(run)
            block = items.iloc[begin : begin + len(texts)]
            table = pa.Table.from_pandas(block, plain, preserve_index=False)
            for name in TEXTS:
                table = table.append_column(name, pa.array(texts[name], pa.string()))
            writer.write_table(table.cast(schema))
            begin += len(texts)


def _texts_of_run(run: FinishedRun) -> pd.DataFrame:
    scored = read_rows(run.directory / "items.jsonl", ScoredText)
    predictions = run.directory / "predictions.jsonl"
    written = {line.id: line.prediction for line in read_rows(predictions, WrittenText)}
    absent = next((line.id for line in scored if line.id not in written), None)
    if absent is not None:
        raise damaged(predictions, f"it has no prediction of {absent}")
    return pd.DataFrame(
        [(line.answer, line.predicted, written[line.id]) for line in scored], columns=list(TEXTS)
    )


def groups_table(items: pd.DataFrame) -> pd.DataFrame:
    """Accuracy by length, depth, root …: one row per arm, split, group and value; seeds together.

    The Wilson interval treats the answers of all seeds as independent: it describes the group, and
    no claim rests on it.
    """
    arm = [*RUN[:-1], "split"]
    tables = []
    for group in items.columns.difference([*RUN, *ITEM_COLUMNS], sort=False):
        known = items[items[group].notna()]
        correct = known.groupby([*arm, group], sort=True)["correct"]
        counts = correct.agg(n_test="size", n_correct="sum").reset_index(names=[*arm, "value"])
        counts["value"] = counts["value"].map(_as_text)
        counts.insert(len(arm), "group", group)
        tables.append(counts)
    table = pd.concat(tables, ignore_index=True)
    table["accuracy"] = table["n_correct"] / table["n_test"]
    table["ci_low"], table["ci_high"] = wilson_interval(table["n_correct"], table["n_test"])
    return table


def _as_text(value: object) -> str:
    """Write a whole number without the point that a column with gaps has given it."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def learning_rates_table(choices: Iterable[Path]) -> pd.DataFrame:
    """One row per condition and learning rate that was tried for it, with the columns RATE_COLUMNS.

    seed: that of the trials, which no run has. accuracy, n_test: on the validation problems.
    """
    records = [read_record(path, ["arm", "learning_rate", "tried"]) for path in choices]
    rows = [
        {**record["arm"], **trial, "chosen": trial["learning_rate"] == record["learning_rate"]}
        for record in records
        for trial in record["tried"]
    ]
    return pd.DataFrame(rows)[RATE_COLUMNS]


def costs_table(records: list[Mapping[str, Any]]) -> pd.DataFrame:
    """One row per finished job, of the records of a study's jobs, by stage and target.

    The stages that come after this table are not in it.
    """
    told = [record for record in records if record["stage"] not in STAGES_AFTER_THE_COSTS]
    table = pd.DataFrame(told)
    table = table[[column for column in COST_COLUMNS if column in table]]
    return table.sort_values(["stage", "target"], kind="stable", ignore_index=True)
