"""Intervals, the hierarchical bootstrap, and what is read off a curve of accuracy over N.

Throughout, S seeds, P problems, R resamples, K training sizes.
"""

import zlib
from dataclasses import dataclass

import numpy as np
from statsmodels.stats.proportion import proportion_confint


@dataclass(frozen=True)
class Estimate:
    """A value with its interval and the two-sided p of its null hypothesis."""

    value: float
    low: float
    high: float
    p: float


@dataclass(frozen=True)
class Sampled:
    """A statistic as observed, its bootstrap draws (R,), and how many runs it rests on."""

    observed: float
    draws: np.ndarray
    runs: int

    def __sub__(self, other: "Sampled") -> "Sampled":
        return Sampled(
            self.observed - other.observed, self.draws - other.draws, max(self.runs, other.runs)
        )

    def summary(self, null: float = 0.0, tests: int = 1) -> Estimate:
        """Percentile interval at 1 - 0.05 / `tests`, and p against `null` times `tests`."""
        low, high = percentile_interval(self.draws, tests)
        return Estimate(self.observed, low, high, bootstrap_p(self.draws, null, tests))


def mean_of(parts: list[Sampled]) -> Sampled:
    """Average statistics draw by draw, each with the same weight."""
    return Sampled(
        float(np.mean([part.observed for part in parts])),
        np.mean([part.draws for part in parts], axis=0),
        sum(part.runs for part in parts),
    )


def wilson_interval(correct, total) -> tuple[np.ndarray, np.ndarray]:
    """Give the 95% Wilson interval of `correct` out of `total`, elementwise."""
    low, high = proportion_confint(correct, total, alpha=0.05, method="wilson")
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)


def keyed_generator(random_seed: int, *key: str) -> np.random.Generator:
    """Make a generator that depends on the seed and the key alone.

    What is drawn for one task or model then does not change when another is added to the study.
    """
    return np.random.default_rng([random_seed, zlib.crc32("\0".join(key).encode())])


def resample_counts(generator: np.random.Generator, resamples: int, size: int) -> np.ndarray:
    """Draw with replacement, R times `size` out of `size`: how often each came up, (R, size)."""
    drawn = generator.integers(0, size, (resamples, size))
    offset = np.arange(resamples)[:, None] * size
    counts = np.bincount((drawn + offset).ravel(), minlength=resamples * size)
    return counts.reshape(resamples, size)


def resampled_accuracy(
    correct: np.ndarray, seed_counts: np.ndarray, problem_counts: np.ndarray
) -> np.ndarray:
    """Accuracy of each hierarchical resample: seeds are drawn, then problems.

    correct: (S, P), one where the run with that seed solved that problem.
    seed_counts (R, S) and problem_counts (R, P): from `resample_counts`.
    Returns (R,). Arms that are given the same counts are compared pairwise, seed by seed and
    problem by problem.

    What this gives: an interval for other problems of the same kind and, coarsely, for other
    seeds. Problems are crossed with seeds, so one draw of problems serves all seeds; the chance in
    a single answer is then drawn twice, which makes the interval wide rather than narrow (Owen
    2007, the pigeonhole bootstrap).

    What it cannot give: with S seeds the spread between seeds is understated by the factor
    (S - 1) / S, and no test over seeds alone reaches far (five paired seeds cannot give p < 0.0625
    in a sign test, six can); with one seed the interval speaks about problems only.

    The sums are of whole numbers, exact in double precision: equal input gives equal bytes.
    """
    solved = problem_counts.astype(float) @ correct.T.astype(float)
    return (solved * seed_counts).sum(axis=1) / correct.size


def percentile_interval(draws: np.ndarray, tests: int = 1) -> tuple[float, float]:
    """Central interval of the draws at 1 - 0.05 / `tests` (Bonferroni); draws may be infinite."""
    tail = 0.025 / tests
    low, high = np.quantile(draws, [tail, 1 - tail], method="inverted_cdf")
    return float(low), float(high)


def one_sided_p(draws: np.ndarray, null: float, tests: int = 1) -> float:
    """p of 'the statistic is at most `null`', from the draws; never zero."""
    beyond = np.count_nonzero(draws <= null)
    return min(1.0, tests * (1 + beyond) / (1 + len(draws)))


def bootstrap_p(draws: np.ndarray, null: float = 0.0, tests: int = 1) -> float:
    """Two-sided p of 'the statistic is `null`', from the draws; at least 2 / (R + 1)."""
    smaller = min(one_sided_p(draws, null), one_sided_p(-draws, -null))
    return min(1.0, 2 * smaller * tests)


def holm(p_values: list[float]) -> list[float]:
    """Adjust p for their number by Holm's method, in the order given."""
    # statsmodels' multipletests runs the garbage collector at every call, 0.1 s in a stage that
    # adjusts some twenty lists.
    order = np.argsort(p_values, kind="stable")
    remaining = np.arange(len(p_values), 0, -1)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.maximum.accumulate(np.array(p_values)[order] * remaining)
    return np.minimum(adjusted, 1.0).tolist()


def area_over_log_n(sizes: np.ndarray, accuracy: np.ndarray) -> np.ndarray:
    """Mean height of the curve of accuracy (..., K) over log N, `sizes` (K,) increasing, K >= 2."""
    log_n = np.log(sizes)
    return np.trapezoid(accuracy, log_n, axis=-1) / (log_n[-1] - log_n[0])


def n_to_target(sizes: np.ndarray, accuracy: np.ndarray, target: np.ndarray | float) -> np.ndarray:
    """The training size at which a curve first reaches its target, linear between sizes in log N.

    sizes: (K,) increasing; accuracy: (..., K); target: (...) or one number. Returns (...).
    Censored at the grid's ends: `sizes[0]` when already the smallest reaches it (that is, at most
    so much is needed), infinity when none does.
    """
    accuracy, log_n = np.asarray(accuracy, float), np.log(sizes)
    target = np.broadcast_to(target, accuracy.shape[:-1])
    reaches = accuracy >= target[..., None]
    first = reaches.argmax(axis=-1)
    before = np.maximum(first - 1, 0)
    at_first = np.take_along_axis(accuracy, first[..., None], -1)[..., 0]
    at_before = np.take_along_axis(accuracy, before[..., None], -1)[..., 0]
    rise = np.where(first > 0, at_first - at_before, 1.0)
    share = np.where(first > 0, (target - at_before) / np.where(rise > 0, rise, 1.0), 0.0)
    needed = np.exp(log_n[before] + share * (log_n[first] - log_n[before]))
    needed = np.where(first == 0, float(sizes[0]), needed)
    return np.where(reaches.any(axis=-1), needed, np.inf)
