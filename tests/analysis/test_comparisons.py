"""Variants that a study names are compared wherever both were trained, and so are two studies."""

import numpy as np
import pandas as pd
import pytest
from simulated_study import Arm, SimulatedStudy, items_table

from showhow.analysis.comparisons import answers_of, compared
from showhow.analysis.estimation import Estimate, holm
from showhow.analysis.evidence import Arm as Answered
from showhow.analysis.side_by_side import differences, independent

BIG, SMALL = "decoder-600k", "decoder-40k"


def study(**changes) -> SimulatedStudy:
    arms = tuple(
        Arm(task, variant, model, n_train)
        for task in ("listops", "addition")
        for variant in ("none", "medium")
        for model in (SMALL, BIG)
        for n_train in (500, 2000)
    )
    settings = {"seeds": (1, 2, 3, 4, 5), "n_test": 150, "random_seed": 3, **changes}
    return SimulatedStudy(**{"arms": arms, **settings}).with_effects(gain=2.0, gain_longer=0.0)


@pytest.fixture(scope="module")
def evidence():
    return answers_of(items_table(study()))


def test_each_task_model_size_and_split_is_a_contrast_the_test_split_first(evidence):
    found = compared(evidence, [("medium", "none")])
    assert len(found) == 2 * 2 * 2 * 2
    assert found["split"].tolist() == ["test"] * 8 + ["longer"] * 8
    assert set(found["unit"]) == {"seed"}
    assert (found[["units", "problems", "n"]] == (5, 150, 10)).all(axis=None)


def test_a_contrast_is_the_difference_of_the_accuracies_with_the_claims_interval(evidence):
    found = compared(evidence, [("medium", "none")]).iloc[0]
    arm = Answered(found.task, "medium", found.model, found.n_train, found.split)
    other = Answered(found.task, "none", found.model, found.n_train, found.split)
    assert found.accuracy_first == pytest.approx(evidence.correct[arm].mean())
    assert found.accuracy_second == pytest.approx(evidence.correct[other].mean())
    assert found.estimate == pytest.approx(found.accuracy_first - found.accuracy_second)
    known = (evidence.accuracy(arm) - evidence.accuracy(other)).estimate
    assert (found.ci_low, found.ci_high) == pytest.approx(known.interval())
    assert found.p == pytest.approx(known.p_of(0.0))


def test_the_other_way_round_every_sign_is_the_other(evidence):
    forth, back = (compared(evidence, [pair]) for pair in (("medium", "none"), ("none", "medium")))
    assert forth["estimate"].to_numpy() == pytest.approx(-back["estimate"].to_numpy())
    assert forth["ci_low"].to_numpy() == pytest.approx(-back["ci_high"].to_numpy())
    assert forth["p"].to_numpy() == pytest.approx(back["p"].to_numpy())


def test_p_is_corrected_for_all_contrasts_of_the_study(evidence):
    found = compared(evidence, [("medium", "none"), ("none", "medium")])
    assert found["p_holm"].tolist() == pytest.approx(holm(found["p"].tolist()))


def test_of_one_seed_there_is_no_interval_and_no_test():
    one = items_table(study(seeds=(1,)))
    two = items_table(
        study(arms=(Arm("parity", "none", BIG, 500), Arm("parity", "medium", BIG, 500)))
    )
    found = compared(answers_of(pd.concat([one, two])), [("medium", "none")])
    lone = found[found["units"] == 1]
    assert len(lone) == 16
    assert lone[["ci_low", "ci_high", "p", "p_holm"]].isna().all(axis=None)
    assert lone["estimate"].notna().all()
    others = found[found["units"] > 1]
    assert others["p_holm"].tolist() == pytest.approx(holm(others["p"].tolist()))


def test_only_seeds_that_both_have_count():
    items = items_table(study())
    fewer = items[(items["variant"] != "none") | (items["seed"] <= 3)]
    found = compared(answers_of(fewer), [("medium", "none")])
    assert set(found["units"]) == {3}
    assert set(found["n"]) == {6}


def test_variants_with_no_arm_in_common_give_no_row():
    arms = (Arm("listops", "none", SMALL, 500), Arm("listops", "medium", BIG, 500))
    found = compared(answers_of(items_table(study(arms=arms))), [("medium", "none")])
    assert found.empty
    assert "p_holm" in found


def test_bases_that_seeds_share_are_the_units():
    found = compared(answers_of(items_table(study()), {SMALL: 2}), [("medium", "none")])
    of_small = found[found["model"] == SMALL]
    assert set(of_small["unit"]) == {"base"}
    assert set(of_small["units"]) == {2}
    assert set(found.loc[found["model"] == BIG, "unit"]) == {"seed"}


def test_models_with_random_weights_are_compared_as_well():
    arms = tuple(Arm("listops", kind, "decoder-150k-random", 500) for kind in ("none", "medium"))
    found = compared(answers_of(items_table(study(arms=arms))), [("medium", "none")])
    assert len(found) == 2


# Two studies.

EVERY_PLACE = {(task, split) for task in ("listops", "addition") for split in ("test", "longer")}


def test_a_study_beside_itself_differs_nowhere(evidence):
    found = differences(evidence, evidence, EVERY_PLACE)
    assert len(found) == len(evidence.correct)
    assert (found["difference"] == 0).all()
    assert set(found["compared"]) == {"paired"}


def test_conditions_of_both_are_compared_and_the_largest_difference_comes_first(evidence):
    items = items_table(study())
    worse = (items["variant"] == "medium") & (items["model"] == BIG) & (items["n_train"] == 500)
    changed = items.assign(correct=np.where(worse, False, items["correct"]))
    changed = changed[changed["task"] == "listops"]
    found = differences(evidence, answers_of(changed), EVERY_PLACE)
    assert set(found["task"]) == {"listops"}
    assert found["difference"].abs().is_monotonic_decreasing
    first = found.iloc[0]
    assert (first["variant"], first["model"], first["n_train"]) == ("medium", BIG, 500)
    assert first["b"] == 0
    assert first["difference"] == pytest.approx(first["a"])


def test_without_the_same_problems_or_seeds_the_interval_is_wider(evidence):
    again = answers_of(items_table(study(random_seed=3)).query("seed > 0"))
    paired = differences(evidence, again, EVERY_PLACE)
    unpaired = differences(evidence, again, set())
    assert set(unpaired["compared"]) == {"unpaired"}
    width = [(each["ci_high"] - each["ci_low"]).mean() for each in (paired, unpaired)]
    assert width[0] < width[1]
    fewer = answers_of(items_table(study()).query("seed <= 3"))
    assert set(differences(evidence, fewer, EVERY_PLACE)["compared"]) == {"unpaired"}


def test_variances_of_what_is_independent_add_up():
    found = independent(Estimate(0.7, 0.03, 4), Estimate(0.5, 0.04, 9))
    assert found.value == pytest.approx(0.2)
    assert found.error == pytest.approx(0.05)
    assert 4 < found.df < 9
    assert independent(Estimate(0.7, np.inf, 1), Estimate(0.5, 0.04, 9)).interval() == (
        -np.inf,
        np.inf,
    )
