"""Accuracy by the memory level of training and of test facts: what the K claims share."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from showhow.analysis.evidence import Arm, Evidence
from showhow.analysis.familiarity import kind_of
from showhow.analysis.statistics import Sampled, mean_of
from showhow.analysis.table_files import measured_table
from showhow.base.errors import ShowhowError

SPLIT = "test"
NATURAL_MIX = "natural_mix"
TRAINING_LEVELS = {f"level_{level}": level for level in range(5)}


@dataclass(frozen=True)
class Trained:
    """One base fine-tuned on one kind of facts at one size: its accuracy by the test's levels."""

    task: str
    model: str
    n_train: int
    by_level: Mapping[int, Sampled]

    def mean(self, levels: tuple[int, ...] | None = None) -> Sampled:
        """Average over test levels, each with the same weight; over all there are by default."""
        chosen = [self.by_level[level] for level in levels or self.by_level]
        return replace(mean_of(chosen), runs=chosen[0].runs)


def known_places(evidence: Evidence) -> list[tuple[str, str]]:
    """List the tasks and bases whose test facts have a measured memory level."""
    memory = evidence.bases.memory
    if memory is None:
        return []
    measured = set(memory[["task", "model"]].itertuples(index=False, name=None))
    return [place for place in evidence.tasks_and_models(SPLIT) if place in measured]


def levels_of_test(evidence: Evidence, task: str, model: str) -> np.ndarray:
    """Give the memory level of each test problem, (problems,), in the evidence's order.

    Raises ShowhowError when the measured problems are not those of the runs.
    """
    memory = measured_table(evidence.bases.memory)
    here = (memory["task"] == task) & (memory["model"] == model) & (memory["split"] == SPLIT)
    levels = memory[here].sort_values("id")["level"].to_numpy()
    arm = next(a for a in evidence.correct if (a.task, a.model, a.split) == (task, model, SPLIT))
    problems = evidence.correct[arm].shape[1]
    if len(levels) != problems:
        raise ShowhowError(
            f"The memory table has {len(levels)} test problems of {task} with {model}, the runs "
            f"have {problems}; tabulate both again."
        )
    return levels


def sizes_of(evidence: Evidence, task: str, model: str, kind: str) -> list[int]:
    """List the training sizes of a base with one kind of training facts, increasing."""
    variants = _variants(evidence, task, model, kind)
    return evidence.sizes(task, variants[0], model, SPLIT) if variants else []


def trained_on(
    evidence: Evidence, task: str, model: str, asked: list[tuple[str, int]]
) -> list[Trained] | None:
    """Give the arms (kind of training facts, size) of one base, paired by draw and test fact.

    None when no draw is common to all of them.
    """
    variants = {kind: _variants(evidence, task, model, kind)[0] for kind, _ in asked}
    arms = [Arm(task, variants[kind], model, size, SPLIT) for kind, size in asked]
    levels = levels_of_test(evidence, task, model)
    found: dict[int, list[Sampled]] = {}
    for level in sorted(set(levels.tolist())):
        sampled = evidence.accuracies(arms, levels == level, f"level {level} of {model}")
        if sampled is None:
            return None
        found[level] = sampled
    return [
        Trained(task, model, size, {level: sampled[place] for level, sampled in found.items()})
        for place, (_, size) in enumerate(asked)
    ]


def shared_sizes(evidence: Evidence, task: str, model: str) -> list[int]:
    """List the sizes at which a base was trained on each of the five levels."""
    sizes = [set(sizes_of(evidence, task, model, kind)) for kind in TRAINING_LEVELS]
    return sorted(set.intersection(*sizes))


def trained_at_largest(evidence: Evidence) -> dict[tuple[str, str], dict[int, Trained]]:
    """Give each base trained on every level, at the largest size that all five levels have.

    By task and base, then by the training facts' level.
    """
    found = {}
    for place in known_places(evidence):
        sizes = shared_sizes(evidence, *place)
        if not sizes:
            continue
        trained = trained_on(evidence, *place, [(kind, sizes[-1]) for kind in TRAINING_LEVELS])
        if trained:
            found[place] = dict(zip(TRAINING_LEVELS.values(), trained, strict=True))
    return found


MISSING = "No base whose facts' memory was measured is trained on all five levels at one size."


def _variants(evidence: Evidence, task: str, model: str, kind: str) -> list[str]:
    return sorted(
        {
            arm.variant
            for arm in evidence.correct
            if (arm.task, arm.model, arm.split) == (task, model, SPLIT)
            and kind_of(evidence, arm.variant) == kind
        }
    )
