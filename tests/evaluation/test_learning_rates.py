"""The best learning rate is chosen by accuracy alone, whatever the order of the list."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showhow.base.errors import ShowhowError
from showhow.evaluation.learning_rates import Trial, best_of, read_trial

rates = st.floats(1e-6, 1.0)
accuracies = st.sampled_from([0.0, 0.25, 0.5, 1.0])
several = st.dictionaries(rates, accuracies, min_size=2, max_size=6)


@given(several, st.randoms())
def test_the_most_accurate_is_taken_and_the_order_makes_no_difference(tried, random):
    trials = [Trial(rate, accuracy, 200) for rate, accuracy in tried.items()]
    best = best_of(trials)
    assert best.accuracy == max(tried.values())
    random.shuffle(trials)
    assert best_of(trials) == best


@given(several)
def test_of_equally_accurate_rates_the_smallest_is_taken(tried):
    best = best_of(Trial(rate, accuracy, 200) for rate, accuracy in tried.items())
    tied = [rate for rate, accuracy in tried.items() if accuracy == best.accuracy]
    assert best.learning_rate == min(tied)


def test_a_trial_is_scored_on_one_split(tmp_path):
    scores = tmp_path / "scores.json"
    score = {"accuracy": 0.5, "n_test": 8}
    scores.write_text(json.dumps({"splits": {"validation": score}}))
    assert read_trial(0.01, scores) == Trial(0.01, 0.5, 8)
    scores.write_text(json.dumps({"splits": {"validation": score, "test": score}}))
    with pytest.raises(ShowhowError, match="not the scores of one split"):
        read_trial(0.01, scores)
