"""Accuracy by the memory level of training and of test facts: what the K claims share.

Throughout, U units, P facts of one split.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from showhow.analysis.estimation import Contrast, mean_of
from showhow.analysis.evidence import Arm, Evidence
from showhow.analysis.table_files import blocks, measured_table
from showhow.base.errors import ShowhowError

SPLIT, UNSEEN = "test", "unseen"
NATURAL_MIX = "natural_mix"
TRAINING_LEVELS = {f"level_{level}": level for level in range(5)}
MISSING = "No base whose facts' memory was measured is trained on all five levels at one size."
NOT_ASKED_BEFORE = (
    "The bases were not asked the same questions before fine-tuning: give the study "
    "`probes: {accuracy: {<task>: natural_mix}}`."
)


@dataclass(frozen=True)
class Facts:
    """The facts of one task's split, as the bases of one model know them.

    level, untuned, completed, plainly: (P,) arrays by unit; "" stands for every unit of a model
    with one base. untuned: which questions a base answers before fine-tuning; completed: in what
    share of its completions of statements of a fact the base says it; plainly: in what share of
    those of the question as plain text; each empty where that was not measured.
    relation: (P,), empty where the table does not say.
    """

    task: str
    model: str
    split: str
    level: dict[str, np.ndarray]
    untuned: dict[str, np.ndarray]
    completed: dict[str, np.ndarray]
    plainly: dict[str, np.ndarray]
    relation: np.ndarray

    @property
    def levels(self) -> list[int]:
        """The levels of which every base has a fact, increasing."""
        return sorted(set.intersection(*(set(of.tolist()) for of in self.level.values())))

    def on_levels(self, accuracy: Contrast, levels: Iterable[int] | None = None) -> Contrast:
        """The mean accuracy over levels, each with the same weight; over all by default."""
        rows = self._rows(self.level, accuracy.units)
        chosen = self.levels if levels is None else levels
        return mean_of([_of_chosen(accuracy, rows == level) for level in chosen])

    def number_on(self, level: int) -> float:
        """How many facts of a level there are, on average over bases."""
        return float(np.mean([(of == level).sum() for of in self.level.values()]))

    def before(self, like: Contrast) -> Contrast:
        """Accuracy before fine-tuning, for the units of another accuracy."""
        return self._of_bases(self.untuned, like)

    def ceiling(self, like: Contrast) -> Contrast:
        """The share of facts that the base completes, for the units of another accuracy."""
        return self._of_bases(self.completed, like)

    def as_plain_text(self, like: Contrast) -> Contrast:
        """The share of questions that it answers as plain text, for the units of another."""
        return self._of_bases(self.plainly, like)

    def _of_bases(self, measured: dict[str, np.ndarray], like: Contrast) -> Contrast:
        rows = self._rows(measured, like.units).astype(float)
        return Contrast({f"{self.task}/{self.split}": rows}, like.units, 0)

    def _rows(self, by_unit: dict[str, np.ndarray], units: tuple[str, ...]) -> np.ndarray:
        if "" in by_unit:
            return np.tile(by_unit[""], (len(units), 1))
        absent = [unit for unit in units if unit not in by_unit]
        if absent:
            raise ShowhowError(
                f"The memory table lacks the base of {', '.join(absent)} of {self.model} on "
                f"{self.task}; tabulate it again."
            )
        return np.array([by_unit[unit] for unit in units])


def _of_chosen(accuracy: Contrast, chosen: np.ndarray) -> Contrast:
    """Accuracy of the chosen facts (U, P), each base's own.

    A ratio of two sums, in first order: all facts of the split stay in, so that what is said of
    different levels, or of bases that know different facts, is paired fact by fact.
    """
    ((name, right),) = accuracy.parts.items()
    weights = chosen / chosen.mean(axis=1, keepdims=True)
    mean = (weights * right).mean(axis=1, keepdims=True)
    return Contrast({name: mean + weights * (right - mean)}, accuracy.units, accuracy.runs)


def known_places(evidence: Evidence, split: str = SPLIT) -> list[tuple[str, str]]:
    """List the tasks and bases whose facts of a split have a measured memory level."""
    memory = evidence.bases.memory
    if memory is None:
        return []
    here = memory.loc[memory["split"] == split, ["task", "model"]].drop_duplicates()
    measured = set(here.itertuples(index=False, name=None))
    return [place for place in evidence.tasks_and_models(split) if place in measured]


def facts_of(evidence: Evidence, task: str, model: str, split: str = SPLIT) -> Facts:
    """Give what was measured of one task's split and one model, in the evidence's order of facts.

    Where every seed has a base of its own, the memory table says in the column seed whose base was
    measured. Raises ShowhowError when the measured problems are not those of the runs.
    """
    memory = measured_table(evidence.bases.memory)
    here = (memory["task"] == task) & (memory["model"] == model) & (memory["split"] == split)
    table = memory[here].sort_values("id")
    by_unit = {"": table}
    if "seed" in table:
        by_unit = {
            evidence.unit(model, int(seed)): rows for (seed,), rows in blocks(table, ["seed"])
        }
    arm = next(a for a in evidence.correct if (a.task, a.model, a.split) == (task, model, split))
    problems = evidence.correct[arm].shape[1]
    for rows in by_unit.values():
        if len(rows) != problems:
            raise ShowhowError(
                f"The memory table has {len(rows)} {split} problems of {task} with {model}, the "
                f"runs have {problems}; tabulate both again."
            )
    first = next(iter(by_unit.values()))
    return Facts(
        task,
        model,
        split,
        {unit: rows["level"].to_numpy() for unit, rows in by_unit.items()},
        _measured(by_unit, "untuned"),
        _measured(by_unit, "share"),
        _measured(by_unit, "as_plain_text"),
        first["relation"].to_numpy() if "relation" in first else np.array([]),
    )


def _measured(by_unit: dict[str, pd.DataFrame], column: str) -> dict[str, np.ndarray]:
    """A column of every unit's facts; empty where one of them lacks it."""
    if not all(column in rows and rows[column].notna().all() for rows in by_unit.values()):
        return {}
    return {unit: rows[column].to_numpy(dtype=float) for unit, rows in by_unit.items()}


