"""The claims about knowledge, on simulated studies whose truth is known."""

import math

import pytest
from simulated_arms import runs_table
from simulated_knowledge import (
    VARIANTS,
    about_bases,
    all_alike,
    as_published,
    items_table,
    own_level_is_worst,
)

from showhow.analysis.claims import decide_claims, load_claim
from showhow.analysis.evidence import AboutBases
from showhow.base.errors import ShowhowError

CLAIMS = ("K1", "K2a", "K2b", "K2c", "K3")


def decided(accuracy, bases=None, claims=CLAIMS):
    items = items_table(accuracy)
    about = about_bases() if bases is None else bases
    detail = dict.fromkeys(VARIANTS)
    results, rows = decide_claims(runs_table(items), items, detail, claims, 300, bases=about)
    return results.set_index("id"), rows


@pytest.mark.parametrize(
    ("accuracy", "verdicts"),
    [
        (as_published, {"K1": "supported", "K2a": "supported", "K2b": "supported"}),
        (as_published, {"K3": "supported"}),
        (all_alike, {"K1": "contradicted", "K2a": "inconclusive", "K2b": "inconclusive"}),
        (all_alike, {"K2c": "inconclusive", "K3": "inconclusive"}),
        (own_level_is_worst, {"K2a": "contradicted", "K2b": "contradicted"}),
        (own_level_is_worst, {"K2c": "contradicted"}),
    ],
)
def test_the_verdict_is_the_truth_of_the_simulated_study(accuracy, verdicts):
    results, _ = decided(accuracy, claims=tuple(verdicts))
    assert results["verdict"].to_dict() == verdicts


def test_one_best_level_on_all_bases_contradicts_that_bases_differ():
    def fourth_is_best(variant, size, level, model):
        return 0.9 if variant == "level_4" else 0.4

    results, _ = decided(fourth_is_best, claims=("K2c", "K3"))
    assert results["verdict"].to_dict() == {"K2c": "supported", "K3": "contradicted"}
    assert results.loc["K3", "estimate"] < 0


def test_every_claim_has_an_interval_around_its_estimate_and_rows_for_the_bases():
    results, rows = decided(as_published)
    assert (results["ci_low"] <= results["estimate"]).all()
    assert (results["estimate"] <= results["ci_high"]).all()
    assert (results["n"] > 0).all()
    for claim in CLAIMS:
        models = " ".join(rows.loc[rows["id"] == claim, "model"])
        assert "base-a" in models
        assert "base-b" in models


def test_the_plateau_is_told_with_its_interval():
    results, rows = decided(as_published, claims=("K1",))
    assert "The plateau begins at N = " in results.loc["K1", "note"]
    plateau = rows[rows["contrast"].str.startswith("smallest N")]
    assert plateau["ci_low"].between(15, 240).all()


@pytest.mark.parametrize("claim", CLAIMS)
def test_what_is_not_measured_leaves_a_claim_open_and_says_so(claim):
    results, _ = decided(as_published, AboutBases(), (claim,))
    assert results.loc[claim, "verdict"] == "inconclusive"
    assert results.loc[claim, "n"] == 0
    assert math.isnan(results.loc[claim, "estimate"])
    assert results.loc[claim, "note"]


def test_memory_of_other_problems_than_those_of_the_runs_is_refused():
    memory = about_bases().memory
    fewer = AboutBases(memory=memory[memory["id"] != "test-000003"])
    with pytest.raises(ShowhowError, match="has 599 test problems of facts with base-a, the runs"):
        decided(as_published, fewer, ("K2a",))


def test_every_claim_says_what_decides_it():
    for claim_id in CLAIMS:
        claim = load_claim(claim_id)
        assert claim.id == claim_id
        for part in ("statement", "statistic", "contrast", "criterion"):
            assert getattr(claim, part).endswith(".")
