"""Estimates of statistics of right and wrong answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ttest_rel
from statsmodels.stats.multitest import multipletests

from showhow.analysis.estimation import Contrast, Estimate, Ratio, holm, log_odds, mean_of

unhurried = settings(deadline=None)  # beside other work one example may take a second
seeds = st.integers(0, 10_000)
shapes = st.tuples(st.integers(2, 6), st.integers(2, 40))
p_lists = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def accuracy(seed, shape, share=0.5, name="test"):
    units, _ = shape
    right = np.random.default_rng(seed).random(shape) < share
    return Contrast({name: right.astype(float)}, tuple(map(str, range(units))), units)


@unhurried
@given(seeds, shapes)
def test_swapping_arms_flips_the_sign(seed, shape):
    one, other = accuracy(seed, shape), accuracy(seed + 1, shape, 0.7)
    forth, back = (one - other).estimate, (other - one).estimate
    assert forth.value == pytest.approx(-back.value)
    assert forth.interval() == pytest.approx(tuple(-end for end in reversed(back.interval())))
    assert forth.p_at_most(0.1) == pytest.approx(back.p_at_least(-0.1))


@unhurried
@given(seeds, shapes)
def test_the_order_of_problems_and_of_units_changes_nothing(seed, shape):
    asked = accuracy(seed, shape)
    rng = np.random.default_rng(seed)
    right = asked.parts["test"][rng.permutation(shape[0])][:, rng.permutation(shape[1])]
    again = Contrast({"test": right}, asked.units, asked.runs).estimate
    assert again.interval() == pytest.approx(asked.estimate.interval())


@unhurried
@given(seeds, shapes, st.floats(0, 1))
def test_the_interval_holds_the_value_and_has_an_extent(seed, shape, share):
    estimate = accuracy(seed, shape, share).estimate
    low, high = estimate.interval()
    assert low < estimate.value < high
    wider = estimate.interval(0.01)
    assert wider[0] < low
    assert high < wider[1]


@unhurried
@given(seeds, shapes, st.floats(-0.5, 1.5))
def test_p_is_below_the_level_where_the_interval_leaves_the_value_out(seed, shape, null):
    estimate = accuracy(seed, shape).estimate
    low, high = estimate.interval()
    assert (estimate.p_of(null) <= 0.05) == (not low < null < high)


def test_one_unit_says_nothing_of_others():
    estimate = accuracy(1, (1, 50)).estimate
    assert estimate.interval() == (-np.inf, np.inf)
    assert estimate.p_of(-5) == 1.0


def test_arms_without_a_unit_in_common_say_nothing():
    one = accuracy(1, (3, 20))
    other = Contrast(one.parts, ("a", "b", "c"), 3)
    assert (one - other).estimate.interval() == (-np.inf, np.inf)


def test_equal_answers_everywhere_leave_what_three_problems_of_all_could_change():
    low, high = accuracy(1, (3, 300), 1.1).estimate.interval()
    assert (low, high) == pytest.approx((0.99, 1.01))


def test_where_only_units_differ_the_interval_is_that_of_students_t():
    rng = np.random.default_rng(4)
    one, other = (np.tile(rng.random((5, 1)), 30) for _ in range(2))
    units = tuple("abcde")
    contrast = Contrast({"test": one}, units, 5) - Contrast({"test": other}, units, 5)
    known = ttest_rel(one[:, 0], other[:, 0]).confidence_interval()
    assert contrast.estimate.interval() == pytest.approx((known.low, known.high))


def test_accuracies_of_other_problems_are_not_paired_by_problem():
    """The variances of problems add up; those of units are of the units' own difference."""
    one, other = accuracy(1, (4, 50)), accuracy(1, (4, 50), name="longer")
    assert (one - one).value == (one - other).value == 0
    assert (one - other).estimate.error > (one - one).estimate.error


def test_runs_are_counted_of_the_units_that_both_have():
    many, few = accuracy(1, (5, 20)), accuracy(2, (2, 20))
    assert (many - few).runs == 4
    assert (many - few).units == ("0", "1")


def test_averages_weigh_each_the_same():
    parts = [accuracy(1, (3, 20), 0.2), accuracy(2, (3, 40), 0.9, "longer")]
    assert mean_of(parts).value == pytest.approx(sum(part.value for part in parts) / 2)
    assert mean_of(parts).runs == 6


def test_log_odds_are_those_of_each_units_accuracy():
    asked = accuracy(3, (4, 60), 0.6)
    right = asked.parts["test"].sum(axis=1)
    known = np.log((right + 0.5) / (60 - right + 0.5))
    assert log_odds(asked).by_unit == pytest.approx(known)


@unhurried
@given(seeds)
def test_log_odds_of_accuracies_at_the_ends_are_finite(seed):
    for share in (0.0, 1.1):
        assert np.isfinite(log_odds(accuracy(seed, (3, 20), share)).estimate.interval()).all()


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_a_ratio_is_refused_where_its_linear_statistic_is(seed):
    above, below = accuracy(seed, (4, 80), 0.4), accuracy(seed + 1, (4, 80), 0.8)
    ratio = Ratio(above, below)
    value, low, high = ratio.interval()
    assert low < value < high
    assert ratio.against(value).value == pytest.approx(0)
    for end in (low, high):
        assert not np.isfinite(end) or ratio.against(end).estimate.p_of(0) == pytest.approx(0.05)


def test_a_ratio_to_what_may_be_nothing_is_unknown():
    nothing = accuracy(1, (4, 80), 0.5) - accuracy(2, (4, 80), 0.5)
    assert Ratio(accuracy(3, (4, 80)), nothing).interval()[1:] == (-np.inf, np.inf)


@settings(max_examples=15, deadline=None)  # statsmodels collects garbage at every call
@given(p_lists)
def test_holm_is_that_of_statsmodels(p_values):
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


@unhurried
@given(p_lists)
def test_holm_keeps_the_order_and_lowers_no_p(p_values):
    adjusted = np.array(holm(p_values))
    assert (adjusted >= np.array(p_values)).all()
    assert (np.diff(adjusted[np.argsort(p_values, kind="stable")]) >= 0).all()


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []


def test_p_falls_with_the_distance_from_the_null():
    estimate = Estimate(0.2, 0.05, 4)
    p_values = [estimate.p_at_most(null) for null in (0.3, 0.2, 0.1, 0.0)]
    assert p_values == sorted(p_values, reverse=True)
    assert p_values[1] == pytest.approx(0.5)
