"""C4: explanations cut the amount of training data needed."""

from dataclasses import dataclass, replace

import numpy as np

from showhow.analysis.claims.claim import (
    Claim,
    Finding,
    finding_of,
    overall,
    verdict_by_interval,
)
from showhow.analysis.contrasts import TaskRow, summary_rows
from showhow.analysis.evidence import Arm, Evidence
from showhow.analysis.statistics import (
    Estimate,
    Sampled,
    area_over_log_n,
    mean_of,
    n_to_target,
)

RATIO = "training size needed with explanations over without"
AREA = "area under accuracy over log N, mean of explained levels minus none"


@dataclass(frozen=True)
class Curves:
    """Accuracy at K training sizes of one task and model, paired.

    none, explained: as observed (K,), then the draws (R, K), the mean of the levels for the latter.
    """

    sizes: np.ndarray
    none: tuple[np.ndarray, np.ndarray]
    explained: tuple[np.ndarray, np.ndarray]
    levels: tuple[str, ...]
    runs: int

    def log_ratio(self) -> Sampled:
        """Log of the size needed with explanations over the size needed without.

        Both are asked for the accuracy that both reach: the lower of the two at the largest size.
        Swapping the arms turns the sign and nothing else, so chance favours neither.
        """
        observed, draws = (
            np.log(self._needed(explained, none) / self._needed(none, explained))
            for none, explained in zip(self.none, self.explained, strict=True)
        )
        return Sampled(float(observed), draws, self.runs)

    def _needed(self, curve: np.ndarray, other: np.ndarray) -> np.ndarray:
        return n_to_target(self.sizes, curve, np.minimum(curve[..., -1], other[..., -1]))

    def area(self) -> Sampled:
        """Area between the curves, explained minus none."""
        observed, draws = (
            area_over_log_n(self.sizes, explained - none)
            for none, explained in zip(self.none, self.explained, strict=True)
        )
        return Sampled(float(observed), draws, self.runs)


def decide_data_needed(evidence: Evidence) -> tuple[Finding, list[TaskRow]]:
    """The ratio of training sizes decides; the area between the curves stands beside it."""
    cells = {
        cell: curves
        for cell in evidence.tasks_and_models("test")
        if (curves := _curves(evidence, *cell)) is not None
    }
    notes = {
        cell: f"{', '.join(curves.levels)}; N {curves.sizes[0]} to {curves.sizes[-1]}"
        for cell, curves in cells.items()
    }
    ratios = {cell: curves.log_ratio() for cell, curves in cells.items()}
    areas = {cell: curves.area() for cell, curves in cells.items()}
    rows = [_as_ratio(row) for row in summary_rows("C4", RATIO, ratios, notes)]
    rows += summary_rows("C4", AREA, areas, notes)
    missing = "No task and model has two training sizes that both arms share."
    return finding_of(overall(rows, RATIO), _verdict, missing), rows


def _curves(evidence: Evidence, task: str, model: str) -> Curves | None:
    """The curves over all sizes that none and some levels share; None with fewer than two.

    A level that lacks a size which others share with none counts when it has two sizes in common
    with none; the sizes are then those that all such levels have.
    """
    for none in sorted(evidence.answer_only):
        none_sizes = set(evidence.sizes(task, none, model, "test"))
        shared = {
            level: none_sizes.intersection(evidence.sizes(task, level, model, "test"))
            for level in evidence.levels
        }
        shared = {level: sizes for level, sizes in shared.items() if len(sizes) > 1}
        sizes = sorted(set.intersection(*shared.values())) if shared else []
        if len(sizes) < 2:
            continue
        variants = (none, *shared)
        arms = [Arm(task, variant, model, size, "test") for variant in variants for size in sizes]
        sampled = evidence.accuracies(arms)
        if sampled is None:
            continue
        points = dict(zip(arms, sampled, strict=True))
        by_size = [
            mean_of([points[Arm(task, level, model, size, "test")] for level in shared])
            for size in sizes
        ]
        runs = sum(point.runs for point in sampled)
        curves = _stacked(sampled[: len(sizes)]), _stacked(by_size)
        return Curves(np.array(sizes), *curves, tuple(shared), runs)
    return None


def _stacked(points: list[Sampled]) -> tuple[np.ndarray, np.ndarray]:
    observed = np.array([point.observed for point in points])
    return observed, np.stack([point.draws for point in points], axis=-1)


def _as_ratio(row: TaskRow) -> TaskRow:
    estimate, low, high = (float(np.exp(end)) for end in (row.estimate, row.ci_low, row.ci_high))
    return replace(row, estimate=estimate, ci_low=low, ci_high=high)


def _verdict(estimate: Estimate) -> str:
    return verdict_by_interval(estimate, null=1.0, claimed_above=False)


CLAIM = Claim(
    id="C4",
    statement="Explanations cut the amount of training data needed.",
    statistic=(
        "Training size needed by the mean of the explained levels over the size needed by none, "
        "for the accuracy that both reach: the lower of the two at the largest size in common. "
        "Linear between sizes in log N; the smallest size when that already reaches it, so the "
        "ratio is censored at the grid's ends."
    ),
    contrast=(
        "Geometric mean over models within a task, then over tasks; only tasks and models with "
        "two training sizes in both arms."
    ),
    criterion=(
        "Supported if the 95% interval lies below 1; contradicted if above: then the explained "
        "levels do not reach none's accuracy in 97.5% of the resamples."
    ),
    unit="ratio of training sizes",
    test=decide_data_needed,
)
