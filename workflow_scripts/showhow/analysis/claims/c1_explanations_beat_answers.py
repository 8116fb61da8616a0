"""C1: fine-tuning with explanations beats fine-tuning on answers alone."""

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.estimation import Contrast, mean_of
from showhow.analysis.evidence import Arm, Evidence
from showhow.analysis.judgement import Condition, above
from showhow.analysis.levels import (
    Place,
    by_answer_only,
    by_task,
    gain,
    mean_gain,
    not_shared,
    places,
    steps_of,
)

MATCHED = {
    "examples": "as many examples",
    "target_tokens": "as many target tokens as the reference level",
    "steps": "as many steps",
}
MISSING = "No task and model has runs with and without explanations on the split test."


def ask_gain(evidence: Evidence, margin: float) -> Asked:
    """Every level against none, matched in each of the three ways."""
    found = places(evidence)
    if (missing := not_shared(evidence)) or not found:
        return nothing_to_compare(missing or MISSING)
    lacking = [way for match, way in MATCHED.items() if not _all_have(evidence, found, match)]
    if lacking:
        missing = f"No arm `none` has {' and none '.join(lacking)}: give it with `match`."
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
    models = frozenset(place.model for place in found)
    return Asked(conditions, _beside(evidence, found), models=models)


def _all_have(evidence: Evidence, found: list[Place], match: str) -> bool:
    return all(
        any(_none(evidence, place, match) for place in there) for there in by_task(found).values()
    )


def _none(evidence: Evidence, place: Place, match: str) -> Arm | None:
    """The arm `none` that is matched so; arms with as many steps need not be asked for them."""
    if match in place.none:
        return place.none[match]
    plain = place.none.get("examples") or place.none.get("steps")
    levels = place.levels.values()
    same = plain and all(steps_of(evidence, arm) == steps_of(evidence, plain) for arm in levels)
    return plain if same and match != "target_tokens" else None


def _gains(evidence: Evidence, there: list[Place], match: str) -> dict[str, Contrast]:
    """Each level's gain over none, averaged over the models that have both."""
    having = [(place, none) for place in there if (none := _none(evidence, place, match))]
    return {
        level: mean_of(gained)
        for level in evidence.levels
        if (
            gained := [
                gain(evidence, place.levels[level], none)
                for place, none in having
                if level in place.levels
            ]
        )
    }


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
        "Every level of explanation minus none, with as many examples, as many target tokens and "
        "as many steps; averaged over models within a task, then over tasks."
    ),
    criterion=(
        "Supported if every one of these gains lies above the margin with its whole 95% interval; "
        "contradicted if one lies below it."
    ),
    unit="difference in accuracy",
    ask=ask_gain,
    margin=0.05,
)
