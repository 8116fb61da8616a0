from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from simulated_study import (
    DETAIL,
    Arm,
    SimulatedStudy,
    claims_table,
    default_study,
    items_table,
    runs_table,
    small_study,
)

from showhow.analysis.claims import claim_ids, decide_claims, load_claim
from showhow.base.errors import ShowhowError

EFFECTS = {
    "explanations help": {"gain": 4.0, "gain_longer": 5.0, "ability": -2.0},
    "nothing helps": {"gain": 0.0, "gain_longer": 0.0, "ability": -3.0},
    "explanations harm": {"gain": -2.0, "gain_longer": -2.0},
}


@cache
def small_tables(effects: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    study = small_study(**EFFECTS[effects])
    return runs_table(study), items_table(study)


@cache
def default_tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    return runs_table(default_study()), items_table(default_study())


EXPLANATIONS = ("C1", "C2", "C3", "C4", "C5")


def decided(tables, claims=None, keep="task == task", resamples=500):
    runs, items = (table.query(keep) for table in tables)
    results, by_task = decide_claims(runs, items, DETAIL, claims, resamples)
    return results.set_index("id"), by_task


@cache
def default_decided() -> tuple[pd.DataFrame, pd.DataFrame]:
    return decided(default_tables(), EXPLANATIONS)


@pytest.mark.parametrize(
    ("effects", "verdicts"),
    [
        ("explanations help", {"C1": "supported", "C3": "supported", "C4": "supported"}),
        ("nothing helps", {"C1": "inconclusive", "C3": "contradicted", "C4": "inconclusive"}),
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
    study = small_study(gain=1.0, gain_per_tenfold=per_tenfold)
    results, _ = decided((runs_table(study), items_table(study)), ["C2"])
    assert results.loc["C2", "verdict"] == verdict
    assert "Ludan" in results.loc["C2", "note"]


def test_every_claim_says_what_decides_it():
    assert set(EXPLANATIONS) < set(claim_ids())
    for claim_id in claim_ids():
        claim = load_claim(claim_id)
        assert claim.id == claim_id
        for part in ("statement", "statistic", "contrast", "criterion"):
            assert getattr(claim, part).endswith(".")


def test_an_unbalanced_grid_gets_every_number():
    results, by_task = default_decided()
    numbers = results[["estimate", "ci_low", "ci_high", "p"]].to_numpy(dtype=float)
    assert np.isfinite(numbers).all()
    assert (results["n"] > 0).all()
    assert (results["ci_low"] <= results["estimate"]).all()
    assert (results["estimate"] <= results["ci_high"]).all()
    assert set(by_task["id"]) == set(results.index)
    assert by_task["p"].between(0, 1).all()
    assert (by_task["p_holm"] >= by_task["p"]).all()


def test_tables_have_the_columns_that_the_report_reads():
    results, by_task = decided(small_tables("explanations help"), ["C1"])
    assert results.reset_index().columns.tolist() == claims_table().columns.tolist()
    known = ["id", "task", "model", "contrast", "estimate", "ci_low", "ci_high", "p", "p_holm", "n"]
    assert by_task.columns.tolist() == [*known, "note"]


def test_best_level_has_a_row_for_each_task_and_model_and_each_task():
    _, by_task = default_decided()
    best = by_task[by_task["contrast"] == "best explained level minus none"]
    pairs = set(zip(best["task"], best["model"], strict=True))
    assert {("listops", "t5-250k"), ("listops", "decoder-600k"), ("addition", "all")} <= pairs
    assert {("listops", "all"), ("parity", "all")} <= pairs


def test_mean_gain_is_the_plain_difference_of_accuracies():
    runs, _ = default_tables()
    _, by_task = default_decided()
    cell = runs.query(
        "task == 'addition' and n_train == 8000 and split == 'test' and match == 'examples'"
    )
    accuracy = cell.groupby("variant")["accuracy"].mean()
    row = by_task.query("task == 'addition' and model == 'decoder-150k'").iloc[0]
    assert row["contrast"] == "mean of explained levels minus none"
    wanted = (accuracy["medium"] + accuracy["long"]) / 2 - accuracy["none"]
    assert row["estimate"] == pytest.approx(wanted)


def test_solved_is_half_way_between_guessing_and_all_right():
    def marks(by_task):
        opened = by_task[by_task["id"] == "C3"]
        return {
            row.task: float(row.note.rpartition("solved above ")[2]) for row in opened.itertuples()
        }

    _, by_task = default_decided()
    assert marks(by_task) == {"listops": 0.6, "addition": 0.51, "parity": 0.75}
    runs, items = small_tables("explanations help")
    _, by_task = decided((runs.drop(columns="majority_accuracy"), items), ["C3"])
    assert marks(by_task) == {"listops": 0.5, "addition": 0.5}


def test_data_needed_turns_into_its_inverse_when_the_arms_are_swapped():
    def ratio(detail):
        runs, items = default_tables()
        keep = "task == 'addition' and variant in ('none', 'long')"
        results, _ = decide_claims(runs.query(keep), items.query(keep), detail, ["C4"], 200)
        return results["estimate"].iloc[0]

    assert ratio({"none": 0, "long": 3}) < 1
    assert ratio({"none": 3, "long": 0}) == pytest.approx(1 / ratio({"none": 0, "long": 3}))


def test_controls_random_weights_and_matched_arms_decide_nothing():
    everything, _ = default_decided()
    levels = [variant for variant, detail in DETAIL.items() if detail is not None]
    keep = f"variant in {levels} and match == 'examples' and model != 'decoder-150k-random'"
    pooled, _ = decided(default_tables(), EXPLANATIONS, keep=keep)
    pd.testing.assert_frame_equal(everything, pooled)


def test_a_column_tells_random_weights_where_there_is_one():
    tables = [
        table.assign(random_weights=table["model"] == "decoder-40k")
        for table in small_tables("explanations help")
    ]
    _, by_task = decided(tables, ["C1"])
    assert "decoder-40k" not in set(by_task["model"])


def test_equal_input_gives_equal_bytes_whatever_the_order_of_rows():
    runs, items = small_tables("explanations help")
    shuffled = runs.sample(frac=1, random_state=1), items.sample(frac=1, random_state=2)
    for one, other in zip(decided((runs, items)), decided(shuffled), strict=True):
        assert one.to_csv() == other.to_csv()


def test_another_task_leaves_the_intervals_of_a_task_as_they_were():
    def rows_of_listops(keep):
        _, by_task = decided(small_tables("explanations help"), ["C1", "C4", "C5"], keep)
        rows = by_task[by_task["task"] == "listops"]
        return rows.drop(columns="p_holm").reset_index(drop=True)

    alone = rows_of_listops("task == 'listops'")
    pd.testing.assert_frame_equal(rows_of_listops("task == task"), alone)


@pytest.mark.parametrize(
    ("keep", "claims"),
    [
        ("variant == 'none'", ["C1", "C2", "C3", "C4", "C5"]),
        ("variant != 'none'", ["C1", "C3", "C4", "C5"]),
        ("n_train == 500", ["C4"]),
        ("split == 'test'", ["C5"]),
        ("model == 'decoder-40k'", ["C2"]),
        ("variant == 'none' or seed == 9", ["C1"]),
        ("(variant == 'none') == (seed == 1)", ["C1", "C4"]),
    ],
)
def test_a_missing_arm_leaves_a_claim_inconclusive_and_says_what_is_missing(keep, claims):
    results, _ = decided(small_tables("explanations help"), claims, keep)
    assert (results["verdict"] == "inconclusive").all()
    assert (results["n"] == 0).all()
    assert results["note"].str.startswith("No task").all()


def test_arms_are_compared_on_the_seeds_that_all_of_them_have():
    keep = "variant == 'none' or seed != 3"
    _, by_task = decided(small_tables("explanations help"), ["C1"], keep)
    assert by_task["n"].iloc[0] == 8  # four arms, two seeds


def test_a_variant_of_unknown_detail_is_an_error():
    runs, items = small_tables("explanations help")
    with pytest.raises(ShowhowError, match="medium"):
        decide_claims(runs, items, {"none": 0, "short": 1, "long": 3})


def test_an_unknown_claim_is_an_error_that_lists_the_claims():
    with pytest.raises(ShowhowError, match="C1, C2"):
        decided(small_tables("explanations help"), ["C9"])


def test_runs_on_different_problems_are_an_error():
    runs, items = small_tables("explanations help")
    with pytest.raises(ShowhowError, match="was evaluated on 119 problems"):
        decided((runs, items.iloc[1:]))


def test_a_run_that_is_there_twice_is_an_error():
    runs, items = small_tables("explanations help")
    with pytest.raises(ShowhowError, match="twice"):
        decided((runs, pd.concat([items, items.iloc[:120]])))


def test_choosing_the_best_of_three_levels_does_not_raise_false_alarms():
    arms = tuple(
        Arm("listops", variant, "decoder-40k", 500)
        for variant in ("none", "short", "medium", "long")
    )
    study = SimulatedStudy(arms, seeds=(1, 2, 3), splits=("test",), n_test=60)
    study = study.with_effects(gain=0.0, seed_spread=0.0)
    alarms = 0
    for random_seed in range(30):
        repeated = replace(study, random_seed=random_seed)
        _, by_task = decided((runs_table(repeated), items_table(repeated)), ["C1"])
        best = by_task[by_task["contrast"] == "best explained level minus none"].iloc[0]
        alarms += best["ci_low"] > 0
    assert alarms <= 3
