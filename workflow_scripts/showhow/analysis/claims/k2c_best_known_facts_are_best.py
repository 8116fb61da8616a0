"""K2c: the facts that a model knows best are the best to train on, or those that it half knows."""

import numpy as np

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.estimation import Contrast, mean_of
from showhow.analysis.evidence import Evidence
from showhow.analysis.judgement import Condition, above
from showhow.analysis.knowledge import (
    MISSING,
    SPLIT,
    UNSEEN,
    FiveArms,
    at_largest,
    models_in,
    sizes_told,
)

HIGH, MIDDLE = 4, (1, 2, 3)
OVER_MIDDLE = "level 4 minus the mean of levels 1 to 3"
SPLITS = {SPLIT: "", UNSEEN: ", relations not trained on"}
NOT_OUT_OF_DOMAIN = "No relations that were not trained on (split unseen) are asked."


def ask_best(evidence: Evidence, margin: float) -> Asked:
    """Level 4 against the middle ones, in the relations trained on and in the others."""
    found = at_largest(evidence)
    if not found:
        return nothing_to_compare(MISSING)
    outside = at_largest(evidence, UNSEEN)
    conditions = {
        task: [
            Condition(
                f"{OVER_MIDDLE}{which}",
                mean_of([high_over_middle(each) for each in by_task[task]]),
                above(margin),
            )
            for (_, which), by_task in zip(SPLITS.items(), (found, outside), strict=True)
            if task in by_task
        ]
        for task in found
    }
    beside = {task: _beside(there, outside.get(task, [])) for task, there in found.items()}
    note = sizes_told(found) if outside else f"{sizes_told(found)} {NOT_OUT_OF_DOMAIN}"
    return Asked(conditions, beside, note=note, models=models_in(found))


def high_over_middle(trained: FiveArms) -> Contrast:
    """What the best-known facts are better to train on than the half-known ones."""
    return trained.mean(HIGH) - mean_of([trained.mean(level) for level in MIDDLE])


def _beside(there: list[FiveArms], outside: list[FiveArms]) -> list[Condition]:
    """Each training level's accuracy, and the contrast on every relation not trained on."""
    means = [
        Condition(
            f"accuracy with {each.facts.model} trained on level {level}",
            each.mean(level),
            above(0.0),
        )
        for each in there
        for level in each.arms
    ]
    relations = [
        Condition(
            f"{OVER_MIDDLE} with {each.facts.model}, relation {relation}",
            _on_relation(each, relation),
            above(0.0),
        )
        for each in outside
        for relation in sorted(set(each.facts.relation.tolist()))
    ]
    return [*means, *relations]


def _on_relation(trained: FiveArms, relation: str) -> Contrast:
    """The contrast on one relation, each of its facts with the same weight.

    A single relation may have no fact of some level.
    """
    chosen = np.flatnonzero(trained.facts.relation == relation)

    def asked(level: int) -> Contrast:
        accuracy = trained.arms[level]
        parts = {f"{name}/{relation}": of[:, chosen] for name, of in accuracy.parts.items()}
        return Contrast(parts, accuracy.units, accuracy.runs)

    return asked(HIGH) - mean_of([asked(level) for level in MIDDLE])


CLAIM = Claim(
    id="K2c",
    statement="The facts that a model knows best are the best to train on.",
    statistic=(
        "Accuracy, the unweighted mean over memory levels, after training on the facts of one "
        "level, at the largest size that all five levels have; on the split test and, where a "
        "study has it, on relations that were not trained on (split unseen)."
    ),
    contrast=(
        "Training on level 4 minus the mean of training on levels 1 to 3, averaged over bases, "
        "then over tasks. The papers disagree: the first says the high levels, the authors' "
        "follow-up the middle."
    ),
    criterion=(
        "Supported (high) if it lies above zero with its whole 95% interval on each split; "
        "contradicted (middle) if it lies below on one."
    ),
    unit="difference in accuracy",
    ask=ask_best,
)
