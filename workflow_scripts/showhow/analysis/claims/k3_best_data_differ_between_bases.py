"""K3: which facts are the best to train on differs from base to base."""

from itertools import permutations

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.claims.k2c_best_known_facts_are_best import OVER_MIDDLE, high_over_middle
from showhow.analysis.evidence import Evidence
from showhow.analysis.judgement import Condition, above, below
from showhow.analysis.knowledge import MISSING, FiveArms, at_largest, models_in, sizes_told


def ask_differences(evidence: Evidence, margin: float) -> Asked:
    """Every two bases are an alternative, in both orders: one pair that differs is enough."""
    found = {task: there for task, there in at_largest(evidence).items() if len(there) > 1}
    if not found:
        return nothing_to_compare(f"{MISSING} The claim needs two such bases of one task.")
    conditions = {
        task: [
            condition for pair in permutations(there, 2) for condition in _opposed(*pair, margin)
        ]
        for task, there in found.items()
    }
    beside = {task: _levels(there) for task, there in found.items()}
    return Asked(conditions, beside, note=sizes_told(found), models=models_in(found))


def _opposed(first: FiveArms, second: FiveArms, margin: float) -> list[Condition]:
    """With the first base the best-known facts are better, with the second the half-known ones."""
    best, half = first.facts.model, second.facts.model
    name = f"best known with {best}, half known with {half}"
    return [
        Condition(
            f"{name}: {OVER_MIDDLE} with {best}", high_over_middle(first), above(margin), name
        ),
        Condition(
            f"{name}: {OVER_MIDDLE} with {half}", high_over_middle(second), below(-margin), name
        ),
    ]


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
        "itself. Two bases differ where it lies above the margin with one and below minus the "
        "margin with the other; each averaged over tasks."
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