def arms_of(
    evidence: Evidence, task: str, model: str, kind: str, split: str = SPLIT
) -> dict[tuple[int, str], Arm]:
    """Give a base's arms of one kind of training facts by their size and match."""
    return {
        (arm.n_train, arm.match): arm
        for arm in sorted(evidence.correct)
        if (arm.task, arm.model, arm.split) == (task, model, split)
        and evidence.bases.kinds.get(arm.variant, arm.variant) == kind
    }


@dataclass(frozen=True)
class FiveArms:
    """One base trained on each of the five levels, at one size; asked the facts of a split.

    arms: by the level of the training facts.
    """

    facts: Facts
    n_train: int
    arms: dict[int, Contrast]

    def mean(self, trained: int, levels: Iterable[int] | None = None) -> Contrast:
        """Average over test levels after training on one, each with the same weight."""
        return self.facts.on_levels(self.arms[trained], levels)

    def other_levels(self, trained: int, levels: Iterable[int] | None = None) -> Contrast:
        """The same after training on the other levels but 0, averaged."""
        others = [level for level in self.arms if level not in (0, trained)]
        return mean_of([self.mean(level, levels) for level in others])


def trained_on_every_level(
    evidence: Evidence, task: str, model: str, split: str = SPLIT
) -> list[FiveArms]:
    """Give a base trained on each level at every size that all five have, increasing."""
    arms = {
        level: arms_of(evidence, task, model, kind, split)
        for kind, level in TRAINING_LEVELS.items()
    }
    sizes = set.intersection(
        *({n for n, match in of if match == "examples"} for of in arms.values())
    )
    if not sizes:
        return []
    facts = facts_of(evidence, task, model, split)
    return [
        FiveArms(
            facts,
            size,
            {level: evidence.accuracy(of[size, "examples"]) for level, of in arms.items()},
        )
        for size in sorted(sizes)
    ]


def at_largest(evidence: Evidence, split: str = SPLIT) -> dict[str, list[FiveArms]]:
    """By task, each base trained on every level, at the largest size that all five have."""
    found: dict[str, list[FiveArms]] = {}
    for task, model in known_places(evidence, split):
        trained = trained_on_every_level(evidence, task, model, split)
        if trained:
            found.setdefault(task, []).append(trained[-1])
    return found


def models_in(found: dict[str, list[FiveArms]]) -> frozenset[str]:
    """Name the models whose runs are compared."""
    return frozenset(each.facts.model for there in found.values() for each in there)


def sizes_told(found: dict[str, list[FiveArms]]) -> str:
    """Say at which size each base's arms are compared."""
    told = [
        f"{task} with {each.facts.model} N {each.n_train}"
        for task, there in found.items()
        for each in there
    ]
    return f"Compared: {', '.join(told)}."
