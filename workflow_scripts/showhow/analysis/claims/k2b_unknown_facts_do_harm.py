"""K2b: training on facts that a model does not know harms what it knows, with more data more."""

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.estimation import Contrast, mean_of
from showhow.analysis.evidence import Evidence
from showhow.analysis.judgement import Condition, below
from showhow.analysis.knowledge import (
    MISSING,
    NOT_ASKED_BEFORE,
    FiveArms,
    known_places,
    models_in,
    sizes_told,
    trained_on_every_level,
)

KNOWN = (2, 3, 4)
TOO_FEW = f"{MISSING} The claim needs two such sizes, and test facts of levels 2 to 4."


def ask_harm(evidence: Evidence, margin: float) -> Asked:
    """Below the untuned base, below the other levels, and further below with more of them."""
    ends: dict[str, list[tuple[FiveArms, FiveArms]]] = {}
    for task, model in known_places(evidence):
        trained = trained_on_every_level(evidence, task, model)
        if len(trained) > 1 and set(KNOWN) <= set(trained[0].facts.levels):
            ends.setdefault(task, []).append((trained[0], trained[-1]))
    if not ends:
        return nothing_to_compare(TOO_FEW)
    if not all(large.facts.untuned for there in ends.values() for _, large in there):
        return nothing_to_compare(NOT_ASKED_BEFORE)
    conditions = {task: _conditions(there, margin) for task, there in ends.items()}
    beside = {task: _beside(there) for task, there in ends.items()}
    largest = {task: [large for _, large in there] for task, there in ends.items()}
    return Asked(conditions, beside, note=sizes_told(largest), models=models_in(largest))


def _conditions(there: list[tuple[FiveArms, FiveArms]], margin: float) -> list[Condition]:
    harm = mean_of([_unknown(large) - _before(large) for _, large in there])
    worse = mean_of([_beyond_others(large) for _, large in there])
    growth = mean_of([_unknown(large) - _unknown(small) for small, large in there])
    return [
        Condition("level 0 minus the untuned base, largest N", harm, below(-margin)),
        Condition("level 0 minus the mean of levels 1 to 4, largest N", worse, below(-margin)),
        Condition("level 0 at the largest N minus at the smallest", growth, below(-margin)),
    ]


def _unknown(trained: FiveArms) -> Contrast:
    return trained.mean(0, KNOWN)


def _before(trained: FiveArms) -> Contrast:
    return trained.facts.on_levels(trained.facts.before(trained.arms[0]), KNOWN)


def _beyond_others(trained: FiveArms) -> Contrast:
    return _unknown(trained) - trained.other_levels(0, KNOWN)


def _beside(there: list[tuple[FiveArms, FiveArms]]) -> list[Condition]:
    """What the other levels do to the base, and whether level 0 falls further than they."""
    return [
        condition
        for small, large in there
        for condition in (
            Condition(
                f"mean of levels 1 to 4 minus the untuned base with {large.facts.model}",
                large.other_levels(0, KNOWN) - _before(large),
                below(0.0),
            ),
            Condition(
                f"level 0 minus the others, largest N minus smallest with {large.facts.model}",
                _beyond_others(large) - _beyond_others(small),
                below(0.0),
            ),
        )
    ]


CLAIM = Claim(
    id="K2b",
    statement=(
        "Facts that a model does not know at all harm what it knows when it is trained on them, "
        "and more of them harm more."
    ),
    statistic=(
        "Accuracy on the test facts of memory levels 2 to 4, each level with the same weight, "
        "after training on facts of one level and before any."
    ),
    contrast=(
        "Training on level 0 at the largest size that all five levels have, minus the untuned "
        "base, minus the mean of training on levels 1 to 4, and minus training on level 0 at the "
        "smallest size; each averaged over bases, then over tasks."
    ),
    criterion=(
        "Supported if all three 95% intervals lie below zero: harm, more than other facts do, and "
        "more of it with more of them; contradicted if one lies above."
    ),
    unit="difference in accuracy",
    ask=ask_harm,
)
