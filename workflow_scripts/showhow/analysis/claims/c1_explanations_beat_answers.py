"""C1: fine-tuning with explanations beats fine-tuning on answers alone."""

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.estimation import Contrast, mean_of
from showhow.analysis.evidence import Arm, Evidence, by_task
from showhow.analysis.judgement import Condition, above
from showhow.analysis.levels import (
    Place,
    by_answer_only,
    gain,
    mean_gain,
    not_asked,
    not_shared,
    places,
    steps_of,
)

MATCHED = {
    "examples": "as many examples",
    "target_tokens": "as many target tokens",
    "steps": "as many steps",
}
ENOUGH = 0.95
"""The share of a level's target tokens from which on none has as many."""
LACKING = "arms with and without explanations on the split test"
MISSING = "No task and model has runs with and without explanations on the split test."


def ask_gain(evidence: Evidence, margin: float) -> Asked:
    """Every level against none, matched in each of the three ways.

    In tokens none is mostly matched with one level, and the longer ones have more: of which level
    that was asked, and of which not, stands in the scope.
    """
    found = places(evidence)
    if (missing := not_shared(evidence)) or not found:
        return nothing_to_compare(missing or MISSING)
    lacking = [way for match, way in MATCHED.items() if not _all_have(evidence, found, match)]
    if lacking:
        ways = " and none ".join(lacking)
        missing = f"No arm `none` has {ways} as a level of its task: give it with `match`."
        return Asked({}, _beside(evidence, found), missing)
    conditions = {
        task: [
            Condition(f"{level} minus {name}, {MATCHED[match]}", gained, above(margin))
            for name, those in by_answer_only(there).items()
            for match in MATCHED
            for level, gained in _gains(evidence, those, match).items()
        ]
        for task, there in by_task(found).items()
    }
    return Asked(
        conditions,
        _beside(evidence, found),
        note=not_asked(evidence, conditions, LACKING),
        scope=_scope(evidence, found),
        models=frozenset(place.model for place in found),
    )


def _all_have(evidence: Evidence, found: list[Place], match: str) -> bool:
    return all(
        any(_none(evidence, place, level, match) for place in there for level in place.levels)
        for there in by_task(found).values()
    )


def _none(evidence: Evidence, place: Place, level: str, match: str) -> Arm | None:
    """The arm `none` that is matched so with a level.

    Arms with as many steps need not be asked for them; one that was asked for as many tokens need
    not have them.
    """
    matched = place.none.get(match)
    if match == "target_tokens":
        return matched if matched and _enough(evidence, matched, place.levels[level]) else None
    if matched:
        return matched
    plain = place.none.get("examples") or place.none.get("steps")
    levels = place.levels.values()
    same = plain and all(steps_of(evidence, arm) == steps_of(evidence, plain) for arm in levels)
    return plain if same else None


def _enough(evidence: Evidence, none: Arm, explained: Arm) -> bool:
    """Whether the runs saw as many tokens of responses as those of a level; no, where unknown."""
    tokens = evidence.target_tokens
    return none in tokens and tokens[none] >= ENOUGH * tokens[explained]


def _gains(evidence: Evidence, there: list[Place], match: str) -> dict[str, Contrast]:
    """Each level's gain over none, averaged over the models that have both."""
    gained: dict[str, list[Contrast]] = {}
    for place in there:
        for level, arm in place.levels.items():
            if none := _none(evidence, place, level, match):
                gained.setdefault(level, []).append(gain(evidence, arm, none))
    return {level: mean_of(gained[level]) for level in evidence.levels if level in gained}


def _scope(evidence: Evidence, found: list[Place]) -> str:
    """Say of which levels as many tokens were asked, where that is not all; by task and model."""
    told = []
    for place in found:
        matched = {
            level: _none(evidence, place, level, "target_tokens") is not None
            for level in place.levels
        }
        yes = ", ".join(level for level, its in matched.items() if its)
        no = ", ".join(level for level, its in matched.items() if not its)
        if no:
            where = f"{place.task} with {place.model} against {place.answer_only}"
            told.append(f"{yes or 'no level'} and not of {no} ({where})")
    return f"with as many target tokens, of {'; of '.join(told)}" if told else ""


def _beside(evidence: Evidence, found: list[Place]) -> dict[str, list[Condition]]:
    """The mean over levels, by model: what a reader looks for first."""
    return {
        task: [
            Condition(
                f"mean of levels minus none, {place.model}, N {place.n_train}",
                mean_gain(evidence, place),
                above(0.0),
            )
            for place in there
        ]
        for task, there in by_task(found).items()
    }


CLAIM = Claim(
    id="C1",
    statement=(
        "Fine-tuning with explanations beats fine-tuning on the answers alone, substantially."
    ),
    statistic=(
        "Accuracy on the split test at the largest training size that none and all levels have."
    ),
    contrast=(
        "Every level of explanation minus none, with as many examples, as many steps and, for the "
        f"levels of whose target tokens an arm of none has at least {ENOUGH:.0%}, as many target "
        "tokens; averaged over models within a task, then over tasks."
    ),
    criterion=(
        "Supported if every one of these gains lies above the margin with its whole 95% interval; "
        "contradicted if one lies below it. The scope names the levels that were not asked with as "
        "many target tokens."
    ),
    unit="difference in accuracy",
    ask=ask_gain,
    margin=0.05,
)
