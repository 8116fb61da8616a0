"""Explained levels against the answer alone: what several claims compare."""

from dataclasses import dataclass

from showhow.analysis.estimation import Contrast, mean_of
from showhow.analysis.evidence import Arm, Evidence


@dataclass(frozen=True)
class Place:
    """One task and model, with the arms that are compared there at one training size.

    none: the answer alone, by what it is matched on. levels: the explained ones, the least
    detailed first.
    """

    task: str
    model: str
    n_train: int
    none: dict[str, Arm]
    levels: dict[str, Arm]

    def on(self, split: str) -> "Place":
        """The same arms, asked another split's problems."""
        none, levels = (
            {name: _on(arm, split) for name, arm in arms.items()}
            for arms in (self.none, self.levels)
        )
        return Place(self.task, self.model, self.n_train, none, levels)

    def all_in(self, evidence: Evidence) -> bool:
        return {*self.none.values(), *self.levels.values()} <= evidence.correct.keys()


def _on(arm: Arm, split: str) -> Arm:
    return Arm(arm.task, arm.variant, arm.model, arm.n_train, split, arm.match)


def places(evidence: Evidence, split: str = "test") -> list[Place]:
    """List each task and model at the largest training size that none and the levels share.

    The levels are those that the model was trained on at that size with the same number of
    examples or steps as none. A task and model without such a size is left out.
    """
    found = [
        _place(evidence, task, model, split) for task, model in evidence.tasks_and_models(split)
    ]
    return [place for place in found if place is not None]


def _place(evidence: Evidence, task: str, model: str, split: str) -> Place | None:
    here = [a for a in evidence.correct if (a.task, a.model, a.split) == (task, model, split)]
    none = [arm for arm in here if arm.variant in evidence.answer_only]
    levels = [arm for arm in here if arm.variant in evidence.levels]
    sizes = {arm.n_train for arm in none} & {arm.n_train for arm in levels}
    if not sizes:
        return None
    n_train = max(sizes)
    by_match = {
        match: {a.variant: a for a in levels if a.n_train == n_train and a.match == match}
        for match in ("steps", "examples")
    }
    # Where a study has both, the arms of one number of steps are the ones to compare.
    chosen = by_match["steps"] or by_match["examples"]
    return Place(
        task,
        model,
        n_train,
        {arm.match: arm for arm in none if arm.n_train == n_train},
        {level: chosen[level] for level in evidence.levels if level in chosen},
    )


def gain(evidence: Evidence, arm: Arm, other: Arm) -> Contrast:
    """Accuracy of one arm minus that of another."""
    return evidence.accuracy(arm) - evidence.accuracy(other)


def mean_gain(evidence: Evidence, place: Place) -> Contrast:
    """Mean accuracy of the levels minus that of none with as many examples or steps."""
    levels = mean_of([evidence.accuracy(arm) for arm in place.levels.values()])
    return levels - evidence.accuracy(paired_none(place))


def paired_none(place: Place) -> Arm:
    """The arm without explanations that is matched as the levels are, or else the plainest."""
    match = next(iter(place.levels.values())).match
    return place.none.get(match) or place.none.get("examples") or next(iter(place.none.values()))


def by_task(found: list[Place]) -> dict[str, list[Place]]:
    """Group places by their task; the models of a task are averaged."""
    tasks = sorted({place.task for place in found})
    return {task: [place for place in found if place.task == task] for task in tasks}


def best_shortcut(evidence: Evidence, task: str, split: str = "test") -> float:
    """Accuracy of the best rule that looks at no structure; 0 where none is known."""
    right = evidence.shortcuts.get((task, split), {}).values()
    return max((float(solved.mean()) for solved in right), default=0.0)


def steps_of(evidence: Evidence, arm: Arm) -> float:
    """Optimiser steps of an arm's runs."""
    return evidence.steps.get(arm, float("nan"))
