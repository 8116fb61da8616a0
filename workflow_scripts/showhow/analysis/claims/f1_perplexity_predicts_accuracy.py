"""F1: among ways of writing of equal detail, lower perplexity goes with higher accuracy."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.estimation import Contrast, Ratio, mean_of
from showhow.analysis.evidence import Evidence
from showhow.analysis.familiarity import SPLIT, arms_by_size, kind_of
from showhow.analysis.judgement import Condition, above, below
from showhow.analysis.table_files import blocks, measured_table

NOT_COMPARED = ("none", "unfamiliar_masked")
LONGER = "unfamiliar_longer"
OWN_WORDS = (
    *("familiar", "self_generated", "minimum_change"),
    *("rewritten", "own_words_other_order"),
)
OTHER_WORDS = ("unfamiliar", "other_words_own_order")
FEWEST_ARMS = 4
SLOPE = "accuracy per doubling of perplexity"
NOT_MEASURED = "The study does not measure perplexity."
MISSING = (
    f"No task has {FEWEST_ARMS} ways of writing of equal detail, on all its bases, whose "
    "perplexity is known and differs also within two clusters of them."
)

Clusters = frozenset[frozenset[str]]
"""Which ways of writing are compared among themselves and with no others."""


@dataclass(frozen=True)
class Place:
    """The ways of writing on one task and base: log2 of their perplexity, and their accuracy."""

    task: str
    model: str
    perplexity: dict[str, float]
    accuracy: dict[str, Contrast]


def ask_slope(evidence: Evidence, margin: float) -> Asked:
    """The slope within arms of equal detail, also however these fall into two clusters."""
    if evidence.bases.perplexity is None:
        return nothing_to_compare(NOT_MEASURED)
    found = [_place(evidence, *place) for place in evidence.tasks_and_models(SPLIT)]
    places = _with_the_same_arms([place for place in found if place.perplexity])
    alike = _of_equal_detail(evidence, places[0].perplexity) if places else frozenset()
    order = _by_perplexity(places, alike)
    if len(order) < FEWEST_ARMS:
        return nothing_to_compare(MISSING)
    asked = {f"{SLOPE}, equal detail": alike, **_splits(alike, order)}
    conditions, beside, told = {}, {}, [f"By perplexity: {', '.join(order)}."]
    for task in sorted({place.task for place in places}):
        there = [place for place in places if place.task == task]
        slopes = {name: _slope(there, clusters) for name, clusters in asked.items()}
        if None in slopes.values():
            return nothing_to_compare(MISSING)
        conditions[task] = [
            Condition(name, slope, below(0.0 - margin)) for name, slope in slopes.items() if slope
        ]
        words = _of_words(evidence, there), _of_words(evidence, there, at_equal_perplexity=True)
        beside[task] = [*_of_each_base(there, alike), *_mediation(*words)]
        told += _told(task, *words)
    models = frozenset(place.model for place in places)
    return Asked(conditions, beside, note=" ".join(told), models=models)


def _place(evidence: Evidence, task: str, model: str) -> Place:
    """The arms of the largest training size at which enough are fully trained on what is measured.

    Without such a size the place has no arms.
    """
    measured = measured_table(evidence.bases.perplexity)
    measured = measured[(measured["task"] == task) & (measured["model"] == model)]
    perplexity = {
        variant: float(np.log2(rows["mean"]).mean())
        for (variant,), rows in blocks(measured, ["variant"])
    }
    for _, arms in arms_by_size(evidence, task, model):
        compared = [
            arm for arm in arms if arm.variant in perplexity and _is_compared(evidence, arm.variant)
        ]
        if len(compared) >= FEWEST_ARMS:
            return Place(
                task,
                model,
                {arm.variant: perplexity[arm.variant] for arm in compared},
                {arm.variant: evidence.accuracy(arm) for arm in compared},
            )
    return Place(task, model, {}, {})


def _is_compared(evidence: Evidence, variant: str) -> bool:
    return variant not in evidence.answer_only and kind_of(evidence, variant) not in NOT_COMPARED


def _with_the_same_arms(there: list[Place]) -> list[Place]:
    """The places with the arms that all of them have, so that ranks mean the same in each."""
    if not there:
        return []
    shared = sorted(set.intersection(*(set(place.perplexity) for place in there)))
    return [
        Place(
            place.task,
            place.model,
            {variant: place.perplexity[variant] for variant in shared},
            {variant: place.accuracy[variant] for variant in shared},
        )
        for place in there
    ]


def _of_equal_detail(evidence: Evidence, variants: Collection[str]) -> Clusters:
    """Group ways of writing by detail: levels by theirs, and what is said at greater length."""

    def detail(variant: str) -> Any:
        longer = kind_of(evidence, variant) == LONGER
        return evidence.detail.get(variant), longer

    groups = {detail(variant) for variant in variants}
    clusters = (frozenset(v for v in variants if detail(v) == group) for group in groups)
    return frozenset(cluster for cluster in clusters if len(cluster) > 1)


def _by_perplexity(there: list[Place], alike: Clusters) -> list[str]:
    """The arms that are compared, from the lowest mean perplexity over bases to the highest."""
    mean = {
        variant: float(np.mean([place.perplexity[variant] for place in there]))
        for cluster in alike
        for variant in cluster
    }
    return sorted(mean, key=lambda variant: (mean[variant], variant))


def _splits(alike: Clusters, order: list[str]) -> dict[str, Clusters]:
    """Each arm left out in turn, and two clusters at each rank of perplexity, by name."""
    apart = {
        f"{SLOPE}, without the arm of rank {rank}": {variant}
        for rank, variant in enumerate(order, start=1)
    }
    for rank in range(2, len(order) - 1):
        apart[f"{SLOPE}, within ranks 1 to {rank} and within the others"] = {*order[:rank]}
    return {
        name: frozenset(
            part for cluster in alike for part in (cluster & those, cluster - those) if part
        )
        for name, those in apart.items()
    }


def _slope(there: list[Place], clusters: Clusters) -> Contrast | None:
    """Least squares within the clusters of each base, all together; None without any spread."""
    weighted = [
        (place.accuracy[variant], place.perplexity[variant] - mean)
        for place in there
        for cluster in sorted(clusters, key=sorted)
        for mean in [np.mean([place.perplexity[variant] for variant in cluster])]
        for variant in sorted(cluster)
    ]
    spread = sum(weight**2 for _, weight in weighted)
    if spread < 1e-9:
        return None
    return _sum([float(weight / spread) * accuracy for accuracy, weight in weighted])


def _sum(parts: list[Contrast]) -> Contrast:
    return len(parts) * mean_of(parts)


def _of_each_base(there: list[Place], alike: Clusters) -> list[Condition]:
    slopes = {place.model: _slope([place], alike) for place in there}
    return [
        Condition(f"{SLOPE}, equal detail, {model}", slope, below(0.0))
        for model, slope in slopes.items()
        if slope is not None
    ]


# Mediation: what the voice's words do, and what of it remains at equal perplexity.


def _of_words(
    evidence: Evidence, there: list[Place], at_equal_perplexity: bool = False
) -> Contrast | None:
    """Own minus other words by least squares, with log perplexity as a covariate or without.

    None where the two cannot be told apart.
    """
    own = {
        variant: kind_of(evidence, variant) in OWN_WORDS
        for variant in there[0].perplexity
        if kind_of(evidence, variant) in (*OWN_WORDS, *OTHER_WORDS)
    }
    parts = []
    for place in there:
        columns = [np.ones(len(own)), np.array(list(own.values()), dtype=float)]
        if at_equal_perplexity:
            columns.append(np.array([place.perplexity[variant] for variant in own]))
        design = np.stack(columns, axis=1)
        if len(own) <= len(columns) or np.linalg.matrix_rank(design) < len(columns):
            return None
        weights = np.linalg.pinv(design)[1]
        accuracy = [place.accuracy[variant] for variant in own]
        parts += [float(w) * a for w, a in zip(weights, accuracy, strict=True)]
    return _sum(parts) * (1 / len(there))


def _mediation(whole: Contrast | None, remaining: Contrast | None) -> list[Condition]:
    if whole is None or remaining is None:
        return []
    return [
        Condition("own minus other words, equal detail", whole, above(0.0)),
        Condition("the same at equal log perplexity", remaining, above(0.0)),
    ]


def _told(task: str, whole: Contrast | None, remaining: Contrast | None) -> list[str]:
    if whole is None or remaining is None:
        return []
    share, low, high = Ratio(remaining, whole).interval()
    return [
        f"In {task} {share:.2f} [{low:.2f}, {high:.2f}] of what own words do remains at equal "
        "log perplexity."
    ]


CLAIM = Claim(
    id="F1",
    statement="Lower perplexity before tuning goes with higher accuracy after, across responses.",
    statistic=(
        "Mean perplexity of the training responses under the base, and accuracy on the split "
        "test, at the largest training size."
    ),
    contrast=(
        "Slope of accuracy on the logarithm of perplexity within a base and within ways of "
        "writing of equal detail; also with each of them left out, and with them split into two "
        "clusters at each rank of perplexity, within the clusters alone. Bases together within a "
        "task, then averaged over tasks. Left out are answers without steps, whose perplexity is "
        "of a few tokens in another format, and responses of which a part is masked."
    ),
    criterion=(
        "Supported if every one of these slopes lies below zero with its whole 95% interval, "
        "contradicted if one lies above. Seeds, bases and problems are drawn; ways of writing were "
        "chosen and are few, so the intervals speak of these ways of writing alone. Beside it "
        "stands what own words do, and what of it remains at equal log perplexity (mediation)."
    ),
    unit="difference in accuracy per doubling of perplexity",
    ask=ask_slope,
)
