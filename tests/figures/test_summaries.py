"""The numbers in the figures are those of the tables and the claims."""

import math
from dataclasses import replace

import pytest

from showhow.analysis.evidence import Arm, gather_evidence
from showhow.figures.accuracy_over_length import pool_lengths
from showhow.figures.accuracy_over_n import of_equal_steps
from showhow.figures.figure import at_largest_n
from showhow.figures.summaries import (
    Mean,
    accuracies,
    gains,
    split_items,
    without_controls,
)

DETAIL = {"none": 0, "short": 1, "medium": 2, "long": 3}


def test_means_are_the_means_of_the_run_table(full):
    key = ("listops", "decoder-600k", "long", 8000, "examples")
    mean = accuracies(split_items(full))[key]
    runs = full.runs[full.runs["split"] == "test"].set_index(
        ["task", "model", "variant", "n_train", "match"]
    )
    assert mean.seeds == pytest.approx(runs.loc[key, "accuracy"].tolist())
    assert mean.low <= mean.value <= mean.high


def test_gains_and_intervals_are_those_of_the_claims(full):
    detail = DETAIL | {variant: None for variant in full.study_variants if variant not in DETAIL}
    evidence = gather_evidence(full.runs, full.items, detail)
    found = gains(at_largest_n(without_controls(split_items(full))))
    of_pretrained = {key: mean for key, mean in found.items() if "random" not in key[1]}
    assert len(of_pretrained) > 3
    for (task, model, variant, n_train, match), mean in of_pretrained.items():
        arm, none = (Arm(task, of, model, n_train, "test", match) for of in (variant, "none"))
        contrast = evidence.accuracy(arm) - evidence.accuracy(none)
        assert mean.value == pytest.approx(contrast.value)
        assert (mean.low, mean.high) == pytest.approx(contrast.estimate.interval())


def test_one_seed_has_no_interval(full):
    items = split_items(full)
    (mean, *_) = accuracies(items[items["seed"] == 1]).values()
    assert math.isnan(mean.low) and math.isnan(mean.high)
    assert mean.seeds == (mean.value,)


def test_what_took_equal_steps_is_one_curve():
    one = Mean(0.5, 0.4, 0.6, (0.5,))
    means = {("none", 100, "examples"): one, ("none", 200, "examples"): one}
    equal = of_equal_steps(means, dict.fromkeys(means, 50.0))
    assert equal == {("none", "examples", 50.0): {100: one, 200: one}}
    different = {("none", 100, "examples"): 50.0, ("none", 200, "examples"): 100.0}
    assert [*map(len, of_equal_steps(means, different).values())] == [1, 1]
    assert [*map(len, of_equal_steps(means, {}).values())] == [1, 1]


def test_the_best_shortcut_is_the_one_in_the_table_or_the_better_of_the_two_that_all_have(full):
    assert full.shortcut("listops") == 0.25
    assert replace(full, runs=full.runs.assign(shortcut_accuracy=0.44)).shortcut("listops") == 0.44
    assert math.isnan(full.shortcut("no such task"))


def test_pools_of_lengths_do_not_cross_the_training_range(full):
    lengths = full.items["length"]
    pools = pool_lengths(lengths, 20)
    for _, pooled in lengths.groupby(pools):
        assert pooled.max() <= 20 or pooled.min() > 20
    assert pools.nunique() == 8
