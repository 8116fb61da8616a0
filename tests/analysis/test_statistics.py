import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.multitest import multipletests

from showhow.analysis.statistics import (
    Sampled,
    area_over_log_n,
    bootstrap_p,
    holm,
    keyed_generator,
    mean_of,
    n_to_target,
    one_sided_p,
    percentile_interval,
    resample_counts,
    resampled_accuracy,
    wilson_interval,
)

proportions = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
curves = st.lists(st.floats(0, 1), min_size=2, max_size=6)


def sizes_of(curve):
    return np.array([100 * 3**index for index in range(len(curve))])


@given(proportions)
def test_wilson_interval_is_scipys(proportion):
    correct, total = proportion
    low, high = wilson_interval(correct, total)
    known = binomtest(correct, total).proportion_ci(method="wilson")
    assert (low, high) == pytest.approx((known.low, known.high), abs=1e-9)


@given(proportions)
def test_wilson_interval_holds_the_share_and_stays_in_bounds(proportion):
    correct, total = proportion
    low, high = wilson_interval(correct, total)
    assert 0 <= low <= correct / total + 1e-12
    assert correct / total - 1e-12 <= high <= 1


def test_wilson_interval_rises_with_the_number_right():
    low, high = wilson_interval(np.arange(51), np.full(51, 50))
    assert (np.diff(low) > 0).all()
    assert (np.diff(high) > 0).all()


@given(st.integers(1, 40), st.integers(1, 20))
def test_resamples_draw_as_many_as_there_are(size, resamples):
    counts = resample_counts(np.random.default_rng(1), resamples, size)
    assert counts.shape == (resamples, size)
    assert (counts.sum(axis=1) == size).all()


def test_hierarchical_resample_is_that_of_a_plain_loop():
    generator = np.random.default_rng(2)
    correct = generator.integers(0, 2, (3, 7))
    seed_counts = resample_counts(generator, 20, 3)
    problem_counts = resample_counts(generator, 20, 7)
    drawn = resampled_accuracy(correct, seed_counts, problem_counts)
    for index in range(20):
        seeds = np.repeat(np.arange(3), seed_counts[index])
        problems = np.repeat(np.arange(7), problem_counts[index])
        answers = [correct[seed, problem] for seed in seeds for problem in problems]
        assert drawn[index] == pytest.approx(np.mean(answers))


@pytest.mark.parametrize(("seed_spread", "least"), [(0.0, 0.95), (0.1, 0.85)])
def test_bootstrap_interval_covers_the_true_difference(seed_spread, least):
    """Wide when seeds do not matter; a little narrow with four seeds that do."""
    generator = np.random.default_rng(3)
    covered = 0
    for _ in range(200):
        chance = generator.uniform(0.3, 0.6, 80)
        none, explained = (
            generator.random((4, 80)) < chance + gain + generator.normal(0, seed_spread, (4, 1))
            for gain in (0.0, 0.15)
        )
        counts = resample_counts(generator, 400, 4), resample_counts(generator, 400, 80)
        draws = resampled_accuracy(explained, *counts) - resampled_accuracy(none, *counts)
        low, high = percentile_interval(draws)
        covered += low <= 0.15 <= high
    assert covered / 200 >= least


@given(st.lists(st.floats(-1, 1), min_size=50, max_size=200), st.integers(1, 20))
def test_more_tests_never_narrow_an_interval(draws, tests):
    low, high = percentile_interval(np.array(draws))
    wider_low, wider_high = percentile_interval(np.array(draws), tests)
    assert min(draws) <= wider_low <= low <= high <= wider_high <= max(draws)


def test_interval_with_censored_draws_ends_at_infinity_and_not_at_nan():
    draws = np.array([0.5] * 90 + [np.inf] * 10)
    assert percentile_interval(draws) == (0.5, np.inf)


def test_p_is_small_on_either_side_and_never_zero():
    above = np.linspace(0.1, 0.2, 999)
    assert bootstrap_p(above) == bootstrap_p(-above) == pytest.approx(2 / 1000)
    assert one_sided_p(above, 0) == pytest.approx(1 / 1000)
    assert one_sided_p(-above, 0) == 1


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=50), st.integers(1, 5))
def test_p_is_a_probability(draws, tests):
    assert 0 < bootstrap_p(np.array(draws), tests=tests) <= 1


@settings(max_examples=15)  # statsmodels collects garbage at every call
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_that_of_statsmodels(p_values):
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []


def test_generators_depend_on_seed_and_key_alone():
    def first(seed, *key):
        return keyed_generator(seed, *key).random()

    assert first(0, "problems", "listops") == first(0, "problems", "listops")
    assert len({first(0, "ab", "c"), first(0, "a", "bc"), first(1, "ab", "c")}) == 3


def test_averages_go_draw_by_draw():
    parts = [Sampled(0.0, np.array([0.0, 1.0]), runs=3), Sampled(1.0, np.array([2.0, 3.0]), runs=2)]
    mean = mean_of(parts)
    assert (mean.observed, mean.draws.tolist(), mean.runs) == (0.5, [1.0, 2.0], 5)


@given(curves)
def test_area_lies_between_the_lowest_and_the_highest_accuracy(curve):
    area = area_over_log_n(sizes_of(curve), np.array(curve))
    assert min(curve) - 1e-9 <= area <= max(curve) + 1e-9


def test_area_of_a_line_in_log_n_is_its_middle():
    assert area_over_log_n(np.array([10, 100, 1000]), np.array([0.0, 0.5, 1.0])) == pytest.approx(
        0.5
    )


def test_n_to_target_is_linear_in_log_n():
    sizes = np.array([100, 1000, 10000])
    assert n_to_target(sizes, [0.2, 0.4, 0.8], np.array(0.6)) == pytest.approx(10**3.5)
    assert n_to_target(sizes, [0.2, 0.4, 0.8], np.array(0.4)) == pytest.approx(1000)


def test_n_to_target_is_censored_at_both_ends_of_the_grid():
    sizes = np.array([100, 1000])
    accuracy = np.array([[0.5, 0.9], [0.1, 0.2]])
    assert n_to_target(sizes, accuracy, np.array([0.3, 0.3])).tolist() == [100, np.inf]


@given(curves, st.floats(0, 1), st.floats(0, 1))
def test_a_higher_target_never_needs_less_data(curve, one, other):
    sizes, targets = sizes_of(curve), np.sort([one, other])
    lower, higher = n_to_target(sizes, np.array([curve, curve]), targets)
    assert sizes[0] <= lower <= higher * (1 + 1e-9)


@given(curves, st.floats(0, 1))
def test_n_to_target_of_a_rising_curve_is_numpys_interpolation(curve, target):
    curve, sizes = np.unique(curve), sizes_of(np.unique(curve))
    needed = n_to_target(sizes, curve, np.array(target))
    if curve[0] <= target <= curve[-1]:
        assert needed == pytest.approx(np.exp(np.interp(target, curve, np.log(sizes))), rel=1e-6)
