"""Which arms a claim compares, and what it says of those that it does not."""

from dataclasses import replace

import numpy as np
import pytest

from showhow.analysis.claims import load_claim
from showhow.analysis.claims.deciding import decide
from showhow.analysis.estimation import Contrast, log_odds
from showhow.analysis.evidence import AboutBases
from showhow.calibration.scenarios.levels import arms, levels_at, none_and_levels
from showhow.calibration.simulation import DETAIL, Design, Truth, simulate

GAINS = {"short": 0.3, "medium": 0.3, "long": 0.3}
CONTROLS = {"shuffled_steps": 0.3, "wrong_steps": 0.3, "filler": 0.3, "answer_first": 0.3}


def evidence_of(truth, kinds=None):
    design = Design(seeds=4, bases=4, problems=100)
    return simulate(truth, design, np.random.default_rng(0), AboutBases(kinds or {}))


def asked(claim, truth, kinds=None):
    return load_claim(claim).ask(evidence_of(truth, kinds), 0.05)


def names(found):
    return [each.name for conditions in found.by_task.values() for each in conditions]


def with_tokens(**tokens):
    """None matched on tokens saw 100, the levels so many; in one task."""
    accuracy = none_and_levels(GAINS, tasks=("listops",))
    trained = {arm: tokens.get(arm.variant, 100) for arm in accuracy}
    return Truth(accuracy, target_tokens=trained)


def test_as_many_target_tokens_are_asked_of_the_levels_that_had_no_more():
    found = asked("C1", with_tokens(short=105, medium=106, long=300))
    by_tokens = [name for name in names(found) if "target tokens" in name]
    assert by_tokens == ["short minus none, as many target tokens"]
    told = "of short and not of medium, long (listops with decoder-150k against none)"
    assert told in found.scope


def test_the_scope_of_a_verdict_names_the_levels_that_were_not_asked_for_tokens():
    found = evidence_of(with_tokens(long=300))
    (result,), _ = decide([load_claim("C1")], found, {})
    assert "of short, medium and not of long" in result.scope
    (result,), _ = decide([load_claim("C1")], evidence_of(with_tokens()), {})
    assert "tokens" not in result.scope


def test_an_arm_that_no_level_has_so_few_tokens_as_is_not_matched_on_tokens():
    found = asked("C1", with_tokens(short=106, medium=200, long=300))
    assert not found.by_task
    assert "as many target tokens" in found.missing


@pytest.mark.parametrize(
    ("claim", "split"), [("C1", "test"), ("C2", "test"), ("C3", "test"), ("C5", "longer")]
)
def test_a_task_that_lacks_an_arm_is_named(claim, split):
    accuracy = none_and_levels(GAINS, tasks=("listops",))
    if claim == "C2":
        accuracy |= arms(levels_at(0.8, 0.4), ("listops",), model="decoder-40k")
    if split != "test":
        accuracy |= none_and_levels(GAINS, tasks=("listops",), split=split)
    steps = {arm: 1200 for arm in accuracy if arm.match == "target_tokens"}
    alone = arms({"medium": 0.5}, ("parity",))
    found = asked(claim, Truth({**accuracy, **alone}, steps))
    assert set(found.by_task) == {"listops"}
    assert "Not asked of parity: no " in found.note


def test_a_training_size_that_one_model_alone_has_counts_for_no_interaction():
    accuracy = {
        **none_and_levels(GAINS, tasks=("listops",)),
        **arms(levels_at(0.8, 0.4), ("listops",), model="decoder-40k"),
        **arms(levels_at(0.2, 0.7), ("listops",), n_train=200),
    }
    everything = evidence_of(Truth(accuracy))
    shared = {arm: right for arm, right in everything.correct.items() if arm.n_train != 200}
    slopes = [
        load_claim("C2").ask(evidence, 0.05).by_task["listops"][0].contrast.value
        for evidence in (everything, replace(everything, correct=shared))
    ]
    assert slopes[0] == slopes[1]


def test_a_task_without_the_needed_controls_is_named():
    accuracy = {
        **arms({"medium": 0.7, **CONTROLS}, ("listops",)),
        **arms({"medium": 0.7, "filler": 0.3}, ("parity",)),
    }
    found = asked("C6", Truth(accuracy))
    assert set(found.by_task) == {"listops"}
    assert "Not asked of parity: no runs of medium" in found.note


