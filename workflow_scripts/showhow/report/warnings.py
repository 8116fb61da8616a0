"""What a reader should know before believing a number: from descriptions and tables to sentences.

The one list of warnings. The report shows it, a run ends in it, and `make plan` gives what can be
known before anything runs.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from showhow.analysis.estimation import wilson_interval
from showhow.analysis.table_files import blocks, rows_of
from showhow.tasks.own_data.doubts import contradictions, rare_answers, same_responses
from showhow.tasks.own_data.prompts_form import differing_forms

MANY = 0.1
"""More unread or truncated answers than this share make an accuracy the parser's doing."""
FEW_RIGHT = 0.5
MOST_ARMS = 5
ARM = ["task", "split", "variant", "model"]
COUNTED = [*ARM, "n_train", "match", "n_test", "n_correct", "unparseable", "truncated"]
COUNTED += ["majority_accuracy", "prompts"]
"""The columns of the table of runs that these warnings read."""


def warnings_of_source(task: str, splits: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Warn of what the description of a data set shows (tasks/own_data/description.py)."""
    train, test = splits["train"], splits["test"]
    return [
        *(
            line
            for split in _read(splits)
            for line in (
                *contradictions(task, split, _contradicting(splits[split])),
                *rare_answers(task, split, splits[split].get("rare", ())),
            )
        ),
        *same_responses(task, "train", train.get("twins", ())),
        *(line for split in splits for line in _wrong_responses(task, split, splits[split])),
        *_shared(task, train),
        *differing_forms(task, train["prompts"], test["prompts"]),
    ]


def _read(splits: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Name the splits with files of their own: not a test set that is a share of the others."""
    return ["train"] if splits["train"]["files"] == splits["test"]["files"] else [*splits]


def _contradicting(told: Mapping[str, Any]) -> dict[str, int]:
    return {file: lost["contradictions"] for file, lost in told["files"].items()}


def _wrong_responses(task: str, split: str, told: Mapping[str, Any]) -> Iterator[str]:
    for name, counts in told["responses"].items():
        if counts["n"] and counts["right"] < FEW_RIGHT * counts["n"]:
            yield (
                f"{task}, {split}: only {counts['right']:,} of the {counts['n']:,} responses "
                f"{name} end in the right answer ({counts['answered']:,} in any that can be read); "
                f"look at tasks.{task}.settings.answer, and at the column of the answer."
            )


def _shared(task: str, train: Mapping[str, Any]) -> Iterator[str]:
    if train["shared"]:
        yield (
            f"{task}: {_counted(train['shared'], 'training question')} "
            f"{'stands' if train['shared'] == 1 else 'stand'} in the test files as well; "
            f"the {train['in_test']:,} that the test set asks are kept out of the training."
        )
    if not train["questions"]:
        yield f"{task}: no question is left to train on."


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" + "s" * (count != 1)


def warnings_of_runs(runs: pd.DataFrame) -> list[str]:
    """Warn of what the table of runs shows, by task, variant and model, all seeds together."""
    arms = runs.groupby(ARM, sort=False)[["n_test", "unparseable", "truncated"]].sum()
    arms = arms.reset_index()
    return [
        *_too_many(arms, "unparseable", "no answer could be read", _parsers_doing),
        *_too_many(arms, "truncated", "the limit of tokens came before the end", _limits_doing),
        *_majority(runs),
        *_prompts(runs),
    ]


def _too_many(
    arms: pd.DataFrame, column: str, what: str, remedy: Callable[[str], str]
) -> Iterator[str]:
    arms = arms.assign(share=arms[column] / arms["n_test"])
    for (task, split), there in blocks(arms, ["task", "split"], sort=False):
        many = there[there["share"] > MANY].sort_values("share", ascending=False, kind="stable")
        named = [f"{row.variant} with {row.model} ({row.share:.0%})" for row in rows_of(many)]
        if named:
            yield f"{task}, {split}: of many predictions {what}: {_listed(named)}. {remedy(task)}"


def _parsers_doing(task: str) -> str:
    return (
        "These accuracies are the parser's doing as much as the models': look at what they wrote "
        f"(make look), then at tasks.{task}.settings.answer."
    )


def _limits_doing(task: str) -> str:
    return "They count as wrong: look at evaluation.max_new_tokens, and at what they wrote."


def _majority(runs: pd.DataFrame) -> Iterator[str]:
    """Find the arms that, at their largest training size, do no better than one answer for all."""
    largest = runs.groupby([*ARM, "match"], sort=False)["n_train"].transform("max")
    grouped = runs[runs["n_train"] == largest].groupby([*ARM, "match"], sort=False)
    arms = grouped[["n_test", "n_correct"]].sum()
    arms["majority"] = grouped["majority_accuracy"].mean()
    arms = arms.reset_index()
    low, high = wilson_interval(arms["n_correct"], arms["n_test"])
    alike = arms[(low <= arms["majority"]) & (arms["majority"] <= high)]
    for (task, split), there in blocks(alike, ["task", "split"], sort=False):
        named = dict.fromkeys(f"{row.variant} with {row.model}" for row in rows_of(there))
        yield (
            f"{task}, {split}: no better than always giving the most frequent answer "
            f"({there['majority'].iloc[0]:.1%}), within its interval: {_listed([*named])}."
        )


def _prompts(runs: pd.DataFrame) -> Iterator[str]:
    """Find models of one study that are asked in different forms: chats beside plain texts."""
    forms = runs.groupby("model", sort=False)["prompts"].first()
    chats, texts = ([str(name) for name in forms[forms == form].index] for form in ("chat", "text"))
    if chats and texts:
        yield (
            f"Models are asked in different forms: {_listed(chats)} in a chat, {_listed(texts)} in "
            "plain text. What differs between them may be the form: write the same `chat:` (true "
            "or false) below each of these models."
        )


def _listed(names: list[str]) -> str:
    more = len(names) - MOST_ARMS
    return ", ".join(names[:MOST_ARMS]) + (f" and {more} more" if more > 0 else "")
