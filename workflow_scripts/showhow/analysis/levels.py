"""Explained levels against the answer alone: what several claims compare."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np

from showhow.analysis.estimation import Contrast, log_odds, mean_of
from showhow.analysis.evidence import Arm, Evidence

MATCHES = ("examples", "steps")
"""What levels may have in common with none; where a study has both, steps are compared."""

LEARNS = 0.05
"""What is not this much better than the best flat shortcut has learned nothing."""

At = tuple[int, int]
"""A training size and the place in MATCHES of what its arms are matched on."""

Scale = Callable[[Contrast], Contrast]
"""What accuracies are compared on, such as log odds."""


@dataclass(frozen=True)
class Place:
    """One task and model, with the arms that are compared there at one training size.

    none: one variant of the answer alone, by what it is matched on. levels: the explained ones,
    the least detailed first.
    """

    task: str
    model: str
    n_train: int
    none: dict[str, Arm]
    levels: dict[str, Arm]

    @property
    def answer_only(self) -> str:
        """The name of the variant without explanations, mostly `none`."""
        return next(iter(self.none.values())).variant

    def on(self, split: str) -> "Place":
        """The same arms, asked another split's problems."""
        none, levels = (
            {name: replace(arm, split=split) for name, arm in arms.items()}
            for arms in (self.none, self.levels)
        )
        return replace(self, none=none, levels=levels)

    def all_in(self, evidence: Evidence) -> bool:
        return {*self.none.values(), *self.levels.values()} <= evidence.correct.keys()


def places(evidence: Evidence, split: str = "test") -> list[Place]:
    """List each task and model at the largest training size that none and all its levels share.

    All levels that the model was trained on in that task count, so that none drops out for want of
    an arm. Of a size's matches steps come before examples. Every variant of the answer alone has a
    place of its own. Where nothing is shared there is no place; `not_shared` says so.
    """
    return [
        _place(evidence, arms, max(shared))
        for arms in _compared(evidence, split)
        if (shared := [at for at, found in _paired(evidence, arms).items() if arms.all_in(found)])
    ]


def not_shared(evidence: Evidence, split: str = "test") -> str:
    """Say which levels lack a size and match that none and all other levels have; or nothing."""
    told = []
    for arms in _compared(evidence, split):
        paired = _paired(evidence, arms)
        if not any(arms.all_in(found) for found in paired.values()):
            told.append(_told_lacking(arms, paired))
    return " ".join(told)


@dataclass(frozen=True)
class _Arms:
    """All arms of one variant of the answer alone, and of the levels, in one task and model."""

    none: list[Arm]
    explained: list[Arm]

    @property
    def levels(self) -> set[str]:
        return {arm.variant for arm in self.explained}

    def all_in(self, found: dict[str, Arm]) -> bool:
        return self.levels == set(found)


def _compared(evidence: Evidence, split: str) -> list[_Arms]:
    compared = []
    for task, model in evidence.tasks_and_models(split):
        here = [a for a in evidence.correct if (a.task, a.model, a.split) == (task, model, split)]
        explained = [arm for arm in here if arm.variant in evidence.levels]
        for variant in sorted(evidence.answer_only):
            none = [arm for arm in here if arm.variant == variant]
            if none and explained:
                compared.append(_Arms(none, explained))
    return compared


def _paired(evidence: Evidence, arms: _Arms) -> dict[At, dict[str, Arm]]:
    """The levels of each size and match that none was trained at, too."""
    paired: dict[At, dict[str, Arm]] = {}
    for arm in arms.explained:
        if arm.match in MATCHES and _pair_of(evidence, arm, arms.none):
            paired.setdefault((arm.n_train, MATCHES.index(arm.match)), {})[arm.variant] = arm
    return paired