def test_each_variant_of_a_control_is_compared_at_the_largest_size_by_steps():
    kinds = {"told": "medium", "wrong_early": "wrong_steps", "wrong_late": "wrong_steps"}
    controls = {"shuffled_steps": 0.3, "wrong_early": 0.3, "wrong_late": 0.3}
    accuracy = {
        **arms({"told": 0.7, **controls}, ("listops",), n_train=800, match="steps"),
        **arms({"told": 0.7, **controls}, ("listops",), n_train=800, match="target_tokens"),
        **arms({"told": 0.7, **controls}, ("listops",), n_train=800),
        **arms({"told": 0.7, **controls}, ("listops",), n_train=200),
    }
    detail = {**DETAIL, **dict.fromkeys(kinds), "told": 2}
    found = asked("C6", Truth(accuracy, detail=detail), kinds)
    assert [name.partition(" (")[0] for name in names(found)] == [
        "told minus shuffled_steps",
        "told minus wrong_early",
        "told minus wrong_late",
    ]
    assert "Compared: listops with decoder-150k N 800 (steps)." in found.note


def trained(longest, levels=300, plain=300):
    """None trained for `plain` and for `longest` steps beside levels of `levels`; in one task."""
    accuracy = none_and_levels(GAINS, tasks=("listops",), none=0.3, matched=0.4)
    of = {"none": plain, **dict.fromkeys(GAINS, levels)}
    steps = {arm: longest if arm.match == "target_tokens" else of[arm.variant] for arm in accuracy}
    return Truth(accuracy, steps)


@pytest.mark.parametrize(("longest", "levels"), [(599, 300), (1200, 1201)])
def test_none_is_trained_longer_where_it_took_twice_the_steps_and_as_many_as_the_levels(
    longest, levels
):
    found = asked("C3", trained(longest, levels))
    assert not found.by_task
    assert "at least 2 times as long as the plain one" in found.missing
    assert asked("C3", trained(max(600, levels), levels)).by_task


def test_training_that_brought_as_much_in_fewer_steps_might_bring_more():
    """Ten times as many steps, each doubling worth as much: more doublings' worth at twice."""

    def reached(longest):
        found = asked("C3", trained(longest)).by_task["listops"]
        value = {each.name.rpartition(": ")[2]: each.contrast.value for each in found}
        plain, longer, on = (
            value[f"none{what}, over zero"]
            for what in ("", ", trained longest", ", if training on added as much")
        )
        return (on - longer) / (longer - plain)

    assert reached(600) == pytest.approx(np.log2(10))
    assert reached(3000) == pytest.approx(1)
    assert reached(30_000) == pytest.approx(1)


@pytest.mark.parametrize("claim", ["C3", "C5"])
def test_each_variant_of_the_answer_alone_is_compared_by_itself(claim):
    truth = trained(1200)
    longer = none_and_levels(GAINS, tasks=("listops",), split="longer")
    accuracy = {**truth.accuracy, **longer}
    bare = {
        replace(arm, variant="bare"): value
        for arm, value in accuracy.items()
        if arm.variant == "none" and arm.match == "examples"
    }
    detail = {**DETAIL, "bare": 0}
    found = names(asked(claim, replace(truth, accuracy={**accuracy, **bare}, detail=detail)))
    for variant in ("none", "bare"):
        assert any(
            f"{variant}, over zero" in name or f"minus {variant} on" in name for name in found
        )


def solving(share, guessed):
    """Forty problems in two units: guesses get some right, and solving a share of the rest."""
    right = np.zeros(40)
    right[: round(share * (40 - guessed))] = 1
    right[40 - guessed :] = 1
    return Contrast({"test": np.tile(right, (2, 1))}, ("0", "1"), 2)


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_log_odds_are_of_what_is_solved_beyond_guessing(share):
    by_guess = np.array([0] * 24 + [1] * 16)
    asked_of = log_odds(solving(share, guessed=16), by_guess)
    assert asked_of.value == pytest.approx(np.log(share / (1 - share)), abs=0.1)


def test_what_is_no_better_than_guessing_counts_as_the_least():
    by_guess = np.array([0] * 24 + [1] * 16)
    least = log_odds(solving(0.0, guessed=16), by_guess, least=0.05)
    assert least.value == pytest.approx(np.log(0.05 / 0.95))
    everything = log_odds(solving(0.5, guessed=16), np.ones(40), least=0.05)
    assert np.isfinite(everything.value)
