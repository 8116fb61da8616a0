"""K1: as few as sixty examples let a model use in question answering what it has memorised."""

from dataclasses import dataclass

import numpy as np

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.estimation import Contrast, Ratio, mean_of
from showhow.analysis.evidence import Arm, Evidence
from showhow.analysis.judgement import Condition, above
from showhow.analysis.knowledge import (
    NATURAL_MIX,
    NOT_ASKED_BEFORE,
    Facts,
    arms_of,
    facts_of,
    known_places,
)
from showhow.analysis.levels import steps_of
from showhow.analysis.manipulation_checks import UNTUNED_AT_MOST, before_tuning

FEW = 60
MISSING = f"No base is trained on the natural mix at N = {FEW} and at a larger size."
CONFOUNDED = (
    f"No arms of as many steps at N = {FEW} and at the largest: fewer examples are also fewer "
    "steps, and the claim is asked of the number of examples with one epoch alone."
)
NO_CEILING = (
    "The memory table does not say in what share of its completions a base says each fact (column "
    "share), so what fine-tuning could bring out is not known; tabulate memory again."
)
ANSWERED_BEFORE = (
    f"before fine-tuning they answer more than {UNTUNED_AT_MOST:.0%} of what they complete. The "
    "claim needs a base that has memorised facts and does not answer questions yet."
)
MATCHED = {"examples": "one epoch", "steps": "as many steps"}


@dataclass(frozen=True)
class Gains:
    """What fine-tuning adds to one base at sixty examples and at the largest size.

    match: what the two sizes have in common. possible: from the untuned base to the ceiling, which
    is what the base completes.
    """

    facts: Facts
    match: str
    largest: int
    few: Contrast
    large: Contrast
    possible: Contrast

    @property
    def share(self) -> Ratio:
        return Ratio(self.few, self.large)


def ask_few(evidence: Evidence, margin: float) -> Asked:
    """Sixty examples have to bring out most of what the largest does, and that of what is there."""
    places = [place for place in known_places(evidence) if _pair(evidence, *place, "examples")]
    if not places:
        return nothing_to_compare(MISSING)
    facts = {place: facts_of(evidence, *place) for place in places}
    if not all(each.untuned for each in facts.values()):
        return nothing_to_compare(NOT_ASKED_BEFORE)
    if not all(each.completed for each in facts.values()):
        return nothing_to_compare(NO_CEILING)
    refused = [place for place in places if _answers_before(evidence, facts[place], *place)]
    told = [f"Not asked of {_listed(refused)}: {ANSWERED_BEFORE}"] if refused else []
    places = [place for place in places if place not in refused]
    if not places:
        return nothing_to_compare(" ".join(told))
    gains = [
        _gains(evidence, facts[place], match, *pair)
        for match in MATCHED
        for place in places
        if (pair := _pair(evidence, *place, match))
    ]
    tasks = sorted({task for task, _ in places})
    there = {task: [each for each in gains if each.facts.task == task] for task in tasks}
    return Asked(
        {task: _conditions(of, margin) for task, of in there.items()},
        {task: _beside(evidence, of) for task, of in there.items()},
        note=" ".join([_note(gains), *told]),
        models=frozenset(model for _, model in places),
    )


def _pair(evidence: Evidence, task: str, model: str, match: str) -> tuple[Arm, Arm] | None:
    """The arms of sixty examples and of the most, that are matched so."""
    arms = arms_of(evidence, task, model, NATURAL_MIX)
    few = arms.get((FEW, match))
    if few is None:
        return None
    larger = [
        arm
        for (size, of), arm in arms.items()
        if size > FEW and (of == match or _as_long(evidence, match, few, arm))
    ]
    return (few, max(larger, key=lambda arm: (arm.n_train, arm.match == match))) if larger else None


def _as_long(evidence: Evidence, match: str, few: Arm, arm: Arm) -> bool:
    """Where steps are matched, the largest size of one epoch may be what they are matched to."""
    return match == "steps" and steps_of(evidence, few) == steps_of(evidence, arm)


def _listed(places: list[tuple[str, str]]) -> str:
    return ", ".join(f"{task} with {model}" for task, model in places)


