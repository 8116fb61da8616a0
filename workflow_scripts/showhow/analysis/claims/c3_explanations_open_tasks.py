"""C3: with explanations a model solves what it cannot solve without."""

from collections.abc import Callable

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.estimation import Contrast
from showhow.analysis.evidence import Arm, Evidence
from showhow.analysis.judgement import Condition, above, below, in_every_task
from showhow.analysis.levels import (
    Place,
    best_shortcut,
    by_task,
    not_shared,
    paired_none,
    places,
    steps_of,
)

MISSING = "No task and model has runs with and without explanations on the split test."

Over = Callable[[Contrast], Contrast]
"""How far an accuracy lies above a shortcut's on the same problems."""


def ask_opened(evidence: Evidence, margin: float) -> Asked:
    """Every model and level is an alternative: one that opens the task is enough."""
    found = places(evidence)
    if (missing := not_shared(evidence)) or not found:
        return nothing_to_compare(missing or MISSING)
    trained = [place for place in found if _longest(evidence, place) is not None]
    if not trained:
        missing = "`none` was trained for one length only: give it more steps, with `match`."
        return nothing_to_compare(missing)
    conditions = {
        task: [
            condition
            for place in there
            for level in place.levels
            for condition in _opens(evidence, place, level, margin)
        ]
        for task, there in by_task(trained).items()
    }
    marks = ", ".join(f"{task} {best_shortcut(evidence, task):.3f}" for task in conditions)
    note = f"The best flat shortcuts' accuracies: {marks}."
    return Asked(conditions, note=note, models=frozenset(place.model for place in trained))


def _longest(evidence: Evidence, place: Place) -> Arm | None:
    """The arm without explanations that took the most steps, where that is more than the plain."""
    plain = paired_none(evidence, place)
    longer = [a for a in place.none.values() if steps_of(evidence, a) > steps_of(evidence, plain)]
    return max(longer, key=lambda arm: steps_of(evidence, arm)) if longer else None


def _opens(evidence: Evidence, place: Place, level: str, margin: float) -> list[Condition]:
    """With the level the task is solved; without it is not, and more training does not help.

    The shortcuts answer the same problems, so that accuracies are compared with theirs problem by
    problem, and the chance that made a shortcut good on these is in the interval. Which is the
    best is not known where several may be: the explained arm has to beat each, and for the arm
    without explanations each is an alternative of its own.
    """
    plain, longest = paired_none(evidence, place), _longest(evidence, place)
    assert longest is not None
    explained = evidence.accuracy(place.levels[level])
    without, trained_longer = evidence.accuracy(plain), evidence.accuracy(longest)
    over = _over_shortcuts(evidence, place.task)
    solved = {
        f"with explanations, over {shortcut}": over_it(explained)
        for shortcut, over_it in over.items()
    }
    conditions = []
    for shortcut in _perhaps_best(over, explained):
        over_it = over[shortcut]
        name = f"{place.model}, {level}, unsolved by {shortcut}"
        unsolved = {
            f"without, over {shortcut}": over_it(without),
            f"without, trained longest, over {shortcut}": over_it(trained_longer),
            f"without, if as much training again added as much, over {shortcut}": over_it(
                2 * trained_longer - without
            ),
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
        "longest, and as much training again would not bring none there if it added as much."
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
