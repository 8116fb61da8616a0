"""What the claims are decided on: the right answers of every run, arranged in pairs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, TypeVar

import numpy as np
import pandas as pd

from showhow.analysis.estimation import Contrast
from showhow.analysis.table_files import blocks
from showhow.base.errors import ShowhowError
from showhow.responses import load_variant, variant_kinds

ARM = ["task", "variant", "model", "n_train", "split", "match"]
PER_SEED = 0


@dataclass(frozen=True, order=True)
class Arm:
    """One task, variant, model, training size and split; its runs differ in the seed alone.

    match: what the arm's runs have in common with those that they are compared with.
    """

    task: str
    variant: str
    model: str
    n_train: int
    split: str
    match: str = "examples"


class OfTask(Protocol):
    """What is found in one task."""

    @property
    def task(self) -> str: ...


Found = TypeVar("Found", bound=OfTask)


def by_task(found: Iterable[Found]) -> dict[str, list[Found]]:
    """Group what is found by its task; the models of a task are averaged."""
    grouped: dict[str, list[Found]] = {}
    for each in found:
        grouped.setdefault(each.task, []).append(each)
    return {task: grouped[task] for task in sorted(grouped)}


@dataclass(frozen=True)
class AboutBases:
    """What the claims about familiarity and knowledge need beside the runs.

    kinds: of the variants that have names of their own. voices: of the bases that have one.
    perplexity, retention, memory: the rows of those tables, None where the study does not measure
    them.
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    voices: Mapping[str, str] = field(default_factory=dict)
    perplexity: pd.DataFrame | None = None
    retention: pd.DataFrame | None = None
    memory: pd.DataFrame | None = None


@dataclass(frozen=True)
class Evidence:
    """The runs of a study.

    runs: the rows of the run table. correct: for each arm a (seeds, problems) matrix of zeros and
    ones; all arms of a task and split have the same problems in the same order. seeds: of each
    arm, in the matrix's order. detail: of each variant on the scale of levels, 0 for the answer
    alone, None for a control. bases: what was measured of the base models and is known of them.
    instances: how many bases a model has, PER_SEED where every seed has its own; one by default.
    shortcuts: for each task and split, by the shortcut's name, which problems it gets right.
    """

    runs: pd.DataFrame
    correct: Mapping[Arm, np.ndarray]
    seeds: Mapping[Arm, tuple[int, ...]]
    detail: Mapping[str, int | None]
    bases: AboutBases = field(default_factory=AboutBases)
    instances: Mapping[str, int] = field(default_factory=dict)
    shortcuts: Mapping[tuple[str, str], Mapping[str, np.ndarray]] = field(default_factory=dict)

    @property
    def answer_only(self) -> set[str]:
        return {variant for variant, detail in self.detail.items() if detail == 0}

    @property
    def levels(self) -> list[str]:
        """The explained levels, the least detailed first."""
        explained = {variant: detail for variant, detail in self.detail.items() if detail}
        return sorted(explained, key=lambda variant: (explained[variant], variant))

    def sizes(
        self, task: str, variant: str, model: str, split: str, match: str = "examples"
    ) -> list[int]:
        """Training sizes of one curve, increasing."""
        wanted = (task, variant, model, split, match)
        return sorted(
            arm.n_train
            for arm in self.correct
            if (arm.task, arm.variant, arm.model, arm.split, arm.match) == wanted
        )

    def tasks_and_models(self, split: str) -> list[tuple[str, str]]:
        return sorted({(arm.task, arm.model) for arm in self.correct if arm.split == split})

    def unit(self, model: str, seed: int) -> str:
        """Name what varies at random with a seed: the seed, or the base that several seeds share.

        Seeds start from a model's bases in turn.
        """
        instances = self.instances.get(model, 1)
        return f"seed {seed}" if instances in (PER_SEED, 1) else f"base {(seed - 1) % instances}"

    def accuracy(self, arm: Arm, problems: np.ndarray | None = None, called: str = "") -> Contrast:
        """Accuracy of one arm.

        problems: of shape (problems,), true for those that count, all by default; `called` names
        them: accuracies of problems with the same name are paired.
        """
        correct = self.correct[arm] if problems is None else self.correct[arm][:, problems]
        named = "/".join(filter(None, (arm.task, arm.split, called)))
        of_seed = [self.unit(arm.model, seed) for seed in self.seeds[arm]]
        units = tuple(sorted(set(of_seed)))
        member = np.array([[unit == mine for mine in of_seed] for unit in units], dtype=float)
        member /= member.sum(axis=1, keepdims=True)
        return Contrast({named: member @ correct}, units, len(of_seed))

    @cached_property
    def steps(self) -> Mapping[Arm, float]:
        """Optimiser steps of each arm's runs; empty where the table does not say."""
        return self._mean_of_runs("steps")

    @cached_property
    def target_tokens(self) -> Mapping[Arm, float]:
        """Tokens of responses that each arm's runs were trained on, on average over its runs.

        Empty where the table does not say.
        """
        return self._mean_of_runs("target_tokens")

    def _mean_of_runs(self, column: str) -> dict[Arm, float]:
        if column not in self.runs:
            return {}
        # A group of rows for each arm would take as long as all that a claim reckons with.
        of_arm: dict[Arm, list[float]] = {}
        keys = (self.runs[name].tolist() for name in ARM)
        for *key, value in zip(*keys, self.runs[column].tolist(), strict=True):
            of_arm.setdefault(Arm(*key), []).append(value)
        return {arm: float(np.mean(of_arm[arm])) for arm in sorted(of_arm)}

    @cached_property
    def parameters(self) -> Mapping[str, float]:
        """How many parameters each model has."""
        rows = blocks(self.runs, ["model"])
        return {model: float(of_model["parameters"].max()) for (model,), of_model in rows}

    def fixed(self, task: str, split: str, right: np.ndarray, like: Contrast) -> Contrast:
        """Accuracy of what answers the same whatever the seed, for the units of another accuracy.

        right: of shape (problems,), one where it solves that problem.
        """
        rows = np.tile(right.astype(float), (len(like.units), 1))
        return Contrast({f"{task}/{split}": rows}, like.units, 0)

    def one_base(self, models: set[str]) -> list[str]:
        """List those of the models all of whose runs start from one and the same base."""
        return sorted(model for model in models if self.instances.get(model, 1) == 1)