def _pair_of(evidence: Evidence, explained: Arm, none: Iterable[Arm]) -> Arm | None:
    """The arm of none that is matched as the explained one, or else took exactly its steps."""
    same_size = [arm for arm in none if arm.n_train == explained.n_train]
    matched = [arm for arm in same_size if arm.match == explained.match]
    steps = steps_of(evidence, explained)
    return next(iter(matched + [a for a in same_size if steps_of(evidence, a) == steps]), None)


def _place(evidence: Evidence, arms: _Arms, at: At) -> Place:
    n_train, _ = at
    found = _paired(evidence, arms)[at]
    return Place(
        arms.none[0].task,
        arms.none[0].model,
        n_train,
        {arm.match: arm for arm in arms.none if arm.n_train == n_train},
        {level: found[level] for level in evidence.levels if level in found},
    )


def _told_lacking(arms: _Arms, paired: dict[At, dict[str, Arm]]) -> str:
    none = arms.none[0]
    told = (
        f"No training size of {none.task} with {none.model} has {none.variant} and all levels, "
        "with as many examples or steps: "
    )
    if not paired:
        return f"{told}{', '.join(sorted(arms.levels))} never stands beside {none.variant}."
    at = max(paired, key=lambda at: (len(paired[at]), at))
    absent = ", ".join(sorted(arms.levels - set(paired[at])))
    return f"{told}N {at[0]} (match: {MATCHES[at[1]]}) lacks {absent}."


def gain(evidence: Evidence, arm: Arm, other: Arm) -> Contrast:
    """Accuracy of one arm minus that of another."""
    return evidence.accuracy(arm) - evidence.accuracy(other)


def mean_gain(evidence: Evidence, place: Place, scale: Scale = lambda same: same) -> Contrast:
    """Mean accuracy of the levels minus that of none with as many examples or steps."""
    levels = mean_of([scale(evidence.accuracy(arm)) for arm in place.levels.values()])
    return levels - scale(evidence.accuracy(paired_none(evidence, place)))


def paired_none(evidence: Evidence, place: Place) -> Arm:
    """The arm without explanations that is matched as the levels are, or took as many steps."""
    none = _pair_of(evidence, next(iter(place.levels.values())), place.none.values())
    assert none is not None, "a place has none beside its levels"
    return none


def by_answer_only(there: list[Place]) -> dict[str, list[Place]]:
    """Group places by their variant of the answer alone: each is compared by itself."""
    variants = sorted({place.answer_only for place in there})
    return {name: [place for place in there if place.answer_only == name] for name in variants}


def not_asked(evidence: Evidence, asked: Collection[str], lacking: str) -> str:
    """Name the tasks that a claim is not asked of, with what they lack; or nothing."""
    others = sorted({arm.task for arm in evidence.correct} - set(asked))
    return f"Not asked of {', '.join(others)}: no {lacking}." if others else ""


def best_shortcut(evidence: Evidence, task: str, split: str = "test") -> float:
    """Accuracy of the best rule that looks at no structure; 0 where none is known."""
    solved = _solved_by_the_best(evidence, task, split)
    return 0.0 if solved is None else float(solved.mean())


def log_odds_over_shortcut(evidence: Evidence, task: str, split: str = "test") -> Scale:
    """Accuracies of a split as the log odds of solving what the best flat shortcut does not.

    Of a shortcut that gets s right, an accuracy a is (a - s) / (1 - s) of the rest: guesses, which
    bring the accuracies of small models closer together, are out of it. Less than LEARNS of the
    rest counts as LEARNS. Plain log odds where no shortcut is known.
    """
    solved = _solved_by_the_best(evidence, task, split)
    if solved is None:
        return log_odds
    return lambda accuracy: log_odds(accuracy, solved, least=LEARNS)


def _solved_by_the_best(evidence: Evidence, task: str, split: str) -> np.ndarray | None:
    known = evidence.shortcuts.get((task, split), {})
    if not known:
        return None
    return known[max(sorted(known), key=lambda name: known[name].mean())]


def steps_of(evidence: Evidence, arm: Arm) -> float:
    """Optimiser steps of an arm's runs."""
    return evidence.steps.get(arm, float("nan"))
