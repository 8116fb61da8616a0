"""C5: explanations improve generalisation, above all to longer and deeper inputs."""

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.estimation import mean_of
from showhow.analysis.evidence import Evidence
from showhow.analysis.judgement import Condition, above
from showhow.analysis.levels import Place, by_task, mean_gain, not_shared, places

BEYOND = ("longer", "deeper")
MISSING = "No task and model has runs with and without explanations on a split longer."


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
            if (having := [p for p in there if p.on(split).all_in(evidence)])
            for condition in _conditions(evidence, having, split, margin)
        ]
        if asked:
            conditions[task] = asked
            models |= {place.model for place in there}
    if not conditions:
        return nothing_to_compare(MISSING)
    return Asked(conditions, models=frozenset(models))


def _conditions(
    evidence: Evidence, there: list[Place], split: str, margin: float
) -> list[Condition]:
    beyond = mean_of([mean_gain(evidence, place.on(split)) for place in there])
    inside = mean_of([mean_gain(evidence, place) for place in there])
    return [
        Condition(f"mean of levels minus none on {split}", beyond, above(margin)),
        Condition(f"that gain on {split} minus that on test", beyond - inside, above(0.0)),
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
        "('above all'); averaged over models within a task, then over tasks."
    ),
    criterion=(
        "Supported if on each such split the 95% interval of the gain lies above the margin and "
        "that of its difference from the gain on test above zero; contradicted if one lies below."
    ),
    unit="difference in accuracy",
    ask=ask_beyond,
)
