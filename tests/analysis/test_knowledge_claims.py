"""The claims about knowledge, on simulated studies whose truth is known."""

import math

import numpy as np
import pandas as pd
import pytest
from simulated_arms import runs_table
from simulated_knowledge import (
    HARDLY,
    MODELS,
    RECALL,
    SEEDS,
    UNTUNED,
    VARIANTS,
    about_bases,
    all_alike,
    as_published,
    items_table,
    own_level_is_worst,
)

from showhow.analysis.claims import decide_claims, load_claim
from showhow.analysis.evidence import PER_SEED, AboutBases, gather_evidence
from showhow.base.errors import ShowhowError

CLAIMS = ("K1", "K2a", "K2b", "K2c", "K3")


def decided(accuracy, bases=None, claims=CLAIMS):
    return decided_on(items_table(accuracy), claims, bases)


def decided_on(items, claims, bases=None, instances=None):
    about = about_bases() if bases is None else bases
    detail = dict.fromkeys(VARIANTS)
    evidence = gather_evidence(runs_table(items), items, detail, about, instances)
    results, rows = decide_claims(evidence, claims)
    return results.set_index("id"), rows


@pytest.mark.parametrize(
    ("accuracy", "verdicts"),
    [
        (as_published, {"K2a": "supported", "K2b": "supported"}),
        (as_published, {"K3": "supported"}),
        (all_alike, {"K2a": "inconclusive", "K2b": "contradicted"}),
        (all_alike, {"K2c": "inconclusive", "K3": "inconclusive"}),
        (own_level_is_worst, {"K2a": "contradicted", "K2b": "contradicted"}),
        (own_level_is_worst, {"K2c": "contradicted"}),
    ],
)
def test_the_verdict_is_the_truth_of_the_simulated_study(accuracy, verdicts):
    results, _ = decided(accuracy, claims=tuple(verdicts))
    assert results["verdict"].to_dict() == verdicts


@pytest.mark.parametrize(
    ("accuracy", "verdict"), [(as_published, "supported"), (all_alike, "contradicted")]
)
def test_sixty_are_enough_where_they_bring_out_what_the_base_completes(accuracy, verdict):
    results, _ = decided(accuracy, about_bases(HARDLY), ("K1",))
    assert results.loc["K1", "verdict"] == verdict


def test_sixty_that_bring_out_as_little_as_the_largest_size_are_not_enough():
    def three_points(variant, size, level, model):
        return HARDLY[level] + 0.03

    results, _ = decided(three_points, about_bases(HARDLY), ("K1",))
    assert results.loc["K1", "verdict"] == "contradicted"
    assert "of what the base completes" in results.loc["K1", "condition"]


def test_sixty_are_not_asked_of_a_base_that_answers_before():
    results, _ = decided(as_published, about_bases(UNTUNED), ("K1",))
    assert results.loc["K1", "verdict"] == "inconclusive"
    assert results.loc["K1", "n"] == 0
    assert "Not asked of facts with base-a, facts with base-b" in results.loc["K1", "note"]


def test_without_the_share_that_a_base_completes_sixty_are_not_asked():
    memory = about_bases(HARDLY).memory.drop(columns="share")
    results, _ = decided(as_published, AboutBases(memory=memory), ("K1",))
    assert results.loc["K1", "n"] == 0
    assert "column share" in results.loc["K1", "note"]


def test_one_best_level_on_all_bases_contradicts_that_bases_differ():
    def fourth_is_best(variant, size, level, model):
        return 0.9 if variant == "level_4" else 0.4

    results, _ = decided(fourth_is_best, claims=("K2c", "K3"))
    assert results["verdict"].to_dict() == {"K2c": "supported", "K3": "contradicted"}
    assert results.loc["K3", "estimate"] < 0


def test_every_claim_has_an_interval_around_its_estimate_and_rows_for_the_bases():
    results, rows = decided(as_published, about_bases(HARDLY))
    assert (results["ci_low"] <= results["estimate"]).all()
    assert (results["estimate"] <= results["ci_high"]).all()
    assert (results["n"] > 0).all()
    for claim in CLAIMS:
        contrasts = " ".join(rows.loc[rows["id"] == claim, "contrast"])
        assert "base-a" in contrasts
        assert "base-b" in contrasts


def test_the_share_that_sixty_bring_out_is_told_with_its_interval_and_the_gain_at_each_size():
    results, rows = decided(as_published, about_bases(HARDLY), ("K1",))
    note = results.loc["K1", "note"]
    assert "60 examples bring out: facts with base-a, one epoch: " in note
    assert " of the gain at N = 240" in note
    gains = rows[rows["contrast"].str.startswith("gain over the untuned base with base-a")]
    assert [contrast.rpartition(" ")[2] for contrast in gains["contrast"]] == ["15", "60", "240"]
    assert (gains["ci_low"] <= gains["estimate"]).all()


def test_without_arms_of_as_many_steps_the_note_says_that_size_and_steps_are_confounded():
    results, _ = decided(as_published, about_bases(HARDLY), ("K1",))
    assert "fewer examples are also fewer steps" in results.loc["K1", "note"]


