"""Two variants that a study names, compared: the first minus the second, arm by arm.

No claim is decided here: there is no margin and no verdict, only how much they differ, how far that
may be from the truth, and p of "they do not differ".
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace

import pandas as pd

from showhow.analysis.estimation import holm
from showhow.analysis.evidence import ARM, PER_SEED, Arm, Evidence, gather_evidence


@dataclass(frozen=True)
class Comparison:
    """One contrast of two variants. Columns of <study>-comparisons.csv in results/claims.

    accuracy_first, accuracy_second: of the seeds (or bases) that both have. estimate: their
    difference; ci_low, ci_high: its 95% interval, empty where one seed gives none, as p is. p_holm:
    p adjusted for all contrasts of the study. units: how many seeds, or bases where seeds share
    them; n: runs of both variants.
    """

    first: str
    second: str
    task: str
    model: str
    n_train: int
    match: str
    split: str
    accuracy_first: float
    accuracy_second: float
    estimate: float
    ci_low: float
    ci_high: float
    p: float
    p_holm: float
    unit: str
    units: int
    problems: int
    n: int


COLUMNS = [field.name for field in fields(Comparison)]
NONE = float("nan")


def answers_of(items: pd.DataFrame, instances: Mapping[str, int] | None = None) -> Evidence:
    """Arrange the answers of a study by arm, those of models with random weights among them.

    items: as in results/tables. instances: how many bases a model has, where it is not one.
    """
    items = items.assign(random_weights=False)  # no claim is decided, so they count as well
    return gather_evidence(
        items.drop_duplicates([*ARM, "seed"]),
        items,
        dict.fromkeys(items["variant"].unique()),
        instances=instances,
    )


def compared(evidence: Evidence, pairs: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """Compare each pair of variants wherever both were trained on the same task, model and N."""
    found = [row for first, second in pairs for row in _of_pair(evidence, first, second)]
    return pd.DataFrame([asdict(row) for row in _adjusted(found)], columns=COLUMNS)


def _of_pair(evidence: Evidence, first: str, second: str) -> Iterator[Comparison]:
    """Give the contrasts of a pair, the test split's first."""
    arms = [arm for arm in evidence.correct if arm.variant == first]
    for arm in sorted(arms, key=lambda arm: (arm.split != "test", arm.split, arm)):
        other = replace(arm, variant=second)
        if other in evidence.correct:
            yield from _of_arm(evidence, arm, other)


def _of_arm(evidence: Evidence, arm: Arm, other: Arm) -> Iterator[Comparison]:
    one, two = evidence.accuracy(arm), evidence.accuracy(other)
    contrast = one - two
    if not contrast.units:
        return
    low, high = contrast.estimate.interval()
    known = math.isfinite(low)
    shared = [accuracy.by_unit[_places(accuracy.units, contrast.units)] for accuracy in (one, two)]
    of_bases = evidence.instances.get(arm.model, 1) not in (PER_SEED, 1)
    (answers,) = contrast.parts.values()
    yield Comparison(
        arm.variant,
        other.variant,
        arm.task,
        arm.model,
        arm.n_train,
        arm.match,
        arm.split,
        *(float(accuracy.mean()) for accuracy in shared),
        contrast.value,
        low if known else NONE,
        high if known else NONE,
        contrast.estimate.p_of(0.0) if known else NONE,
        NONE,
        "base" if of_bases else "seed",
        len(contrast.units),
        answers.shape[1],
        contrast.runs,
    )


def _places(units: tuple[str, ...], wanted: tuple[str, ...]) -> list[int]:
    return [units.index(unit) for unit in wanted]


def _adjusted(rows: list[Comparison]) -> list[Comparison]:
    """Adjust p for the number of contrasts (Holm 1979); one without p is no test."""
    tested = [row for row in rows if not math.isnan(row.p)]
    adjusted = dict(zip(map(id, tested), holm([row.p for row in tested]), strict=True))
    return [replace(row, p_holm=adjusted.get(id(row), NONE)) for row in rows]
