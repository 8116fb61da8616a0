"""Which effect each claim of a study can find with its grid, and what would find a smaller one.

Studies of the grid are simulated in which nothing differs; then the statistic of every condition
is moved the same way beyond what the claim demands, and the claim is decided. The smallest such
distance at which it is supported in four of five studies is what the grid can find.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from showhow.analysis.claims import load_claim
from showhow.analysis.claims.claim import Claim
from showhow.analysis.claims.deciding import paired
from showhow.analysis.estimation import Contrast
from showhow.analysis.evidence import AboutBases, Arm, detail_of_variants
from showhow.analysis.judgement import SUPPORTED, Condition, Conditions
from showhow.calibration.simulation import Design, Truth, simulate
from showhow.models.sizes import parameters_of
from showhow.study import grid
from showhow.study.configuration import Configuration
from showhow.study.paths import Run

WANTED = 0.8
ACCURACY = 0.5
"""Where an accuracy varies most."""
SHORTCUT = 0.3
LARGEST = 0.5
PRECISION = 0.01
PER_LEVEL = 6
"""How many times the answer's tokens each level of detail adds, about."""


@dataclass(frozen=True)
class Planned:
    """A study that could be run: how many seeds each arm has, problems each split, and bases."""

    name: str
    seeds: float = 1
    problems: float = 1
    bases_per_seed: bool = False


PLANS = (
    Planned("as it is"),
    Planned("twice the seeds", seeds=2),
    Planned("twice the problems", problems=2),
    Planned("half the seeds", seeds=0.5),
    Planned("half the problems", problems=0.5),
    Planned("a base for each seed", bases_per_seed=True),
)


@dataclass(frozen=True)
class Detectable:
    """What a claim can find with a plan: the smallest distance beyond its criterion.

    distance: in the claim's unit; infinite where none up to LARGEST is found. missing: what the
    claim would need to be asked at all.
    """

    claim: str
    plan: str
    distance: float
    runs: int
    missing: str = ""


def power_of(
    configuration: Configuration, study: str, draws: int = 60, plans: tuple[Planned, ...] = PLANS
) -> list[Detectable]:
    """Say for each claim of a study, and each plan, which effect it can find."""
    runs = grid.runs_of(configuration, study)
    margins = configuration.analysis.margins
    claims = configuration.studies[study].claims
    return [
        _detectable(
            load_claim(claim), margins.get(claim), configuration, runs, plan, draws, len(claims)
        )
        for claim in claims
        for plan in plans
    ]


def _detectable(
    claim: Claim,
    margin: float | None,
    configuration: Configuration,
    runs: list[Run],
    plan: Planned,
    draws: int,
    of_claims: int,
) -> Detectable:
    margin = claim.margin if margin is None else margin
    truth, design = simulated_as(configuration, runs, plan)
    about = AboutBases(
        kinds=_kinds(configuration),
        voices={m: v for m in bases_of(configuration, runs) if (v := configuration.voice_of(m))},
    )
    rng = np.random.default_rng(0)
    asked = [paired(claim.ask(simulate(truth, design, rng, about), margin)) for _ in range(draws)]
    count = sum({replace(arm, split=""): len(of) for arm, of in truth.seeds.items()}.values())
    missing = next((each.missing for each in asked if not each.by_task), "")
    if missing:
        return Detectable(claim.id, plan.name, float("inf"), count, missing)
    found = smallest_found(claim, [each.by_task for each in asked], of_claims)
    return Detectable(claim.id, plan.name, found, count)


def smallest_found(claim: Claim, studies: list[Conditions], of_claims: int = 1) -> float:
    """The smallest distance at which the claim is supported in four of five studies.

    of_claims: how many claims the study has, for which p is corrected (as if this were the one with
    the smallest p: the study's own correction, Holm's, asks no more).
    """
    centred = _centred(studies)

    def found(distance: float) -> float:
        verdicts = []
        for by_task in centred:
            verdict = claim.decide(_moved(by_task, distance))
            its_p = verdict.together.p_for, verdict.together.p_against, verdict.p_mixed
            verdicts.append(verdict.of(*(min(1.0, of_claims * p) for p in its_p)))
        return verdicts.count(SUPPORTED) / len(verdicts)

    if found(LARGEST) < WANTED:
        return float("inf")
    low, high = 0.0, LARGEST
    while high - low > PRECISION:
        middle = (low + high) / 2
        low, high = (low, middle) if found(middle) >= WANTED else (middle, high)
    return high


