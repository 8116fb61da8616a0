from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from simulated_study import (
    DETAIL,
    Arm,
    SimulatedStudy,
    items_table,
    matched_study,
    runs_table,
    shortcuts_table,
)

from showhow.analysis.claims import claim_ids, decide_claims, load_claim
from showhow.analysis.claims.claim import ClaimResult, TaskRow
from showhow.analysis.evidence import gather_evidence
from showhow.base.errors import ShowhowError

EFFECTS = {
    "explanations help": {"gain": 4.0, "gain_longer": 7.0, "ability": -3.0},
    "nothing helps": {"gain": 0.0, "gain_longer": 0.0, "ability": -3.0},
    "explanations harm": {"gain": -2.0, "gain_longer": -2.5, "ability": 1.0},
}
EXPLANATIONS = ("C1", "C2", "C3", "C4", "C5")


@cache
def small_tables(effects: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    return tables_of(matched_study(**EFFECTS[effects]))


def tables_of(study: SimulatedStudy):
    return runs_table(study), items_table(study), shortcuts_table(study)


def decided(tables, claims=None, keep="task == task", margins=None, detail=None, **told):
    runs, items = (table.query(keep) for table in tables[:2])
    evidence = gather_evidence(runs, items, detail or DETAIL, shortcuts=tables[2], **told)
    results, by_task = decide_claims(evidence, claims, margins)
    return results.set_index("id"), by_task


@pytest.mark.parametrize(
    ("effects", "verdicts"),
    [
        ("explanations help", {"C1": "supported", "C3": "supported", "C4": "supported"}),
        ("nothing helps", {"C1": "contradicted", "C3": "contradicted", "C4": "inconclusive"}),
        ("explanations harm", {"C1": "contradicted", "C3": "contradicted", "C4": "contradicted"}),
        ("explanations help", {"C5": "supported"}),
        ("nothing helps", {"C5": "inconclusive", "C2": "inconclusive"}),
        ("explanations harm", {"C5": "contradicted"}),
    ],
)
def test_claims_are_decided_by_what_was_planted(effects, verdicts):
    results, _ = decided(small_tables(effects), list(verdicts))
    assert results["verdict"].to_dict() == verdicts


@pytest.mark.parametrize(
    ("per_tenfold", "verdict"), [(-1.5, "supported"), (1.5, "contradicted"), (0.0, "inconclusive")]
)
def test_detail_for_small_models_is_decided_by_the_interaction(per_tenfold, verdict):
    """With -1.5 nothing is gained from detail at 600k parameters."""
    gain = 0.9 if per_tenfold else 0.0
    study = matched_study(gain=gain, gain_per_tenfold=per_tenfold)
    study = replace(study, seeds=tuple(range(1, 11)))
    tables = (*tables_of(study)[:2], shortcuts_table(study, 0.1))
    results, _ = decided(tables, ["C2"], margins={"C2": 0.07})
    assert results.loc["C2", "verdict"] == verdict
    assert "Ludan" in results.loc["C2", "note"]


def test_detail_that_still_helps_the_largest_model_contradicts_its_being_alike():
    study = matched_study(gain=6.0, gain_per_tenfold=-1.5, ability=-3.0)
    results, _ = decided(tables_of(study), ["C2"])
    assert results.loc["C2", "verdict"] == "contradicted"
    assert "largest model" in results.loc["C2", "condition"]


@pytest.mark.parametrize("claim_id", claim_ids())
def test_every_claim_says_what_decides_it(claim_id):
    claim = load_claim(claim_id)
    assert claim.id == claim_id
    for part in ("statement", "statistic", "contrast", "criterion"):
        assert getattr(claim, part).endswith(".")


def test_every_number_of_a_decided_claim_is_there():
    results, by_task = decided(small_tables("explanations help"), EXPLANATIONS)
    numbers = results[["estimate", "ci_low", "ci_high", "p", "p_holm"]].to_numpy(dtype=float)
    assert np.isfinite(numbers).all()
    assert (results["n"] > 0).all()
    assert (results["ci_low"] <= results["estimate"]).all()
    assert (results["estimate"] <= results["ci_high"]).all()
    assert (results["p_holm"] >= results["p"]).all()
    assert set(by_task["id"]) == set(results.index)
    assert by_task["p"].between(0, 1).all()


def test_tables_have_the_columns_of_their_rows():
    results, by_task = decided(small_tables("explanations help"), ["C1"])
    assert results.reset_index().columns.tolist() == list(ClaimResult.__dataclass_fields__)
    assert by_task.columns.tolist() == list(TaskRow.__dataclass_fields__)


def test_a_verdict_has_its_rows_for_each_task_together_and_without_each():
    results, by_task = decided(small_tables("explanations help"), ["C1"])
    tasks = {"all", "all but addition", "all but listops", "addition", "listops"}
    assert set(by_task["task"]) == tasks
    assert results.loc["C1", "tasks"] == "addition supported; listops supported"
    assert results.loc["C1", "rests_on"] == ""


@cache
def one_task_helps():
    helped = tables_of(matched_study(gain=4.0, ability=-3.0))
    not_helped = tables_of(matched_study(gain=0.0, ability=-3.0))
    return tuple(
        pd.concat([with_gain.query("task == 'addition'"), without.query("task == 'listops'")])
        for with_gain, without in zip(helped, not_helped, strict=True)
    )


def test_tasks_that_contradict_each_other_are_a_verdict_of_their_own():
    results, _ = decided(one_task_helps(), ["C1", "C3"])
    assert results["verdict"].to_dict() == {"C1": "mixed", "C3": "mixed"}
    assert results.loc["C1", "tasks"] == "addition supported; listops contradicted"


def test_a_gain_that_rests_on_one_task_is_none():
    """Data needed: one task needs less, the other neither less nor more."""
    results, _ = decided(one_task_helps(), ["C4"])
    assert results.loc["C4", "verdict"] == "inconclusive"
    assert results.loc["C4", "rests_on"] == "addition"


def test_one_base_is_said_to_be_one():
    tables = small_tables("explanations help")
    results, _ = decided(tables, ["C1"])
    assert results.loc["C1", "scope"] == "of this one base: decoder-40k, decoder-600k"
    per_seed = dict.fromkeys(("decoder-40k", "decoder-600k"), 0)
    results, _ = decided(tables, ["C1"], instances=per_seed)
    assert "one base" not in results.loc["C1", "scope"]


def test_seeds_of_one_base_count_once():
    tables = small_tables("explanations help")
    two = dict.fromkeys(("decoder-40k", "decoder-600k"), 2)
    (many, _), (few, _) = (decided(tables, ["C1"], instances=told) for told in ({}, two))
    width = [result.loc["C1", "ci_high"] - result.loc["C1", "ci_low"] for result in (many, few)]
    assert width[1] > width[0]


def test_more_claims_never_lower_the_p_of_one():
    tables = small_tables("explanations help")
    alone, _ = decided(tables, ["C1"])
    among, _ = decided(tables, EXPLANATIONS)
    assert among.loc["C1", "p"] == alone.loc["C1", "p"]
    assert among.loc["C1", "p_holm"] >= alone.loc["C1", "p_holm"]


def test_a_margin_of_the_study_stands_in_place_of_the_claims_own():
    tables = small_tables("explanations help")
    results, _ = decided(tables, ["C1"], margins={"C1": 0.95})
    assert results.loc["C1", "verdict"] == "contradicted"


def test_mean_gain_has_a_row_for_each_task_and_model_and_is_the_plain_difference():
    tables = small_tables("explanations help")
    _, by_task = decided(tables, ["C1"])
    rows = by_task[by_task["contrast"].str.startswith("mean of levels minus none")]
    assert len(rows) == 4
    assert (rows["demand"] == "").all()
    row = rows[rows["contrast"].str.contains("600k") & (rows["task"] == "addition")].iloc[0]
    cell = tables[0].query(
        "task == 'addition' and n_train == 2000 and split == 'test' and match == 'steps' "
        "and model == 'decoder-600k'"
    )
    accuracy = cell.groupby("variant")["accuracy"].mean()
    wanted = accuracy[["short", "medium", "long"]].mean() - accuracy["none"]
    assert row["estimate"] == pytest.approx(wanted)


def test_solved_is_better_than_the_best_flat_shortcut():
    study = matched_study(**EFFECTS["explanations help"])
    results, _ = decided(small_tables("explanations help"), ["C3"])
    assert "addition 0.400, listops 0.400" in results.loc["C3", "note"]
    as_good = (*tables_of(study)[:2], shortcuts_table(study, 0.97))
    results, _ = decided(as_good, ["C3"])
    assert results.loc["C3", "verdict"] == "contradicted"


def test_what_cannot_be_solved_is_not_told_of_an_arm_that_was_trained_for_one_length():
    results, _ = decided(small_tables("explanations help"), ["C3"], "match == 'steps'")
    assert results.loc["C3", "verdict"] == "inconclusive"
    assert "more steps" in results.loc["C3", "note"]


def test_the_area_between_curves_turns_its_sign_when_the_arms_are_swapped():
    def area(detail):
        keep = "variant in ('none', 'long')"
        _, by_task = decided(small_tables("explanations help"), ["C4"], keep, detail=detail)
        return by_task[by_task["contrast"].str.startswith("area")].iloc[0]["estimate"]

    assert area({"none": 0, "long": 3}) > 0
    assert area({"none": 3, "long": 0}) == pytest.approx(-area({"none": 0, "long": 3}))


def test_training_sizes_of_unequal_steps_tell_nothing_of_the_data_needed():
    runs, items, shortcuts = small_tables("explanations help")
    unequal = runs.assign(steps=runs["n_train"])
    results, _ = decided((unequal, items, shortcuts), ["C4"])
    assert results.loc["C4", "verdict"] == "inconclusive"
    assert "as many steps" in results.loc["C4", "note"]


def test_the_data_needed_is_known_up_to_the_training_sizes_around_it():
    results, _ = decided(small_tables("explanations help"), ["C4"])
    note = results.loc["C4", "note"]
    assert "addition with decoder-40k to 90%: above 2000 with, above 2000 without" in note


def test_controls_and_random_weights_decide_nothing():
    runs, items, shortcuts = small_tables("explanations help")
    others = {"short": "filler", "long": "wrong_steps", "medium": "medium", "none": "none"}
    beside = [
        table.assign(
            variant=table["variant"].map(others), model=table["model"].str.replace("600k", "1m")
        ).assign(model=lambda table: table["model"] + "-random")
        for table in (runs, items)
    ]
    controls = [
        table[table["variant"].isin(["short", "long"])].assign(variant=table["variant"].map(others))
        for table in (runs, items)
    ]
    everything = [
        pd.concat([mine, *more])
        for mine, *more in zip((runs, items), beside, controls, strict=True)
    ]
    for one, other in zip(
        decided((*everything, shortcuts), EXPLANATIONS),
        decided((runs, items, shortcuts), EXPLANATIONS),
        strict=True,
    ):
        pd.testing.assert_frame_equal(one, other)


def test_a_column_tells_random_weights_where_there_is_one():
    runs, items, shortcuts = small_tables("explanations help")
    tables = [
        table.assign(random_weights=table["model"] == "decoder-40k") for table in (runs, items)
    ]
    _, by_task = decided((*tables, shortcuts), ["C1"])
    assert not by_task["contrast"].str.contains("decoder-40k").any()


def test_equal_input_gives_equal_bytes_whatever_the_order_of_rows():
    tables = small_tables("explanations help")
    shuffled = [table.sample(frac=1, random_state=1) for table in tables]
    for one, other in zip(
        decided(tables, EXPLANATIONS), decided(shuffled, EXPLANATIONS), strict=True
    ):
        assert one.to_csv() == other.to_csv()


def test_another_task_leaves_the_intervals_of_a_task_as_they_were():
    def rows_of_listops(keep):
        _, by_task = decided(small_tables("explanations help"), ["C1", "C4", "C5"], keep)
        return by_task[by_task["task"] == "listops"].reset_index(drop=True)

    alone = rows_of_listops("task == 'listops'")
    pd.testing.assert_frame_equal(rows_of_listops("task == task"), alone)


@pytest.mark.parametrize(
    ("keep", "claims"),
    [
        ("variant == 'none'", ["C1", "C2", "C3", "C4", "C5", "C6"]),
        ("variant != 'none'", ["C1", "C3", "C4", "C5"]),
        ("n_train == 500", ["C4"]),
        ("split == 'test'", ["C5"]),
        ("model == 'decoder-40k'", ["C2"]),
        ("match == 'steps'", ["C1", "C3"]),
    ],
)
def test_a_missing_arm_leaves_a_claim_inconclusive_and_says_what_is_missing(keep, claims):
    results, _ = decided(small_tables("explanations help"), claims, keep)
    assert (results["verdict"] == "inconclusive").all()
    assert (results["n"] == 0).all()
    assert results["note"].str.contains(r"^No |only").all()


@pytest.mark.parametrize("claim", ["C1", "C2", "C3", "C5"])
def test_a_level_that_stands_nowhere_beside_all_others_is_named_and_nothing_is_decided(claim):
    """At no size all levels: one has the smaller size alone, the others the larger."""
    keep = "variant == 'none' or (variant == 'long') == (n_train == 500)"
    results, _ = decided(small_tables("explanations help"), [claim], keep)
    assert results.loc[claim, "verdict"] == "inconclusive"
    assert results.loc[claim, "n"] == 0
    assert "N 2000 (match: steps) lacks long" in results.loc[claim, "note"]


@pytest.mark.parametrize("claim", ["C1", "C5"])
def test_none_of_other_steps_stands_for_no_arm_that_is_matched_on_steps(claim):
    runs, items, shortcuts = small_tables("explanations help")
    by_examples = {("none", "steps"): "examples"}

    def rematched(table):
        pairs = zip(table["variant"], table["match"], strict=True)
        return table.assign(match=[by_examples.get(pair, pair[1]) for pair in pairs])

    same = (rematched(runs), rematched(items), shortcuts)
    assert decided(same, [claim])[0].loc[claim, "verdict"] == "supported"
    fewer = runs.assign(steps=runs["steps"].mask(runs["variant"] == "none", runs["steps"] / 10))
    results, _ = decided((rematched(fewer), rematched(items), shortcuts), [claim])
    assert results.loc[claim, "verdict"] == "inconclusive"
    assert "stands beside none" in results.loc[claim, "note"]


@pytest.mark.parametrize("keep", ["(variant == 'none') == (seed == 1)", "seed == 1"])
def test_arms_without_two_seeds_in_common_decide_nothing(keep):
    results, _ = decided(small_tables("explanations help"), ["C1", "C4"], keep)
    assert (results["verdict"] == "inconclusive").all()


def test_arms_are_compared_on_the_seeds_that_all_of_them_have():
    keep = "variant == 'none' or seed < 3"
    _, by_task = decided(small_tables("explanations help"), ["C1"], keep)
    rows = by_task[by_task["contrast"].str.startswith("mean of levels minus none")]
    assert (rows["n"] == 8).all()  # four arms, two seeds


CONTROLS = ("shuffled_steps", "wrong_steps", "filler", "answer_first")


def tables_of_controls(controls, gain=3.0):
    arms = tuple(
        Arm(task, variant, "decoder-40k", 500)
        for task in ("listops", "addition")
        for variant in ("medium", *controls)
    )
    study = SimulatedStudy(arms, seeds=(1, 2, 3, 4, 5), splits=("test",), n_test=300)
    return tables_of(study.with_effects(gain=gain, control_gain=0.5))


@pytest.mark.parametrize(
    ("gain", "verdict"), [(3.0, "supported"), (0.5 / 0.9, "inconclusive"), (-1.0, "contradicted")]
)
def test_what_helps_in_an_explanation_is_decided_by_every_control(gain, verdict):
    results, _ = decided(tables_of_controls(CONTROLS, gain), ["C6"])
    assert results.loc["C6", "verdict"] == verdict


def test_that_steps_are_right_and_in_order_is_not_told_of_filler_alone():
    results, _ = decided(tables_of_controls(("filler", "wrong_steps")), ["C6"])
    assert results.loc["C6", "verdict"] == "inconclusive"
    assert "shuffled_steps" in results.loc["C6", "note"]


def test_a_variant_of_unknown_detail_is_an_error():
    with pytest.raises(ShowhowError, match="medium"):
        decided(small_tables("explanations help"), detail={"none": 0, "short": 1, "long": 3})


def test_an_unknown_claim_is_an_error_that_lists_the_claims():
    with pytest.raises(ShowhowError, match="C1, C2"):
        decided(small_tables("explanations help"), ["C9"])


def test_runs_on_different_problems_are_an_error():
    runs, items, shortcuts = small_tables("explanations help")
    with pytest.raises(ShowhowError, match="was evaluated on 299 problems"):
        decided((runs, items.iloc[1:], shortcuts))


def test_a_run_that_is_there_twice_is_an_error():
    runs, items, shortcuts = small_tables("explanations help")
    with pytest.raises(ShowhowError, match="twice"):
        decided((runs, pd.concat([items, items.iloc[:300]]), shortcuts))
