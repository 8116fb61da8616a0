"""What a figure is drawn from, and the caption it is given."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

from showhow.analysis.table_files import read_table
from showhow.figures.variants import variant_order
from showhow.probes.faithfulness import OUTCOMES
from showhow.recipes.voices import VoiceName

ARM = ["task", "model", "variant", "n_train", "match"]
"""The columns that name one arm: all the seeds of one cell of the grid."""

INTERVAL = "95% interval over seeds and problems"
ONE_SEED = "95% interval, which one seed does not give"
WILSON = "95% Wilson interval"


@dataclass(frozen=True)
class FigureData:
    """The tables of one study, or of the part of it that a view shows.

    runs: one row per run and split; items: one row per run, split and problem; groups: accuracy
    by length, depth and root (columns: analysis/tables.py); claims and by_task: their results.
    study_variants: all variants of the whole study as it writes them, so that a view keeps the
    study's colours and order.
    perplexity, retention, memory: of the training responses, one row per run, retained task and
    problem, and one per base and fact; faithfulness: one row per run that explains. They are None
    where the study does not measure them. comparisons: of the pairs of variants that the study
    names. voices: of the bases that have one.
    """

    runs: pd.DataFrame
    items: pd.DataFrame
    groups: pd.DataFrame
    claims: pd.DataFrame
    by_task: pd.DataFrame
    study_variants: tuple[str, ...] = ()
    perplexity: pd.DataFrame | None = None
    retention: pd.DataFrame | None = None
    voices: Mapping[str, VoiceName] = field(default_factory=dict)
    memory: pd.DataFrame | None = None
    faithfulness: pd.DataFrame | None = None
    comparisons: pd.DataFrame | None = None

    def __post_init__(self):
        if not self.study_variants:
            names = variant_order(self.runs["variant"].unique().tolist())
            object.__setattr__(self, "study_variants", tuple(names))

    @cached_property
    def tasks(self) -> list[str]:
        """The tasks, the one with most runs first."""
        counts = self.runs["task"].value_counts().rename_axis("task").reset_index(name="rows")
        return counts.sort_values(["rows", "task"], ascending=[False, True])["task"].tolist()

    @cached_property
    def models(self) -> list[str]:
        """The models, smallest first; the family with most sizes before the others."""
        sizes = self.runs.groupby("model")["parameters"].first().reset_index()
        sizes["family"] = sizes["model"].map(family)
        sizes["members"] = -sizes.groupby("family")["model"].transform("size")
        return sizes.sort_values(["members", "family", "parameters", "model"])["model"].tolist()

    def parameters(self, model: str) -> int:
        """How many parameters a model has."""
        return int(self.runs.loc[self.runs["model"] == model, "parameters"].iloc[0])

    def shortcut(self, task: str) -> float:
        """The test accuracy of the best answer that needs no solving; NaN where none is known.

        Without `shortcut_accuracy`, the better of the most frequent answer and the last operand.
        """
        runs = self.runs[(self.runs["task"] == task) & (self.runs["split"] == "test")]
        for columns in (["shortcut_accuracy"], ["majority_accuracy", "copy_last_accuracy"]):
            known = runs[[column for column in columns if column in runs]].max()
            if known.notna().any():
                return float(known.max())
        return float("nan")

    def variants(self, table: pd.DataFrame) -> list[str]:
        """The variants that occur in one of the tables, in the order of all figures."""
        return self.ordered(table["variant"].unique().tolist())

    def ordered(self, variants: Iterable[str]) -> list[str]:
        """Sort variants as all figures of the study show them."""
        return variant_order(variants, self.study_variants)

    def view(self, task: str | None = None, model: str | None = None) -> "FigureData":
        """The part of the study that has this task and this model."""
        parts = ("runs", "items", "groups", "comparisons")
        tables = {name: rows for name in parts if (rows := getattr(self, name)) is not None}
        for column, wanted in (("task", task), ("model", model)):
            if wanted is not None:
                tables = {name: rows[rows[column] == wanted] for name, rows in tables.items()}
        return replace(self, **tables)


def family(model: str) -> str:
    """A model's name without its size, so that the sizes of one family can be joined by a line."""
    name = re.sub(r"(?i)\d+(\.\d+)?[kmb]\b|\b(small|base|large|xl|xxl)\b", "", model)
    return re.sub(r"-+", "-", name).strip("-")


