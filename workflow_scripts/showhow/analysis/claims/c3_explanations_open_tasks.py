"""C3: with explanations a model solves what it cannot solve without."""

from collections.abc import Callable
from math import log

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.estimation import Contrast
from showhow.analysis.evidence import Arm, Evidence, by_task
from showhow.analysis.judgement import Condition, above, below, in_every_task
from showhow.analysis.levels import (
    Place,
    best_shortcut,
    not_asked,
    not_shared,
    paired_none,
    places,
    steps_of,
)

MISSING = "No task and model has runs with and without explanations on the split test."
LONGER = 2
"""How many times the plain arm's steps the longer one takes at least."""
FURTHER = 10
"""How many times the longer arm's steps could still follow, at least."""
TRAINED = f"arm `none` trained at least {LONGER} times as long as the plain one and as the levels"
NOT_TRAINED = f"No {TRAINED}: give it more steps, with `match`."

Over = Callable[[Contrast], Contrast]
"""How far an accuracy lies above a shortcut's on the same problems."""


def ask_opened(evidence: Evidence, margin: float) -> Asked:
    """Every model and level is an alternative: one that opens the task is enough."""
    found = places(evidence)
    if (missing := not_shared(evidence)) or not found:
        return nothing_to_compare(missing or MISSING)
    conditions = {
        task: asked
        for task, there in by_task(found).items()
        if (asked := _conditions(evidence, there, margin))
    }
    if not conditions:
        return nothing_to_compare(NOT_TRAINED)
    marks = ", ".join(f"{task} {best_shortcut(evidence, task):.3f}" for task in conditions)
    note = [f"The best flat shortcuts' accuracies: {marks}.", _not_trained(evidence, found)]
    return Asked(
        conditions,
        note=" ".join(filter(None, [*note, not_asked(evidence, conditions, TRAINED)])),
        models=frozenset(place.model for place in found if place.task in conditions),
    )


def _conditions(evidence: Evidence, there: list[Place], margin: float) -> list[Condition]:
    """Of each model and level for which some variant of the answer alone was trained longer.

    All variants of the answer alone have to fail where the level does not.
    """
    return [
        condition
        for place in there
        for level in place.levels
        if any(
            _longest(evidence, other, level)
            for other in there
            if other.model == place.model and level in other.levels
        )
        for condition in _opens(evidence, place, level, margin)
    ]


def _not_trained(evidence: Evidence, found: list[Place]) -> str:
    """Name what was not trained longer, beside what was; or nothing."""
    lacking = [
        f"{place.answer_only} of {place.task} with {place.model} beside {level}"
        for place in found
        for level in place.levels
        if _longest(evidence, place, level) is None
    ]
    return f"Not trained longer: {', '.join(lacking)}." if lacking else ""


def _longest(evidence: Evidence, place: Place, level: str) -> Arm | None:
    """The arm without explanations of the most steps, where it was trained longer than others.

    That is LONGER times the steps of the plain arm, and no fewer than the explained arm's.
    """
    enough = max(
        LONGER * steps_of(evidence, paired_none(evidence, place)),
        steps_of(evidence, place.levels[level]),
    )
    longer = [arm for arm in place.none.values() if steps_of(evidence, arm) >= enough]
    return max(longer, key=lambda arm: steps_of(evidence, arm)) if longer else None


def _trained_on(evidence: Evidence, plain: Arm, longest: Arm) -> Contrast:
    """The accuracy without explanations if every doubling of steps went on to add as much.

    Trained r times as long and better by g, it would gain g / log(r) for each factor e: over
    FURTHER times the longest's steps, or over r times where that is more.
    """
    longer = steps_of(evidence, longest) / steps_of(evidence, plain)
    reached = evidence.accuracy(longest)
    gained = reached - evidence.accuracy(plain)
    return reached + max(1.0, log(FURTHER) / log(longer)) * gained


def _opens(evidence: Evidence, place: Place, level: str, margin: float) -> list[Condition]:
    """With the level the task is solved; without it is not, and more training does not help.

    The shortcuts answer the same problems, so that accuracies are compared with theirs problem by
    problem, and the chance that made a shortcut good on these is in the interval. Which is the
    best is not known where several may be: the explained arm has to beat each, and for the arm
    without explanations each is an alternative of its own.
    """
    none, plain = place.answer_only, paired_none(evidence, place)
    explained = evidence.accuracy(place.levels[level])
    failing = {none: evidence.accuracy(plain)}
    if longest := _longest(evidence, place, level):
        failing[f"{none}, trained longest"] = evidence.accuracy(longest)
        failing[f"{none}, if training on added as much"] = _trained_on(evidence, plain, longest)
    over = _over_shortcuts(evidence, place.task)
    solved = {
        f"with explanations beside {none}, over {shortcut}": over_it(explained)
        for shortcut, over_it in over.items()
    }
    conditions = []
    for shortcut in _perhaps_best(over, explained):
        name = f"{place.model}, {level}, unsolved by {shortcut}"
        unsolved = {
            f"{what}, over {shortcut}": over[shortcut](reached) for what, reached in failing.items()
        }
        conditions += [
            Condition(f"{name}: {what}", contrast, demand, alternative=name)
            for asked, demand in ((solved, above(margin)), (unsolved, below(margin)))
            for what, contrast in asked.items()
        ]
    return conditions


def _over_shortcuts(evidence: Evidence, task: str) -> dict[str, Over]:
    """By each flat shortcut's name; guessing at nothing where none is known."""
    split = "test"

    def over(right) -> Over:
        return lambda accuracy: accuracy - evidence.fixed(task, split, right, accuracy)

    known = evidence.shortcuts.get((task, split), {})
    return {name: over(known[name]) for name in sorted(known)} or {"zero": lambda all_: all_}


def _perhaps_best(over: dict[str, Over], accuracy: Contrast) -> list[str]:
    """The shortcuts that the problems do not show to be worse than another."""
    distance = {name: over_it(accuracy) for name, over_it in over.items()}
    nearest = min(distance, key=lambda name: distance[name].value)
    return [
        name
        for name in distance
        if name == nearest
        or (distance[name] - distance[nearest]).estimate.p_at_most(0.0) > CLEARLY_WORSE
    ]


CLEARLY_WORSE = 0.001
"""p from which on a shortcut is no longer taken for one that may be the best."""

CLAIM = Claim(
    id="C3",
    statement="With explanations a model solves tasks that it cannot solve without.",
    statistic=(
        "Accuracy on the split test at the largest training size that none and all levels have, "
        "minus that of the best flat shortcut (the majority class, the last operand, ...) on the "
        "same problems. Solved means better by the margin."
    ),
    contrast=(
        "A model and level open a task when the level solves it, none does not, nor none trained "
        f"longest, which took at least {LONGER} times the steps of the plain arm and as many as "
        "the level, and training on would not bring none there if every further doubling of its "
        f"steps added as much as each so far, to {FURTHER} times as many, or to as many times more "
        "as it was trained longer. Each variant of the answer alone has to fail."
    ),
    criterion=(
        "Supported if some model and level open each task, with 95% intervals for all models and "
        "levels of a task together (Bonferroni); contradicted if in some task each is shown not to."
    ),
    unit="difference in accuracy",
    ask=ask_opened,
    margin=0.05,
    decide=in_every_task,
)