def _centred(studies: list[Conditions]) -> list[Conditions]:
    """Move each condition's statistic so that its mean over the studies is zero."""
    means = {
        (task, place): np.mean([study[task][place].contrast.value for study in studies])
        for task, conditions in studies[0].items()
        for place in range(len(conditions))
    }
    return [
        {
            task: [
                replace(each, contrast=shifted(each.contrast, -float(means[task, place])))
                for place, each in enumerate(conditions)
            ]
            for task, conditions in study.items()
        }
        for study in studies
    ]


def _moved(by_task: Conditions, distance: float) -> dict[str, list[Condition]]:
    """Move each statistic beyond its bound by a distance; one between two bounds stays at zero."""
    return {
        task: [
            replace(each, contrast=shifted(each.contrast, _target(each, distance)))
            for each in conditions
        ]
        for task, conditions in by_task.items()
    }


def _target(condition: Condition, distance: float) -> float:
    low, high = condition.demand.low, condition.demand.high
    if low is not None and high is not None:
        return 0.0
    return low + distance if low is not None else (high or 0.0) - distance


def shifted(contrast: Contrast, distance: float) -> Contrast:
    """The same statistic with another truth."""
    first = next(iter(contrast.parts))
    parts = {**contrast.parts, first: contrast.parts[first] + distance}
    return replace(contrast, parts=parts)


def simulated_as(
    configuration: Configuration, runs: list[Run], plan: Planned
) -> tuple[Truth, Design]:
    """Give the truth in which nothing differs, over the arms of a grid, and its design."""
    seeds = _seeds_of_arms(configuration, runs, plan.seeds)
    tasks = {run.task for run in runs}
    problems = {
        (task, split): max(2, round(size * plan.problems))
        for task in tasks
        for split, size in grid.test_sizes(configuration, task).items()
    }
    models = {run.model for run in runs}
    truth = Truth(
        accuracy=dict.fromkeys(seeds, ACCURACY),
        steps={arm: _steps(configuration, arm) for arm in seeds},
        target_tokens={arm: _target_tokens(configuration, arm) for arm in seeds},
        shortcut=SHORTCUT,
        problems=problems,
        seeds=seeds,
        parameters={name: parameters_of(configuration.models[name]) or 100_000 for name in models},
    )
    last = max(max(of_arm) for of_arm in seeds.values())
    bases = {
        name: last if plan.bases_per_seed or not made else made
        for name, made in bases_of(configuration, runs).items()
    }
    truth = replace(truth, bases=bases, detail=_detail(configuration, runs))
    return truth, Design(last, 1)


def bases_of(configuration: Configuration, runs: list[Run]) -> dict[str, int]:
    """How many bases each model has; 0 where every seed has its own."""
    return {name: configuration.instances_of(name) for name in sorted({run.model for run in runs})}


def _detail(configuration: Configuration, runs: list[Run]) -> dict[str, int | None]:
    return detail_of_variants(sorted({run.variant for run in runs}), _kinds(configuration))


def _seeds_of_arms(
    configuration: Configuration, runs: list[Run], factor: float
) -> Mapping[Arm, tuple[int, ...]]:
    of_arm: dict[Arm, set[int]] = {}
    for run in runs:
        for split in grid.evaluation_splits(configuration, run.task):
            arm = Arm(run.task, run.variant, run.model, run.n_train, split, run.match)
            of_arm.setdefault(arm, set()).add(run.seed)
    return {
        arm: tuple(range(1, max(2, round(len(seeds) * factor)) + 1))
        for arm, seeds in of_arm.items()
        if not arm.model.endswith("-random")
    }


def _steps(configuration: Configuration, arm: Arm) -> int:
    """Optimiser steps before any token is counted: a response is taken for so long as its level."""
    recipe = configuration.training_of(arm.model)
    if arm.match == "steps":
        return recipe.steps
    batch = min(recipe.batch_size, arm.n_train)
    steps = max(recipe.epochs * arm.n_train // batch, recipe.min_steps)
    if arm.match == "target_tokens":
        of_reference = _length(configuration, recipe.reference_variant)
        return round(steps * of_reference / _length(configuration, arm.variant))
    return steps


def _target_tokens(configuration: Configuration, arm: Arm) -> int:
    recipe = configuration.training_of(arm.model)
    batch = min(recipe.batch_size, arm.n_train)
    return _steps(configuration, arm) * batch * _length(configuration, arm.variant)


def _length(configuration: Configuration, variant: str) -> int:
    """About so many times as long as the answer alone."""
    detail = detail_of_variants([variant], _kinds(configuration))[variant]
    return 1 + PER_LEVEL * (detail or 0)


def _kinds(configuration: Configuration) -> dict[str, str]:
    return {name: described.kind for name, described in configuration.variants.items()}
