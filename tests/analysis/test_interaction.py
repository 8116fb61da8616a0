from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy.stats import t as student_t
from simulated_study import DETAIL, runs_table, small_study
from statsmodels.genmod.families import Binomial

from showhow.analysis.interaction import (
    clustered_accuracy,
    clustered_log_odds,
    make_design,
    mixed_log_odds,
)


def design_of(study, keep=lambda runs: runs["task"] != ""):
    runs = runs_table(study)
    runs = runs[(runs["split"] == "test") & keep(runs)]
    return make_design(runs, runs["variant"].map(DETAIL).astype(float))


@pytest.mark.parametrize("planted", [-1.5, 1.5])
def test_planted_interaction_is_found_by_all_three_fits(planted):
    design = design_of(small_study(gain_per_tenfold=planted, gain=1.0))
    for fit in (clustered_log_odds, mixed_log_odds, clustered_accuracy):
        estimate = fit(design)
        assert np.sign(estimate.value) == np.sign(planted)
        assert estimate.low * estimate.high > 0


def test_no_interaction_is_found_where_none_is_planted():
    estimate = clustered_log_odds(design_of(small_study()))
    assert estimate.low < 0 < estimate.high


def test_log_odds_are_those_of_the_formula():
    runs = runs_table(small_study())
    runs = runs[(runs["split"] == "test") & (runs["task"] == "listops")]
    runs["detail"] = runs["variant"].map(DETAIL).astype(float)
    runs["log_n"] = np.log(runs["n_train"])
    runs["log_size"] = np.log10(runs["parameters"])
    runs["right"] = runs["n_correct"] + 0.5
    runs["wrong"] = runs["n_test"] - runs["n_correct"] + 0.5
    formula = "right + wrong ~ C(model) + C(variant) + log_n + detail:log_n + detail:log_size"
    # With one row a run, clustering by run is the HC0 sandwich with a correction for few rows.
    known = smf.glm(formula, runs, family=Binomial()).fit(cov_type="HC0")
    correction = np.sqrt(len(runs) / known.df_resid)
    estimate = clustered_log_odds(make_design(runs, runs["detail"]))
    assert estimate.value == pytest.approx(known.params["detail:log_size"], rel=1e-6)
    error = (estimate.high - estimate.low) / 2 / student_t.ppf(0.975, len(runs) - 1)
    assert error == pytest.approx(known.bse["detail:log_size"] * correction, rel=1e-6)


def test_runs_that_all_fail_or_all_succeed_leave_the_interval_finite():
    runs = runs_table(small_study())
    runs = runs[runs["split"] == "test"]
    runs = runs.assign(n_correct=np.where(runs["variant"] == "none", 0, runs["n_test"]))
    design = make_design(runs, runs["variant"].map(DETAIL).astype(float))
    estimate = clustered_log_odds(design)
    assert np.isfinite([estimate.value, estimate.low, estimate.high]).all()


@pytest.mark.parametrize(
    "keep",
    [
        lambda runs: runs["model"] == "decoder-40k",
        lambda runs: runs["variant"] == "none",
        lambda runs: (runs["model"] == "decoder-40k") | (runs["variant"] == "none"),
        lambda runs: (runs["seed"] == 1) & (runs["n_train"] == 500) & (runs["task"] == "listops"),
    ],
    ids=["one size", "one level", "levels at one size only", "too few runs"],
)
def test_grids_that_say_nothing_about_the_interaction_give_no_design(keep):
    assert design_of(small_study(), keep) is None


def test_a_task_with_one_size_changes_nothing():
    study = small_study()
    runs = runs_table(study)
    other = runs_table(replace(study, random_seed=5)).query("model == 'decoder-40k'")
    runs = runs[runs["split"] == "test"]
    both = pd.concat([runs, other[other["split"] == "test"].assign(task="parity")])
    estimates = [
        clustered_log_odds(make_design(table, table["variant"].map(DETAIL).astype(float)))
        for table in (runs, both)
    ]
    assert estimates[0] == estimates[1]