TABLES = {
    "runs": [*ARM, "seed", "split", "accuracy", "parameters"],
    "items": [*ARM, "seed", "split", "id", "correct"],
    "groups": [*ARM, "split", "group", "value", "accuracy"],
    "claims": ["id", "estimate", "verdict"],
    "by_task": ["id", "task", "estimate"],
    "perplexity": ["task", "variant", "model", "mean"],
    "retention": [*ARM, "retained_task", "correct_after"],
    "memory": ["task", "model", "split", "id", "share", "level"],
    "faithfulness": [*ARM, "seed", "asked", *OUTCOMES],
    "comparisons": [
        *["first", "second", "task", "model", "n_train", "match", "split"],
        *["estimate", "ci_low", "ci_high"],
    ],
}
"""The tables of FigureData, and the columns that each must have."""


def read_figure_data(
    files: Mapping[str, Path], voices: Mapping[str, VoiceName], variants: Iterable[str] = ()
) -> FigureData:
    """Read the tables of one study from the files of those that it has, by the tables' names."""
    tables: dict[str, Any] = {
        name: read_table(files[name], columns) for name, columns in TABLES.items() if name in files
    }
    return FigureData(**tables, voices=voices, study_variants=tuple(variants))


def mainly_matched(table: pd.DataFrame) -> pd.Series:
    """Which rows are matched as their task's and model's arms mainly are.

    That is on examples; where a task and model has no arm matched so, on steps.
    """
    by_examples = table["match"] == "examples"
    any_so = by_examples.groupby([table["task"], table["model"]]).transform("any").astype(bool)
    return by_examples | (~any_so & (table["match"] == "steps"))


def at_largest_n(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of each task and model that were trained on its largest N, as most of its arms."""
    table = table[mainly_matched(table)]
    largest = table.groupby(["task", "model"])["n_train"].transform("max")
    return table[table["n_train"] == largest]


def views_of(figure: ModuleType, data: FigureData) -> list[tuple[str, str | None]]:
    """The (task, model or None for all) of each view that the report can toggle.

    A view that would show the same as another is left out.
    """
    views: list[tuple[str, str | None]] = []
    for task in data.tasks:
        models = data.view(task).models
        if "task" in figure.by and len(data.tasks) > 1:
            views.append((task, None))
        if "model" in figure.by and len(models) > 1:
            views += [(task, model) for model in models]
    return views


def caption_of(figure: ModuleType, data: FigureData) -> str:
    """Fill the figure's CAPTION: {interval}, {wilson}, {seeds}, {problems}, {models}, {largest_n}.

    Every field is a phrase that says what this study has.
    """
    test = data.runs[data.runs["split"] == "test"]
    seeds = test.groupby(ARM)["seed"].nunique()
    return figure.CAPTION.format(
        interval=INTERVAL if seeds.max() > 1 else ONE_SEED,
        wilson=WILSON,
        seeds=f"{span(seeds)} seed{'s' if seeds.max() != 1 else ''}",
        problems=f"{span(test['n_test'])} test problems",
        models=", ".join(f"{name} ({data.parameters(name):,} parameters)" for name in data.models),
        largest_n=f"N = {span(at_largest_n(test)['n_train'])}",
    )


def span(values: Iterable[int]) -> str:
    """Smallest to largest, as a person writes it: `3`, or `200 to 1,000`."""
    values = sorted(set(values))
    if not values:
        return "no"
    return f"{values[0]:,}" if len(values) == 1 else f"{values[0]:,} to {values[-1]:,}"
