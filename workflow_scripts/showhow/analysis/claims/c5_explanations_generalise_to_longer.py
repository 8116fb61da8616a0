"""C5: explanations improve generalisation, above all to longer and deeper inputs."""

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.estimation import mean_of
from showhow.analysis.evidence import Evidence, by_task
from showhow.analysis.judgement import Condition, above
from showhow.analysis.levels import (
    Place,
    by_answer_only,
    log_odds_over_shortcut,
    mean_gain,
    not_asked,
    not_shared,
    places,
)

BEYOND = ("longer", "deeper")
MISSING = "No task and model has runs with and without explanations on a split longer."
LACKING = "arms with and without explanations on a split longer or deeper"
IN_POINTS = 0.25
"""What log odds are worth in accuracy about one half, so that both have one unit."""


def ask_beyond(evidence: Evidence, margin: float) -> Asked:
    """The gain on each split beyond training, and how it compares with the gain on test."""
    if missing := not_shared(evidence):
        return nothing_to_compare(missing)
    conditions = {}
    models: set[str] = set()
    for task, there in by_task(places(evidence)).items():
        asked = [
            condition
            for split in BEYOND
            for those in by_answer_only(there).values()
            if (having := [p for p in those if p.on(split).all_in(evidence)])
            for condition in _conditions(evidence, having, split, margin)
        ]
        if asked:
            conditions[task] = asked
            models |= {place.model for place in there}
    if not conditions:
        return nothing_to_compare(MISSING)
    note = not_asked(evidence, conditions, LACKING)
    return Asked(conditions, note=note, models=frozenset(models))


def _conditions(
    evidence: Evidence, there: list[Place], split: str, margin: float
) -> list[Condition]:
    """The gain over one variant of the answer alone, and that it is larger on both scales.

    Near the ceiling of test an equal gain in log odds is a smaller one in accuracy, and near the
    floor of the other split the other way round: neither makes a difference on both.
    """
    task, none = there[0].task, there[0].answer_only
    beyond = mean_of([mean_gain(evidence, place.on(split)) for place in there])
    inside = mean_of([mean_gain(evidence, place) for place in there])
    odds_beyond, odds_inside = (
        mean_of(
            [
                mean_gain(evidence, place.on(on), log_odds_over_shortcut(evidence, task, on))
                for place in there
            ]
        )
        for on in (split, "test")
    )
    more = f"gain over {none} on {split} minus that on test"
    return [
        Condition(f"mean of levels minus {none} on {split}", beyond, above(margin)),
        Condition(more, beyond - inside, above(0.0)),
        Condition(
            f"{more}, log odds / {1 / IN_POINTS:.0f}",
            IN_POINTS * (odds_beyond - odds_inside),
            above(0.0),
        ),
    ]


CLAIM = Claim(
    id="C5",
    statement="Explanations improve generalisation, above all to longer and deeper inputs.",
    statistic=(
        "Accuracy on the splits longer and, where a task has it, deeper, at the largest training "
        "size that none and all levels have."
    ),
    contrast=(
        "Mean of the explained levels minus none, and this gain minus the gain on the split test "
        "('above all'), in accuracy and on the log odds of (accuracy - shortcut) / (1 - shortcut), "
        "of the best flat shortcut; averaged over models within a task, then over tasks."
    ),
    criterion=(
        "Supported if on each such split the 95% interval of the gain lies above the margin and "
        "those of its difference from the gain on test, on both scales, above zero; contradicted "
        "if one lies below."
    ),
    unit="difference in accuracy",
    ask=ask_beyond,
)
