"""The claims about familiarity, on simulated studies whose truth is known."""

import math
import re
from dataclasses import replace

import pandas as pd
import pytest
from simulated_arms import (
    ARMS,
    FAMILIARITY_HELPS,
    KEPT_PROBLEMS,
    ORDER_HELPS,
    PERPLEXITY,
    VOICE_A_IS_EASIER,
    VOICES,
    WORDS_HELP,
    about_bases,
    items_table,
    runs_table,
)

from showhow.analysis.claims import decide_claims, load_claim
from showhow.analysis.evidence import AboutBases, gather_evidence

CLAIMS = ("F1", "F2", "F3", "F4", "F5", "F6")
ALL_ALIKE = dict.fromkeys(ARMS, 0.5)
BACKWARDS = {arm: 1 - accuracy for arm, accuracy in FAMILIARITY_HELPS.items()}
MINIMUM_CHANGE_FAILS = {**FAMILIARITY_HELPS, "minimum_change": 0.3}
OWN_WORDS = ("familiar", "self_generated", "minimum_change", "rewritten")
PROBLEMS = 600
"""With fewer, two arms cannot be shown to lie within five points of each other."""
TWO_CLUSTERS = {arm: 0.8 if arm in OWN_WORDS else 0.3 for arm in ARMS}
OWN_VOICE = ("familiar", "self_generated", "minimum_change")
CROSSED = {"own_words_other_order": 3.0, "other_words_own_order": 4.5}
"""Their perplexity."""
THREE_CLUSTERS = {
    arm: 0.8 if arm in OWN_VOICE else 0.5 if arm in (*CROSSED, "rewritten") else 0.2
    for arm in (*ARMS, *CROSSED)
}


def decided(accuracy, bases=None, claims=CLAIMS):
    items = items_table(accuracy, PROBLEMS)
    about = about_bases(accuracy) if bases is None else bases
    detail = {arm: 0 if arm == "none" else None for arm in items["variant"].unique()}
    evidence = gather_evidence(runs_table(items), items, detail, about)
    results, rows = decide_claims(evidence, claims)
    return results.set_index("id"), rows


@pytest.mark.parametrize(
    ("accuracy", "verdicts"),
    [
        (FAMILIARITY_HELPS, dict.fromkeys(CLAIMS, "supported")),
        (ALL_ALIKE, {"F2": "inconclusive", "F3": "inconclusive", "F5": "inconclusive"}),
        (BACKWARDS, {"F1": "contradicted", "F2": "contradicted", "F5": "contradicted"}),
        (VOICE_A_IS_EASIER, {"F2": "inconclusive", "F5": "contradicted"}),
        (MINIMUM_CHANGE_FAILS, {"F2": "supported", "F6": "contradicted"}),
        (WORDS_HELP, {"F2": "supported"}),
    ],
)
def test_the_verdict_is_the_truth_of_the_simulated_study(accuracy, verdicts):
    results, _ = decided(accuracy, claims=tuple(verdicts))
    assert results["verdict"].to_dict() == verdicts


@pytest.mark.parametrize(
    ("claim", "accuracy"),
    [
        pytest.param("F1", TWO_CLUSTERS, id="two clusters of arms without relation inside"),
        pytest.param("F2", ORDER_HELPS, id="the gap is order, not words"),
        pytest.param(
            "F3", {**FAMILIARITY_HELPS, "unfamiliar_longer": 0.7}, id="detail closes four fifths"
        ),
        pytest.param(
            "F6", {**FAMILIARITY_HELPS, "minimum_change": 0.63}, id="17 points below familiar"
        ),
    ],
)
def test_what_only_looks_like_the_claim_does_not_support_it(claim, accuracy):
    results, _ = decided(accuracy, claims=(claim,))
    assert results.loc[claim, "verdict"] != "supported"
    assert results.loc[claim, "n"] > 0


def test_an_ability_that_the_unfamiliar_arm_did_not_lose_is_not_kept_by_the_familiar_one():
    lifted = {**FAMILIARITY_HELPS, "familiar": 0.9, "unfamiliar": 0.5}
    results, rows = decided(FAMILIARITY_HELPS, about_bases(lifted, before=0.4), ("F4",))
    assert results.loc["F4", "verdict"] != "supported"
    gap = rows[(rows["task"] == "bits") & (rows["contrast"] == "familiar minus unfamiliar")]
    assert (gap["ci_low"] > 0).all()


def test_what_is_kept_stands_beside_the_untuned_base():
    _, rows = decided(FAMILIARITY_HELPS, about_bases(before=0.9), ("F4",))
    kept = rows.drop_duplicates("contrast").set_index("contrast")["estimate"]
    lost = [kept[f"{arm} minus the untuned base"] for arm in ("familiar", "unfamiliar")]
    assert lost[0] - lost[1] == pytest.approx(kept["familiar minus unfamiliar"])
    assert lost[0] == pytest.approx(0.8 - 0.9, abs=0.05)


