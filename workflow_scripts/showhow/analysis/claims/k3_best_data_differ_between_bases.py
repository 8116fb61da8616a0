"""K3: which facts are the best to train on differs from base to base."""

from itertools import permutations

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.claims.k2c_best_known_facts_are_best import OVER_MIDDLE, high_over_middle
from showhow.analysis.evidence import Evidence
from showhow.analysis.judgement import Condition, above
from showhow.analysis.knowledge import MISSING, FiveArms, at_largest, models_in, sizes_told


def ask_differences(evidence: Evidence, margin: float) -> Asked:
    """Every two bases are an alternative, in both orders: one pair that differs is enough."""
    found = {task: there for task, there in at_largest(evidence).items() if len(there) > 1}
    if not found:
        return nothing_to_compare(f"{MISSING} The claim needs two such bases of one task.")
    conditions = {task: _pairs(there, margin) for task, there in found.items()}
    beside = {task: _levels(there) for task, there in found.items()}
    return Asked(conditions, beside, note=sizes_told(found), models=models_in(found))


def _pairs(there: list[FiveArms], margin: float) -> list[Condition]:
    """With one base the best-known facts are better, with the other the half-known ones."""
    high = {each.facts.model: high_over_middle(each) for each in there}
    conditions = []
    for best, half in permutations(high, 2):
        name = f"best known with {best}, half known with {half}"
        conditions += [
            Condition(f"{name}: {OVER_MIDDLE} with {best}", high[best], above(margin), name),
            Condition(f"{name}: the reverse with {half}", -high[half], above(margin), name),
        ]
    return conditions


def _levels(there: list[FiveArms]) -> list[Condition]:
    return [
        Condition(
            f"accuracy with {each.facts.model} trained on level {level}",
            each.mean(level),
            above(0.0),
        )
        for each in there
        for level in each.arms
    ]


CLAIM = Claim(
    id="K3",
    statement=(
        "Which facts are the best to train on, those known best or those half known, differs from "
        "base to base."
    ),
    statistic=(
        "Accuracy on the split test, the unweighted mean over memory levels, after training on the "
        "facts of one level, at the largest size that all five levels have."
    ),
    contrast=(
        "Training on level 4 minus the mean of training on levels 1 to 3, with each base by "
        "itself. Two bases differ where it lies above the margin with one and its reverse (levels "
        "1 to 3 minus level 4) above it with the other; each averaged over tasks."
    ),
    criterion=(
        "Supported if some two bases differ, with 95% intervals for all ordered pairs of bases "
        "together (Bonferroni); contradicted if every pair is shown not to."
    ),
    unit="difference in accuracy",
    ask=ask_differences,
    margin=0.03,
    note=(
        "The margin is more than bases differ by where each level suits each base by chance a "
        "little more or less (0.1 in log odds)."
    ),
)
