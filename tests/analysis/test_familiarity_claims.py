"""The claims about familiarity, on simulated studies whose truth is known."""

import math

import pytest
from simulated_arms import (
    ARMS,
    FAMILIARITY_HELPS,
    VOICE_A_IS_EASIER,
    about_bases,
    items_table,
    runs_table,
)

from showhow.analysis.claims import decide_claims, load_claim
from showhow.analysis.evidence import AboutBases

CLAIMS = ("F1", "F2", "F3", "F4", "F5", "F6")
ALL_ALIKE = dict.fromkeys(ARMS, 0.5)
BACKWARDS = {arm: 1 - accuracy for arm, accuracy in FAMILIARITY_HELPS.items()}
MINIMUM_CHANGE_FAILS = {**FAMILIARITY_HELPS, "minimum_change": 0.3}


def decided(accuracy, bases=None, claims=CLAIMS):
    items = items_table(accuracy)
    about = about_bases(accuracy) if bases is None else bases
    detail = {arm: 0 if arm == "none" else None for arm in ARMS}
    results, rows = decide_claims(runs_table(items), items, detail, claims, 300, bases=about)
    return results.set_index("id"), rows


@pytest.mark.parametrize(
    ("accuracy", "verdicts"),
    [
        (FAMILIARITY_HELPS, dict.fromkeys(CLAIMS, "supported")),
        (ALL_ALIKE, {"F2": "inconclusive", "F3": "inconclusive", "F5": "inconclusive"}),
        (BACKWARDS, {"F1": "contradicted", "F2": "contradicted", "F5": "contradicted"}),
        (VOICE_A_IS_EASIER, {"F2": "inconclusive", "F5": "contradicted"}),
        (MINIMUM_CHANGE_FAILS, {"F2": "supported", "F6": "contradicted"}),
    ],
)
def test_the_verdict_is_the_truth_of_the_simulated_study(accuracy, verdicts):
    results, _ = decided(accuracy, claims=tuple(verdicts))
    assert results["verdict"].to_dict() == verdicts


def test_every_claim_has_an_interval_around_its_estimate_and_rows_for_each_base():
    results, rows = decided(FAMILIARITY_HELPS)
    assert (results["ci_low"] <= results["estimate"]).all()
    assert (results["estimate"] <= results["ci_high"]).all()
    assert (results["n"] > 0).all()
    for claim in CLAIMS:
        assert {"base-a", "base-b"} <= set(rows.loc[rows["id"] == claim, "model"])


def test_the_swap_is_told_by_voice():
    results, rows = decided(FAMILIARITY_HELPS, claims=("F5",))
    gaps = rows[rows["id"] == "F5"].set_index("model")["estimate"]
    assert gaps["base-a"] > 0 > gaps["base-b"]
    assert results.loc["F5", "estimate"] == pytest.approx(gaps["base-a"] - gaps["base-b"])


@pytest.mark.parametrize(("claim", "lacks"), [("F1", "perplexity"), ("F4", "retention")])
def test_what_is_not_measured_leaves_a_claim_open_and_says_so(claim, lacks):
    results, _ = decided(FAMILIARITY_HELPS, AboutBases(), (claim,))
    assert results.loc[claim, "verdict"] == "inconclusive"
    assert results.loc[claim, "n"] == 0
    assert math.isnan(results.loc[claim, "estimate"])
    assert lacks in results.loc[claim, "note"]


def test_without_the_bases_voices_there_is_no_swap():
    results, _ = decided(FAMILIARITY_HELPS, AboutBases(), ("F5",))
    assert results.loc["F5", "n"] == 0


def test_every_claim_says_what_decides_it():
    for claim_id in CLAIMS:
        claim = load_claim(claim_id)
        assert claim.id == claim_id
        for part in ("statement", "statistic", "contrast", "criterion"):
            assert getattr(claim, part).endswith(".")
