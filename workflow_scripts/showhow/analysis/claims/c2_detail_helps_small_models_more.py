"""C2: detailed explanations help small models more, and a large one no more than brief ones."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.estimation import Contrast, mean_of
from showhow.analysis.evidence import Arm, Evidence, by_task
from showhow.analysis.judgement import Condition, below, within
from showhow.analysis.levels import (
    LEARNS,
    Place,
    best_shortcut,
    log_odds_over_shortcut,
    not_asked,
    not_shared,
    places,
)

MISSING = (
    "No task has three explained levels on two sizes of one family that learn it (better than the "
    f"best flat shortcut by {LEARNS:.0%} on average over all arms) and can still learn more "
    f"(levels of at most {1 - LEARNS:.0%} on average)."
)
LACKING = "two sizes of one family that learn it and can still learn more"


def ask_interaction(evidence: Evidence, margin: float) -> Asked:
    """The slope of detail against size, and whether the largest size tells levels apart."""
    if missing := not_shared(evidence):
        return nothing_to_compare(missing)
    conditions, models, shut, full = {}, set(), [], []
    for task, there in by_task(places(evidence)).items():
        learned = [place for place in there if _learns(evidence, place)]
        between = [place for place in learned if not _is_full(evidence, place)]
        shut += [f"{p.model} on {task}" for p in there if p not in learned]
        full += [f"{p.model} on {task}" for p in learned if p not in between]
        family = _largest_family(evidence, between)
        if len(family) > 1:
            conditions[task] = _conditions(evidence, family, margin)
            models |= {place.model for place in family}
    left_out = {"nothing was learned": shut, "nothing more can be learned": full}
    note = " ".join(f"Left out, as {why}: {', '.join(of)}." for why, of in left_out.items() if of)
    if not conditions:
        return nothing_to_compare(f"{MISSING} {note}".strip())
    note = f"{note} {not_asked(evidence, conditions, LACKING)}".strip()
    return Asked(conditions, note=note, models=frozenset(models))


def _learns(evidence: Evidence, place: Place) -> bool:
    """Decide by all arms together, so that no difference between them decides who is counted."""
    arms = [*place.levels.values(), *place.none.values()]
    return mean_of([evidence.accuracy(arm) for arm in arms]).value > LEARNS + best_shortcut(
        evidence, place.task
    )


def _is_full(evidence: Evidence, place: Place) -> bool:
    """Whether the levels are so near to the ceiling that it makes them alike."""
    levels = [evidence.accuracy(arm) for arm in place.levels.values()]
    return mean_of(levels).value > 1 - LEARNS


def _largest_family(evidence: Evidence, there: list[Place]) -> list[Place]:
    """The places of the family of models with the most sizes, the smallest model first."""
    # The levels do not depend on which variant of the answer alone stands beside them.
    there = list({place.model: place for place in there}.values())
    families = pd.Series([_family(place.model) for place in there], dtype=object)
    if families.empty:
        return []
    most = families.value_counts(sort=False).sort_index().idxmax()
    family = [place for place in there if _family(place.model) == most]
    return sorted(family, key=lambda place: evidence.parameters[place.model])


def _family(model: str) -> str:
    """A model's name without its size, such as `decoder` of decoder-150k."""
    return model.rpartition("-")[0] or model


def _conditions(evidence: Evidence, family: list[Place], margin: float) -> list[Condition]:
    levels = [level for level in evidence.levels if all(level in p.levels for p in family)]
    conditions = [
        Condition(
            "slope of detail x log10 parameters among explained levels, log odds",
            _interaction(evidence, family, levels),
            below(0.0),
        )
    ]
    largest = family[-1]
    for brief, detailed in combinations(levels, 2):
        difference = evidence.accuracy(largest.levels[detailed]) - evidence.accuracy(
            largest.levels[brief]
        )
        conditions.append(
            Condition(
                f"{detailed} minus {brief} with the largest model", difference, within(margin)
            )
        )
    return conditions


def _interaction(evidence: Evidence, family: list[Place], levels: list[str]) -> Contrast:
    """Least squares over the cells of detail and size, each cell's log odds averaged over N.

    A training size that one model lacks counts for none: what detail adds may depend on N.
    """
    detail = np.array([float(evidence.detail[level] or 0) for level in levels])
    size = np.log10([evidence.parameters[place.model] for place in family])
    weights = np.outer(size - size.mean(), detail - detail.mean())
    weights /= (weights**2).sum() or 1.0
    arms = [[place.levels[level] for level in levels] for place in family]
    shared = set.intersection(*(_training_sizes(evidence, arm) for row in arms for arm in row))
    cells = [
        weights[row, column] * _over_sizes(evidence, arm, shared or {arm.n_train})
        for row, of_model in enumerate(arms)
        for column, arm in enumerate(of_model)
    ]
    return len(cells) * mean_of(cells)


def _training_sizes(evidence: Evidence, arm: Arm) -> set[int]:
    return set(evidence.sizes(arm.task, arm.variant, arm.model, arm.split, arm.match))


def _over_sizes(evidence: Evidence, arm: Arm, sizes: set[int]) -> Contrast:
    arms = [replace(arm, n_train=n) for n in sorted(sizes)]
    scale = log_odds_over_shortcut(evidence, arm.task, arm.split)
    return mean_of([scale(evidence.accuracy(each)) for each in arms])


CLAIM = Claim(
    id="C2",
    statement="Detailed explanations help small models more; the largest gains from any alike.",
    statistic=(
        "Right answers on the split test of the explained levels: log odds of (accuracy - "
        "shortcut) / (1 - shortcut), of the best flat shortcut, over the training sizes that all "
        "models share; and accuracy of the largest model at the largest. Sizes count whose arms "
        f"are on average better than the shortcut by {LEARNS:.0%} and whose levels are at most "
        f"{1 - LEARNS:.0%}."
    ),
    contrast=(
        "Coefficient of detail x log10 parameters over the explained levels of one family of "
        "models, and every pair of levels with the largest model; averaged over tasks."
    ),
    criterion=(
        "Supported if the coefficient lies below zero (smaller models gain more from detail) and "
        "every pair of levels lies within the margin (90% intervals, TOST); contradicted if the "
        "coefficient lies above zero or a pair beyond the margin."
    ),
    unit="log odds per level and tenfold parameters; difference in accuracy",
    ask=ask_interaction,
    margin=0.05,
    note="A contrary result to hold it against: Ludan et al. 2023 report larger gains for larger "
    "models.",
)
