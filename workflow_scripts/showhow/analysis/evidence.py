"""What the claims are decided on: the right answers of every pooled run, arranged in pairs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from showhow.analysis.statistics import (
    Sampled,
    keyed_generator,
    resample_counts,
    resampled_accuracy,
)
from showhow.analysis.table_files import blocks
from showhow.base.errors import ShowhowError
from showhow.responses import load_variant, variant_kinds

ARM = ["task", "variant", "model", "n_train", "split"]


@dataclass(frozen=True, order=True)
class Arm:
    """One task, variant, model, training size and split; its runs differ in the seed alone."""

    task: str
    variant: str
    model: str
    n_train: int
    split: str


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
    """The pooled runs of a study.

    runs: the rows of the run table. correct: for each arm a (seeds, problems) matrix of zeros and
    ones; all arms of a task and split have the same problems in the same order. seeds: of each
    arm, in the matrix's order. detail: of each variant on the scale of levels, 0 for the answer
    alone. bases: what was measured of the base models and is known of them.
    """

    runs: pd.DataFrame
    correct: Mapping[Arm, np.ndarray]
    seeds: Mapping[Arm, tuple[int, ...]]
    detail: Mapping[str, int]
    resamples: int
    random_seed: int
    bases: AboutBases = field(default_factory=AboutBases)

    @property
    def answer_only(self) -> set[str]:
        return {variant for variant, detail in self.detail.items() if detail == 0}

    @property
    def levels(self) -> list[str]:
        """The explained levels, the least detailed first."""
        explained = [variant for variant, detail in self.detail.items() if detail > 0]
        return sorted(explained, key=lambda variant: (self.detail[variant], variant))

    def sizes(self, task: str, variant: str, model: str, split: str) -> list[int]:
        """Training sizes of one curve, increasing."""
        wanted = (task, variant, model, split)
        return sorted(
            arm.n_train
            for arm in self.correct
            if (arm.task, arm.variant, arm.model, arm.split) == wanted
        )

    def tasks_and_models(self, split: str) -> list[tuple[str, str]]:
        return sorted({(arm.task, arm.model) for arm in self.correct if arm.split == split})

    def accuracies(
        self, arms: list[Arm], problems: np.ndarray | None = None, called: str = ""
    ) -> list[Sampled] | None:
        """Accuracy of arms of one task and model, resampled together, so that they are paired.

        Only seeds that all the arms have are used; None when there is no such seed. problems: of
        shape (problems,), true for those that count, all by default; `called` names them, and
        differently named ones are drawn independently.
        """
        seeds = sorted(set.intersection(*(set(self.seeds[arm]) for arm in arms)))
        if not seeds:
            return None
        first = arms[0]
        seed_counts = self._counts(len(seeds), "seeds", first.task, first.model)
        sampled = []
        for arm in arms:
            correct = self.correct[arm][[self.seeds[arm].index(seed) for seed in seeds]]
            named = (arm.task, arm.split, *([called] if called else []))
            if problems is not None:
                correct = correct[:, problems]
            problem_counts = self._counts(correct.shape[1], "problems", *named)
            draws = resampled_accuracy(correct, seed_counts, problem_counts)
            sampled.append(Sampled(float(correct.mean()), draws, len(seeds)))
        return sampled

    def _counts(self, size: int, *key: str) -> np.ndarray:
        return resample_counts(keyed_generator(self.random_seed, *key), self.resamples, size)


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


def gather_evidence(
    runs: pd.DataFrame,
    items: pd.DataFrame,
    detail: Mapping[str, int | None],
    resamples: int = 2000,
    random_seed: int = 0,
    every_arm: bool = False,
    bases: AboutBases | None = None,
) -> Evidence:
    """Arrange the tables of a study for its claims.

    runs, items: as in results/tables. detail: of every variant; None for those that are no level
    of detail, which are pooled only with `every_arm`. Raises ShowhowError when two runs of a task
    were evaluated on different problems.
    """
    unknown = sorted(set(items["variant"]) - set(detail))
    if unknown:
        raise ShowhowError(
            f"The items table has variants whose level of detail is not given: "
            f"{', '.join(unknown)}. Give each a detail, or None if it is a control."
        )
    levels = {variant: level for variant, level in detail.items() if level is not None}
    variants = list(detail if every_arm else levels)
    items = pooled(items, variants)
    correct, seeds = {}, {}
    for (task, split), table in blocks(items, ["task", "split"]):
        _check_same_problems(table, task, split)
        table = table.sort_values(["variant", "model", "n_train", "seed", "id"])
        problems = table["id"].nunique()
        for key, block in blocks(table, ARM):
            arm = Arm(*key)
            correct[arm] = block["correct"].to_numpy(dtype=np.int8).reshape(-1, problems)
            seeds[arm] = tuple(block["seed"].to_numpy()[::problems].tolist())
    runs = pooled(runs, variants).sort_values([*ARM, "seed"], ignore_index=True)
    about = bases or AboutBases()
    return Evidence(runs, correct, seeds, levels, resamples, random_seed, about)


def pooled(table: pd.DataFrame, variants: list[str]) -> pd.DataFrame:
    """Keep what claims pool: these variants, arms matched on examples, pretrained models.

    Models with random weights are known by the column random_weights, or else by their name.
    """
    random = table["model"].str.endswith("-random")
    if "random_weights" in table:
        random = table["random_weights"].astype(bool)
    keep = table["variant"].isin(variants) & (table["match"] == "examples") & ~random
    return table[keep]


def _check_same_problems(table: pd.DataFrame, task: str, split: str) -> None:
    run = ["variant", "model", "n_train", "seed"]
    counts = table.groupby(run)["id"].agg(["size", "nunique"])
    if (counts["size"] != counts["nunique"]).any():
        raise ShowhowError(
            f"A run of task {task} has a problem of split {split} twice in the items table. "
            "Two entries of the manifest name the same run: remove one and tabulate again."
        )
    fewer = counts[counts["size"] != table["id"].nunique()]
    if len(fewer):
        variant, model, n_train, seed = fewer.index[0]
        raise ShowhowError(
            f"The run {task}/{variant}/{model}/n{n_train}/seed{seed} was evaluated on "
            f"{fewer['size'].iloc[0]} problems of split {split}, but the runs of this task have "
            f"{table['id'].nunique()} different ones. Evaluate all runs on the same problems."
        )