def test_arms_of_as_many_steps_have_to_agree_where_a_study_has_them():
    def with_as_many_steps(few):
        longer = pd.concat(
            [
                items_table(few).query("variant == 'natural_mix' and n_train == 60"),
                items_table().query("variant == 'natural_mix' and n_train == 240"),
            ]
        )
        results, rows = decided_on(
            pd.concat([items_table(), longer.assign(match="steps")], ignore_index=True),
            ("K1",),
            about_bases(HARDLY),
        )
        assert "confounded" not in results.loc["K1", "note"]
        assert rows["contrast"].str.endswith("as many steps").any()
        return results.loc["K1", "verdict"]

    assert with_as_many_steps(as_published) == "supported"
    assert with_as_many_steps(all_alike) == "contradicted"


def test_a_base_that_answers_as_much_before_as_after_sixty_examples_does_not_support_that_they_do():
    def as_before(untuned):
        return lambda variant, size, level, model: untuned[level]

    results, _ = decided(as_before(HARDLY), about_bases(HARDLY), ("K1",))
    assert results.loc["K1", "verdict"] == "contradicted"
    results, _ = decided(as_before(UNTUNED), about_bases(UNTUNED), ("K1", "K2b"))
    assert results["verdict"].to_dict() == {"K1": "inconclusive", "K2b": "inconclusive"}


@pytest.mark.parametrize(
    ("factors", "sign"),
    [((0.5, 0.6, 0.7, 0.85, 1.0, 1.0, 1.0), 1), ((1.0, 0.85, 0.7, 0.6, 0.5, 1.0, 1.0), -1)],
)
def test_a_factor_of_the_training_level_is_no_diagonal(factors, sign):
    def recall_times_a_factor(variant, size, level, model):
        return RECALL[level] * factors[VARIANTS.index(variant)]

    results, rows = decided(recall_times_a_factor, claims=("K2a",))
    assert results.loc["K2a", "verdict"] == "inconclusive"
    on_accuracy = rows[(rows["task"] == "all") & rows["contrast"].str.endswith(", accuracy")]
    low, high = on_accuracy["ci_low"], on_accuracy["ci_high"]
    assert (np.minimum(sign * low, sign * high) > 0).all(), "the artefact is there on one scale"


def test_unknown_facts_that_leave_the_base_unharmed_do_not_harm():
    def others_lift(variant, size, level, model):
        lift = 0.0 if variant == "level_0" else 0.15
        return UNTUNED[level] + lift

    results, _ = decided(others_lift, claims=("K2b",))
    assert results.loc["K2b", "verdict"] == "inconclusive"
    assert "minus the untuned base" in results.loc["K2b", "condition"]


def test_the_best_facts_have_to_be_the_best_on_relations_that_were_not_trained_on_as_well():
    def fourth_is_best(variant, size, level, model):
        return 0.9 if variant == "level_4" else 0.4

    best, alike = items_table(fourth_is_best), items_table(all_alike)
    known, unseen = best["split"] == "test", alike["split"] == "unseen"
    results, rows = decided_on(pd.concat([best[known], alike[unseen]], ignore_index=True), ("K2c",))
    assert results.loc["K2c", "verdict"] == "inconclusive"
    assert "relations not trained on" in results.loc["K2c", "condition"]
    assert rows["contrast"].str.endswith("with base-a, relation home").any()
    without, _ = decided_on(best[known], ("K2c",))
    assert without.loc["K2c", "verdict"] == "supported"
    assert "No relations that were not trained on" in without.loc["K2c", "note"]


def test_every_seeds_own_base_has_its_own_memory_levels():
    about = about_bases(HARDLY)
    memory = about.memory
    by_seed = pd.concat([memory.assign(seed=seed) for seed in range(1, SEEDS + 1)])
    items = items_table()
    own = dict.fromkeys(MODELS, PER_SEED)
    results, _ = decided_on(items, CLAIMS, AboutBases(memory=by_seed), own)
    one, _ = decided_on(items, CLAIMS, about)
    assert results["estimate"].to_dict() == pytest.approx(one["estimate"].to_dict())
    assert set(results["scope"]) == {"of bases that are made so, from 3 of them"}
    assert set(one["scope"]) == {"of this one base: base-a, base-b"}
    lacking = AboutBases(memory=by_seed[by_seed["seed"] != 2])
    with pytest.raises(ShowhowError, match="lacks the base of seed 2 of base-a on facts"):
        decided_on(items, ("K2a",), lacking, own)


@pytest.mark.parametrize("claim", ["K1", "K2b"])
def test_what_was_not_asked_before_fine_tuning_leaves_a_claim_open_and_says_so(claim):
    memory = about_bases().memory.drop(columns="untuned")
    results, _ = decided(as_published, AboutBases(memory=memory), (claim,))
    assert results.loc[claim, "verdict"] == "inconclusive"
    assert "not asked the same questions before fine-tuning" in results.loc[claim, "note"]


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
