"""The numbers in the figures are those of the tables and the claims."""

import math

import pytest

from showhow.analysis.contrasts import BEST_GAIN, best_gain_rows, largest_common_size
from showhow.analysis.evidence import gather_evidence
from showhow.figures.accuracy_over_length import pool_lengths
from showhow.figures.figure import at_largest_n
from showhow.figures.overview import best_gains
from showhow.figures.summaries import (
    accuracies,
    gains,
    needed_sizes,
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
    rows = best_gain_rows("C1", largest_common_size(evidence, "test"))
    items = at_largest_n(without_controls(split_items(full)))
    best = best_gains(gains(items, best_of_several=True))
    by_model = [row for row in rows if row.contrast == BEST_GAIN and row.model != "all"]
    assert by_model
    for row in by_model:
        _, mean = best[row.task, row.model]
        assert (mean.value, mean.low, mean.high) == pytest.approx(
            (row.estimate, row.ci_low, row.ci_high)
        )


def test_a_target_out_of_reach_is_censored_and_its_best_is_told(full):
    items = without_controls(split_items(full))
    for needed in needed_sizes(items, target=1.01).values():
        assert math.isinf(needed.value)
        assert 0 < needed.reached <= 1
    for needed in needed_sizes(items, target=0.0).values():
        assert needed.value == 500


def test_pools_of_lengths_do_not_cross_the_training_range(full):
    lengths = full.items["length"]
    pools = pool_lengths(lengths, 20)
    for _, pooled in lengths.groupby(pools):
        assert pooled.max() <= 20 or pooled.min() > 20
    assert pools.nunique() == 8
