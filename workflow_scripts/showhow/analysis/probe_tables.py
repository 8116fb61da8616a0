"""The tables of what was measured of a study's bases, before fine-tuning and after."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd
from pydantic import BaseModel

from showhow.analysis.estimation import wilson_interval
from showhow.analysis.tables import RUN, FinishedRun
from showhow.base.rows import read_record, read_rows
from showhow.base.wording import damaged
from showhow.jobs.options import Reads, ToldPart
from showhow.probes.retained_tasks import RetainedItem
from showhow.tasks.problem import read_problems

MEASURED = ["task", "variant", "model", "base", "split"]
UNTUNED = ["n_test", "n_correct", "accuracy", "truncated", "unparseable"]
RETAINED = [
    *["n_test", "n_correct_before", "n_correct_after", "accuracy_before", "accuracy_after"],
    *["truncated_after", "kl", "kl_tokens"],
]
PERPLEXITY = ["n", "mean", "median", "capped_mean", "cap", "above_cap", "mean_tokens"]


def perplexity_table(study: str, summaries: list[Path]) -> pd.DataFrame:
    """One row per task, variant, base and split, from the summaries of measure_perplexity.

    Columns: study, MEASURED, PERPLEXITY. Raises ShowhowError for a summary that lacks a key.
    """
    keys = [*MEASURED, *PERPLEXITY]
    records = [read_record(path, keys) for path in summaries]
    table = pd.DataFrame(records, columns=keys).astype({"capped_mean": float})
    table.insert(0, "study", study)
    return table.sort_values(MEASURED, kind="stable", ignore_index=True)


class UntunedScores(ToldPart):
    """Where a scores.json lies, of which base, task and variant."""

    task: str
    variant: str
    model: str
    base: str
    scores: Reads


def untuned_table(study: str, scores: Sequence[UntunedScores]) -> pd.DataFrame:
    """One row per base, task, variant and split, with Wilson's intervals."""
    rows = []
    for one in scores:
        identity = {"study": study, **one.model_dump(include={"task", "variant", "model", "base"})}
        for split, score in read_record(one.scores, ["splits"])["splits"].items():
            rows.append({**identity, "split": split, **{key: score[key] for key in UNTUNED}})
    table = pd.DataFrame(rows)
    table["ci_low"], table["ci_high"] = wilson_interval(table["n_correct"], table["n_test"])
    return table


def retention_table(runs: list[FinishedRun]) -> pd.DataFrame:
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


def retention_items_table(runs: list[FinishedRun]) -> pd.DataFrame:
    """One row per run, task outside its training data, and problem.

    Columns: RUN, retained_task, id, correct_before, correct_after, kl, tokens.
    """
    return pd.DataFrame(
        {**run.identity, **asdict(item)}
        for run in runs
        for item in read_rows(run.directory / "retention-items.jsonl", RetainedItem)
    )


class MemoryPart(ToldPart):
    """The files of one base, task and split of which memory was measured.

    in_full: a fuller measurement of its first problems. untuned: the scores of the base's answers
    to its questions before fine-tuning.
    """

    model: str
    task: str
    split: str
    memory: Reads
    problems: Reads
    in_full: Reads | None = None
    untuned: Reads | None = None


class Measured(BaseModel):
    """What the tables take of a line of the measurement of memory."""

    id: str
    completions: int
    share: float
    level: int
    as_plain_text: float


class Untuned(BaseModel):
    """What they take of the score of a base's answer."""

    split: str
    id: str
    correct: bool


def memory_items_table(study: str, parts: Sequence[MemoryPart]) -> pd.DataFrame:
    """One row per base, task, split and problem: how well the base knows its answer.

    Columns: study, task, model, split, id, relation, exposure, completions, share, level,
    as_plain_text (the share of completions of the question that contain the answer), answer;
    most_frequent (the answer is its relation's most frequent one among the training problems),
    level_in_full and untuned (its question is answered before fine-tuning), empty where that was
    not measured.
    """
    tables = [_memory_of_part(part) for part in parts]
    table = pd.concat(tables, ignore_index=True)
    table.insert(0, "study", study)
    table["most_frequent"] = _is_most_frequent(table)
    return table


def _memory_of_part(part: MemoryPart) -> pd.DataFrame:
    problems = read_problems(part.problems)
    measured = read_rows(part.memory, Measured)
    if [row.id for row in measured] != [problem.id for problem in problems]:
        raise damaged(part.memory, "its lines are not those of the problems")
    table = pd.DataFrame(
        {
            "id": problem.id,
            "relation": problem.groups["relation"],
            "exposure": problem.groups.get("exposure"),
            "answer": problem.answer,
        }
        for problem in problems
    )
    table = table.join(pd.DataFrame([row.model_dump(exclude={"id"}) for row in measured]))
    in_full = read_rows(part.in_full, Measured) if part.in_full else []
    untuned = read_rows(part.untuned, Untuned) if part.untuned else []
    levels = {row.id: row.level for row in in_full}
    answered = {row.id: row.correct for row in untuned if row.split == part.split}
    table["level_in_full"] = table["id"].map(levels).astype("Int64")
    table["untuned"] = table["id"].map(answered).astype("boolean")
    return table.assign(task=part.task, model=part.model, split=part.split)


def _is_most_frequent(table: pd.DataFrame) -> pd.Series:
    """Say of each row whether guessing its relation's most frequent answer would be right."""
    training = table[table["split"].str.startswith("train")]
    counts = training.drop_duplicates(["task", "id"]).groupby(["task", "relation"])["answer"]
    # Of answers that are equally frequent the first in the alphabet.
    first = counts.agg(lambda answers: answers.value_counts().sort_index().idxmax())
    keys = pd.MultiIndex.from_frame(table[["task", "relation"]])
    return table["answer"] == first.reindex(keys).to_numpy()


def memory_table(items: pd.DataFrame) -> pd.DataFrame:
    """One row per base, task, split and level, and one for all its levels together.

    Columns: study, task, model, split, level ("all" for the last), n, mean_exposure, mean_share,
    as_plain_text, untuned and most_frequent (shares of right answers), same_in_full (of those
    measured in full the share with the same level) and n_in_full; for all levels also
    exposure_correlation, Spearman's of exposure and share.
    """
    place = ["study", "task", "model", "split"]
    rows = []
    for key, part in items.groupby(place, sort=True):
        groups = [(str(level), rows_of) for level, rows_of in part.groupby("level", sort=True)]
        for level, known in [*groups, ("all", part)]:
            row = {**dict(zip(place, key, strict=True)), "level": level, **_summary(known)}
            if level == "all" and known["exposure"].notna().all():
                ranks = known[["exposure", "share"]].astype(float).corr(method="spearman")
                row["exposure_correlation"] = ranks.iloc[0, 1]
            rows.append(row)
    return pd.DataFrame(rows)


def _summary(known: pd.DataFrame) -> dict[str, float]:
    full = known[known["level_in_full"].notna()]
    same = full["level"] == full["level_in_full"]
    return {
        "n": len(known),
        "mean_exposure": known["exposure"].astype(float).mean(),
        "mean_share": known["share"].mean(),
        "as_plain_text": known["as_plain_text"].mean(),
        "untuned": known["untuned"].astype(float).mean(),
        "most_frequent": known["most_frequent"].mean(),
        "same_in_full": same.mean() if len(full) else float("nan"),
        "n_in_full": len(full),
    }