def test_runs_of_several_tasks_may_be_asked_the_same_retained_one():
    about = about_bases()
    assert about.retention is not None
    twice = pd.concat([about.retention, about.retention.assign(task="products")])
    results, rows = decided(FAMILIARITY_HELPS, replace(about, retention=twice), ("F4",))
    assert results.loc["F4", "verdict"] == "supported"
    once, _ = decided(FAMILIARITY_HELPS, about, ("F4",))
    # The same problems again are no further problems.
    assert results.loc["F4", "ci_low"] == pytest.approx(once.loc["F4", "ci_low"])
    assert set(rows["task"]) == {"all", "bits"}
    assert len(twice) == 2 * len(ARMS) * len(VOICES) * 3 * KEPT_PROBLEMS


def test_every_claim_has_an_interval_around_its_estimate_and_rows_for_each_base():
    results, rows = decided(FAMILIARITY_HELPS)
    assert (results["ci_low"] <= results["estimate"]).all()
    assert (results["estimate"] <= results["ci_high"]).all()
    assert (results["n"] > 0).all()
    for claim in CLAIMS:
        told = " ".join(rows.loc[rows["id"] == claim, "contrast"])
        assert all(base in told for base in VOICES)


def test_words_and_order_are_told_apart_where_a_study_crosses_them():
    results, rows = decided(ORDER_HELPS, claims=("F2",))
    effects = rows[rows["task"] == "sums"].set_index("contrast")["estimate"]
    assert effects["own minus other words, averaged over order"] == pytest.approx(0, abs=0.05)
    assert effects["own minus other order, averaged over words"] == pytest.approx(0.5, abs=0.05)
    assert "confounded" not in results.loc["F2", "note"]
    without, _ = decided(FAMILIARITY_HELPS, claims=("F2",))
    assert "confounded" in without.loc["F2", "note"]


def test_perplexity_is_told_beside_what_own_words_do_at_equal_perplexity():
    about = about_bases(WORDS_HELP, perplexity={**PERPLEXITY, **CROSSED})
    results, rows = decided(WORDS_HELP, about, ("F1",))
    told = set(rows["contrast"])
    assert {"own minus other words, equal detail", "the same at equal log perplexity"} <= told
    assert "of what own words do remains at equal log perplexity" in results.loc["F1", "note"]


def test_words_and_order_alone_do_not_support_that_perplexity_matters():
    about = about_bases(perplexity={**PERPLEXITY, **CROSSED})
    results, rows = decided(THREE_CLUSTERS, about, ("F1",))
    whole = rows[rows["contrast"] == "accuracy per doubling of perplexity, equal detail"]
    assert (whole["ci_high"] < 0).all(), "the slope over all of them is there"
    assert results.loc["F1", "verdict"] != "supported"
    assert "familiar, minimum_change, self_generated" in results.loc["F1", "note"]


def test_perplexity_is_not_asked_of_one_way_of_writing_in_each_voice():
    one_each = {"familiar": 0.8, "rewritten": 0.6, "unfamiliar": 0.3, "unfamiliar_longer": 0.4}
    results, _ = decided(one_each, claims=("F1",))
    assert results.loc["F1", "n"] == 0
    assert "several ways of writing in one voice" in results.loc["F1", "note"]


def test_no_arm_decides_alone_that_perplexity_matters():
    one_arm = {**dict.fromkeys(ARMS, 0.8), "unfamiliar": 0.3}
    results, rows = decided(one_arm, claims=("F1",))
    whole = rows[rows["contrast"] == "accuracy per doubling of perplexity, equal detail"]
    assert (whole["ci_high"] < 0).all()
    assert results.loc["F1", "verdict"] != "supported"


def test_the_share_of_the_gap_that_detail_closes_is_told():
    results, _ = decided(FAMILIARITY_HELPS, claims=("F3",))
    note = results.loc["F3", "note"]
    told = re.search(r"detail closes: sums (\S+) \[(\S+), (\S+)\]", note)
    assert told
    share, low, high = map(float, told.groups())
    assert low < 0.2 < high
    assert share == pytest.approx(0.2, abs=0.05)


def test_the_swap_is_told_by_voice():
    _, rows = decided(FAMILIARITY_HELPS, claims=("F5",))
    gaps = rows[rows["task"] == "sums"].set_index("contrast")["estimate"]
    on_a, on_b = (gaps[f"voice a minus voice b on bases of voice {voice}"] for voice in "ab")
    assert on_a > 0 > on_b
    whole = gaps["voice a minus voice b, bases of voice a minus bases of voice b"]
    assert whole == pytest.approx(on_a - on_b)
    by_base = [gaps[f"voice a minus voice b, {base}, N 40"] for base in VOICES]
    assert by_base == pytest.approx([on_a, on_b])


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
