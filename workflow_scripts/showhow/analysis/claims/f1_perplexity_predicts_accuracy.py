"""F1: among responses in one voice, lower perplexity goes with higher accuracy."""

from collections.abc import Callable, Collection
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
OWN, OTHER = "own", "other"
WORDS_AND_ORDER = {
    **dict.fromkeys(("familiar", "self_generated", "minimum_change"), (OWN, OWN)),
    **dict.fromkeys(("rewritten", "own_words_other_order"), (OWN, OTHER)),
    "other_words_own_order": (OTHER, OWN),
    **dict.fromkeys(("unfamiliar", LONGER), (OTHER, OTHER)),
}
"""Whose words a kind of response has and in whose order, the base's own or another's."""
SLOPE = "accuracy per doubling of perplexity"
ALIKE, WITHIN = f"{SLOPE}, equal detail", f"{SLOPE}, equal words, order and detail"
NOT_MEASURED = "The study does not measure perplexity."
MISSING = (
    "On no task do all bases have two ways of writing of equal words, order and detail whose "
    "perplexity differs. The claim needs several ways of writing in one voice: the base's own, "
    "such as self_generated, familiar and minimum_change, or another's."
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
    """The slope within arms of equal words, order and detail.

    Words and order by themselves move both perplexity and accuracy, so that a slope over voices
    may be theirs alone.
    """
    if evidence.bases.perplexity is None:
        return nothing_to_compare(NOT_MEASURED)
    found = [_place(evidence, *place) for place in evidence.tasks_and_models(SPLIT)]
    places = _with_the_same_arms([place for place in found if place.perplexity])
    variants = list(places[0].perplexity) if places else []
    cells, alike = _cells(evidence, variants), _of_equal_detail(evidence, variants)
    conditions, beside, told = {}, {}, [_cells_told(cells)]
    for task in sorted({place.task for place in places}):
        there = [place for place in places if place.task == task]
        slope = _slope(there, cells)
        if slope is None:
            continue
        conditions[task] = [Condition(WITHIN, slope, below(0.0 - margin))]
        words = _of_words(evidence, there), _of_words(evidence, there, at_equal_perplexity=True)
        beside[task] = [
            *_slopes_beside(there, {WITHIN: cells, ALIKE: alike}),
            *_mediation(*words),
        ]
        told += _told(task, *words)
    if not conditions:
        return nothing_to_compare(MISSING)
    models = frozenset(place.model for place in places if place.task in conditions)
    return Asked(conditions, beside, note=" ".join(told), models=models)


def _place(evidence: Evidence, task: str, model: str) -> Place:
    """The arms of the largest training size at which a cell has two whose perplexity differs.

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
        place = Place(
            task,
            model,
            {arm.variant: perplexity[arm.variant] for arm in compared},
            {arm.variant: evidence.accuracy(arm) for arm in compared},
        )
        if _slope([place], _cells(evidence, place.perplexity)) is not None:
            return place
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
    return _grouped(variants, lambda variant: _detail(evidence, variant))


def _cells(evidence: Evidence, variants: Collection[str]) -> Clusters:
    """Group ways of writing by words, order and detail, each as far as it is known."""

    def cell(variant: str) -> Any:
        return WORDS_AND_ORDER.get(kind_of(evidence, variant)), _detail(evidence, variant)

    return _grouped(variants, cell)


def _detail(evidence: Evidence, variant: str) -> Any:
    return evidence.detail.get(variant), kind_of(evidence, variant) == LONGER


def _grouped(variants: Collection[str], by: Callable[[str], Any]) -> Clusters:
    """Those that have something in common with another; one by itself says nothing of a slope."""
    groups = {by(variant) for variant in variants}
    clusters = (frozenset(v for v in variants if by(v) == group) for group in groups)
    return frozenset(cluster for cluster in clusters if len(cluster) > 1)


def _cells_told(cells: Clusters) -> str:
    told = "; ".join(sorted(", ".join(sorted(cell)) for cell in cells))
    return f"Compared within: {told}."


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


def _slopes_beside(there: list[Place], asked: dict[str, Clusters]) -> list[Condition]:
    """Each base's slopes, and over all arms of equal detail that of all bases together."""
    together = {ALIKE: _slope(there, asked[ALIKE])}
    of_each = {
        f"{name}, {place.model}": _slope([place], clusters)
        for name, clusters in asked.items()
        for place in there
    }
    return [
        Condition(name, slope, below(0.0))
        for name, slope in (together | of_each).items()
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
        variant: WORDS_AND_ORDER[kind][0] == OWN
        for variant in there[0].perplexity
        if (kind := kind_of(evidence, variant)) in WORDS_AND_ORDER and kind != LONGER
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
        "writing of equal words (the base's own or another's), order and detail, with a mean of "
        "their own for each such group. Bases together within a task, then averaged over tasks. "
        "Left out are answers without steps, whose perplexity is of a few tokens in another "
        "format, and responses of which a part is masked."
    ),
    criterion=(
        "Supported if this slope lies below zero with its whole 95% interval, contradicted if it "
        "lies above. Seeds, bases and problems are drawn; ways of writing were chosen and are few, "
        "so the interval speaks of these ways of writing alone. Beside it stand the slope over all "
        "ways of writing of equal detail, which words and order alone can make, what own words do, "
        "and what of it remains at equal log perplexity (mediation)."
    ),
    unit="difference in accuracy per doubling of perplexity",
    ask=ask_slope,
)
