"""K1: as few as sixty examples let a model use in question answering what it has memorised."""

from dataclasses import dataclass, replace

import numpy as np

from showhow.analysis.claims.claim import Claim, Finding, finding_of, overall, verdict_by_interval
from showhow.analysis.contrasts import TaskRow, summary_rows
from showhow.analysis.evidence import Evidence
from showhow.analysis.knowledge import NATURAL_MIX, Trained, known_places, sizes_of, trained_on
from showhow.analysis.statistics import Estimate, Sampled, n_to_target

FEW = 60
SHARE = 0.95
OF_FEW = f"accuracy at N = {FEW} over the best N's"
OF_FEWEST = "accuracy at the smallest N over the best N's"
PLATEAU = f"smallest N with {SHARE:.0%} of the best N's accuracy"


@dataclass(frozen=True)
class Curve:
    """Mean accuracy over test levels at K sizes: observed (K,), then the draws (R, K)."""

    sizes: list[int]
    observed: np.ndarray
    draws: np.ndarray
    runs: int

    def relative(self, size: int) -> Sampled:
        """Log of the accuracy at one size over the share of each draw's best: zero is enough."""
        at = self.sizes.index(size)
        observed, draws = (
            np.log(curve[..., at] / (SHARE * curve.max(axis=-1)))
            for curve in (self.observed, self.draws)
        )
        return Sampled(float(observed), draws, self.runs)

    def plateau(self) -> Sampled:
        """Log of the size at which the curve first reaches the share of its best."""
        observed, draws = (
            np.log(n_to_target(np.array(self.sizes), curve, SHARE * curve.max(axis=-1)))
            for curve in (self.observed, self.draws)
        )
        return Sampled(float(observed), draws, self.runs)


def decide_few(evidence: Evidence) -> tuple[Finding, list[TaskRow]]:
    """The ratio at sixty decides; the smallest size and the plateau stand beside it."""
    curves = {
        place: curve
        for place in known_places(evidence)
        if (curve := _curve(evidence, *place)) is not None
    }
    notes = {place: f"N {', '.join(map(str, curve.sizes))}" for place, curve in curves.items()}
    rows = []
    for contrast, statistic, unit in (
        (OF_FEW, lambda curve: curve.relative(FEW), SHARE),
        (OF_FEWEST, lambda curve: curve.relative(curve.sizes[0]), SHARE),
        (PLATEAU, Curve.plateau, 1.0),
    ):
        found = {place: statistic(curve) for place, curve in curves.items()}
        rows += [_exponential(row, unit) for row in summary_rows("K1", contrast, found, notes)]
    missing = f"No base is trained on the natural mix at N = {FEW} and at another size."
    finding = finding_of(overall(rows, OF_FEW), _verdict, missing)
    plateau = overall(rows, PLATEAU)
    if plateau is None:
        return finding, rows
    interval = f"95% interval {plateau.ci_low:.0f} to {plateau.ci_high:.0f}"
    note = f"The plateau begins at N = {plateau.estimate:.0f} ({interval})."
    return replace(finding, note=note), rows


def _curve(evidence: Evidence, task: str, model: str) -> Curve | None:
    sizes = sizes_of(evidence, task, model, NATURAL_MIX)
    if FEW not in sizes or len(sizes) < 2:
        return None
    trained = trained_on(evidence, task, model, [(NATURAL_MIX, size) for size in sizes])
    return _stacked(sizes, trained) if trained else None


def _stacked(sizes: list[int], trained: list[Trained]) -> Curve:
    means = [each.mean() for each in trained]
    # A draw without a right answer would have no logarithm.
    draws = np.stack([mean.draws for mean in means], axis=-1).clip(min=1e-6)
    observed = np.array([mean.observed for mean in means]).clip(min=1e-6)
    return Curve(sizes, observed, draws, sum(mean.runs for mean in means))


def _exponential(row: TaskRow, unit: float) -> TaskRow:
    ends = (row.estimate, row.ci_low, row.ci_high)
    estimate, low, high = (unit * float(np.exp(end)) for end in ends)
    return replace(row, estimate=estimate, ci_low=low, ci_high=high)


def _verdict(estimate: Estimate) -> str:
    return verdict_by_interval(estimate, null=SHARE)


CLAIM = Claim(
    id="K1",
    statement="As few as 60 examples let a model answer questions with what it has memorised.",
    statistic=(
        "Accuracy on the split test, the unweighted mean over memory levels, after one epoch on "
        "N facts of the natural mix."
    ),
    contrast=(
        f"Accuracy at N = {FEW} over that at the best of the study's N, in every resample the best "
        "one there; geometric mean over bases, then over tasks."
    ),
    criterion=(
        f"Supported if the 95% interval (bootstrap over draws, then problems) lies above {SHARE}, "
        "contradicted if below. The best of several sizes is a little too good by chance, which "
        "counts against the claim."
    ),
    unit="ratio of accuracies",
    test=decide_few,
    every_arm=True,
)