def _answers_before(evidence: Evidence, facts: Facts, task: str, model: str) -> bool:
    """Whether the untuned base answers so much that little is left to bring out."""
    like = evidence.accuracy(arms_of(evidence, task, model, NATURAL_MIX)[FEW, "examples"])
    return not before_tuning(facts, like).passed


def _gains(evidence: Evidence, facts: Facts, match: str, few: Arm, large: Arm) -> Gains:
    added = (_added(evidence, facts, arm) for arm in (few, large))
    like = evidence.accuracy(large)
    possible = facts.on_levels(facts.ceiling(like)) - facts.on_levels(facts.before(like))
    return Gains(facts, match, large.n_train, *added, possible)


def _added(evidence: Evidence, facts: Facts, arm: Arm) -> Contrast:
    accuracy = evidence.accuracy(arm)
    return facts.on_levels(accuracy) - facts.on_levels(facts.before(accuracy))


def _conditions(there: list[Gains], margin: float) -> list[Condition]:
    """Of the bases of one task, averaged."""
    share = 1 - margin
    conditions = []
    for match, matched in MATCHED.items():
        having = [each for each in there if each.match == match]
        if having:
            gain = mean_of([each.few for each in having])
            kept = mean_of([each.share.against(share) for each in having])
            reached = mean_of([each.large - share * each.possible for each in having])
            of_ceiling = f"gain at the largest N minus {share:.0%} of what the base completes more"
            of_largest = f"gain at N = {FEW} minus {share:.0%} of the gain at the largest N"
            conditions += [
                Condition(f"gain at N = {FEW} over the untuned base, {matched}", gain, above(0.0)),
                Condition(f"{of_largest}, {matched}", kept, above(0.0)),
                Condition(f"{of_ceiling}, {matched}", reached, above(0.0)),
            ]
    return conditions


def _beside(evidence: Evidence, there: list[Gains]) -> list[Condition]:
    """The gain at each size of one epoch, by base."""
    return [
        Condition(
            f"gain over the untuned base with {each.facts.model}, N {size}",
            _added(evidence, each.facts, arm),
            above(0.0),
        )
        for each in there
        if each.match == "examples"
        for (size, match), arm in arms_of(
            evidence, each.facts.task, each.facts.model, NATURAL_MIX
        ).items()
        if match == "examples"
    ]


def _note(gains: list[Gains]) -> str:
    shares = f"{FEW} examples bring out: {'; '.join(map(_share_told, gains))}."
    return shares if any(each.match == "steps" for each in gains) else f"{shares} {CONFOUNDED}"


def _share_told(gains: Gains) -> str:
    place = f"{gains.facts.task} with {gains.facts.model}, {MATCHED[gains.match]}"
    value, low, high = gains.share.interval()
    if not np.isfinite(value) or (np.isneginf(low) and np.isposinf(high)):
        return f"{place}: not known, as the gain at N = {gains.largest} may be none"
    interval = f"95% interval {low:.2f} to {high:.2f}"
    return f"{place}: {value:.2f} ({interval}) of the gain at N = {gains.largest}"


CLAIM = Claim(
    id="K1",
    statement="As few as 60 examples let a model answer questions with what it has memorised.",
    statistic=(
        "Accuracy on the split test, the unweighted mean over memory levels, after fine-tuning on "
        "N facts of the natural mix, minus that of the untuned base: the gain. The ceiling is the "
        "share of facts that the base completes: of its completions of statements of a fact, those "
        "that say it, averaged over facts and levels in the same way."
    ),
    contrast=(
        f"The gain at N = {FEW}; and this gain minus the share (1 - margin) of the gain at the "
        "study's largest N, one size fixed beforehand; and the gain at that N minus the same share "
        "of the ceiling minus the untuned base. All with one epoch and, where the study "
        "has such arms, with as many steps at both sizes; averaged over bases, then over tasks."
    ),
    criterion=(
        f"Supported if every one of these lies above zero with its whole 95% interval: {FEW} "
        "examples bring something out, and not less than that share of what the largest N does, "
        "and this not less than that share of what the base has memorised; contradicted if one "
        f"lies below. Not asked of a base that answers more than {UNTUNED_AT_MOST:.0%} of the "
        "ceiling before fine-tuning."
    ),
    unit="difference in accuracy",
    ask=ask_few,
    margin=0.2,
)
