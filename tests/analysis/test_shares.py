"""Intervals of shares: Wilson's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from showhow.analysis.estimation import wilson_interval

proportions = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


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