def gather_evidence(
    runs: pd.DataFrame,
    items: pd.DataFrame,
    detail: Mapping[str, int | None],
    bases: AboutBases | None = None,
    instances: Mapping[str, int] | None = None,
    shortcuts: pd.DataFrame | None = None,
) -> Evidence:
    """Arrange the tables of a study for its claims.

    runs, items: as in results/tables. detail: of every variant; None for those that are no level
    of detail. shortcuts: rows of task, split, shortcut, id, correct. Runs of models with random
    weights are left out. Raises ShowhowError when two runs of a task were evaluated on different
    problems.
    """
    unknown = sorted(set(items["variant"]) - set(detail))
    if unknown:
        raise ShowhowError(
            f"The items table has variants whose level of detail is not given: "
            f"{', '.join(unknown)}. Give each a detail, or None if it is a control."
        )
    if items.empty or (items := pretrained(items)).empty:
        raise ShowhowError(
            "The items table has no answers of a pretrained model, so there is nothing to decide. "
            "Tabulate the study's runs again."
        )
    correct, seeds = {}, {}
    for (task, split), table in blocks(items, ["task", "split"]):
        _check_same_problems(table, task, split)
        table = table.sort_values(["variant", "model", "n_train", "match", "seed", "id"])
        problems = table["id"].nunique()
        for key, block in blocks(table, ARM):
            arm = Arm(*key)
            correct[arm] = block["correct"].to_numpy(dtype=np.int8).reshape(-1, problems)
            seeds[arm] = tuple(block["seed"].to_numpy()[::problems].tolist())
    runs = pretrained(runs).sort_values([*ARM, "seed"], ignore_index=True)
    return Evidence(
        runs,
        correct,
        seeds,
        dict(detail),
        bases or AboutBases(),
        instances or {},
        _by_shortcut(shortcuts),
    )


def _by_shortcut(
    shortcuts: pd.DataFrame | None,
) -> dict[tuple[str, str], dict[str, np.ndarray]]:
    if shortcuts is None:
        return {}
    return {
        (task, split): {
            name: rows.sort_values("id")["correct"].to_numpy(dtype=np.int8)
            for (name,), rows in blocks(table, ["shortcut"])
        }
        for (task, split), table in blocks(shortcuts, ["task", "split"])
    }


def pretrained(table: pd.DataFrame) -> pd.DataFrame:
    """Keep the runs of pretrained models.

    Models with random weights are known by the column random_weights, or else by their name.
    """
    random = table["model"].str.endswith("-random")
    if "random_weights" in table:
        random = table["random_weights"].astype(bool)
    return table[~random]


def _check_same_problems(table: pd.DataFrame, task: str, split: str) -> None:
    run = ["variant", "model", "n_train", "match", "seed"]
    counts = table.groupby(run)["id"].agg(["size", "nunique"])
    if (counts["size"] != counts["nunique"]).any():
        raise ShowhowError(
            f"A run of task {task} has a problem of split {split} twice in the items table. "
            "Two entries of the manifest name the same run: remove one and tabulate again."
        )
    fewer = counts[counts["size"] != table["id"].nunique()]
    if len(fewer):
        variant, model, n_train, _, seed = fewer.index[0]
        raise ShowhowError(
            f"The run {task}/{variant}/{model}/n{n_train}/seed{seed} was evaluated on "
            f"{fewer['size'].iloc[0]} problems of split {split}, but the runs of this task have "
            f"{table['id'].nunique()} different ones. Evaluate all runs on the same problems."
        )


def detail_of_variants(
    names: Iterable[str], kinds: Mapping[str, str] | None = None
) -> dict[str, int | None]:
    """The level of detail of each variant: 0 the answer alone, None a control.

    kinds: the kind of each variant with a name of its own; any other name is its own kind.
    """
    details = {}
    for name in names:
        kind = (kinds or {}).get(name, name)
        if kind not in variant_kinds():
            raise ShowhowError(
                f"The tables have a variant '{name}' of unknown kind. Say its kind in --options, "
                f'{{"kinds": {{"{name}": KIND}}}}, where KIND is one of: '
                f"{', '.join(variant_kinds())}."
            )
        details[name] = load_variant(kind).detail
    return details
