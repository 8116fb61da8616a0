"""From statistics to verdicts."""

import numpy as np
import pytest

from showhow.analysis.estimation import Contrast, Estimate
from showhow.analysis.judgement import (
    CONTRADICTED,
    INCONCLUSIVE,
    MIXED,
    SUPPORTED,
    Condition,
    above,
    below,
    in_agreement,
    in_every_task,
    judge,
    over_tasks,
    within,
)

UNITS = tuple("abcdef")


def statistic(value, spread=0.02, problems="test"):
    """About that value, in six units that differ by a little."""
    of_unit = value + spread * np.array([-1.0, -0.6, -0.2, 0.2, 0.6, 1.0])
    return Contrast({problems: np.tile(of_unit[:, None], 5)}, UNITS, 6)


def condition(value, name="gain", demand=None, spread=0.02, alternative=""):
    return Condition(name, statistic(value, spread), demand or above(0.0), alternative)


def verdict(by_task, decide=over_tasks):
    return decide(by_task).by_itself


@pytest.mark.parametrize(
    ("value", "wanted"), [(0.2, SUPPORTED), (-0.2, CONTRADICTED), (0.005, INCONCLUSIVE)]
)
def test_a_demand_is_met_not_met_or_neither(value, wanted):
    assert judge([condition(value)]).verdict == wanted
    assert judge([condition(-value, demand=below(0.0))]).verdict == wanted


def test_every_condition_has_to_hold_and_the_weakest_decides():
    judged = judge([condition(0.5, "large"), condition(0.01, "small")])
    assert judged.verdict == INCONCLUSIVE
    assert judged.weakest.name == "small"
    assert judge([condition(0.5), condition(-0.5, "harm")]).verdict == CONTRADICTED


def test_one_thing_said_in_several_ways_is_decided_where_all_of_them_agree():
    def decided(*values):
        conditions = [condition(value, f"scale {n}") for n, value in enumerate(values)]
        return verdict({"a": conditions}, in_agreement)

    assert decided(0.5, 0.2, 0.3) == SUPPORTED
    assert decided(-0.5, -0.2, -0.3) == CONTRADICTED
    assert decided(-0.5, -0.2, 0.3) == decided(-0.5, -0.2, 0.005) == INCONCLUSIVE


def test_more_conditions_are_shown_not_to_hold_less_easily():
    """Of many, one lies low by chance."""
    one = judge([condition(-0.2)])
    several = judge([condition(-0.2), *(condition(0.5, f"{n}") for n in range(9))])
    assert several.p_against == pytest.approx(10 * one.p_against)


@pytest.mark.parametrize(
    ("value", "spread", "wanted"),
    [
        (0.0, 0.02, SUPPORTED),
        (0.0, 0.2, INCONCLUSIVE),
        (0.04, 0.02, INCONCLUSIVE),
        (0.2, 0.02, CONTRADICTED),
        (-0.2, 0.02, CONTRADICTED),
    ],
)
def test_equivalence_takes_both_one_sided_tests(value, spread, wanted):
    assert judge([condition(value, demand=within(0.05), spread=spread)]).verdict == wanted


def test_no_difference_found_is_no_equivalence():
    assert within(0.05).p_unmet(Estimate(0.0, 0.1, 5)) > 0.2


def test_equivalence_is_shown_where_the_interval_of_ninety_percent_lies_within():
    estimate = Estimate(0.01, 0.02, 5)
    low, high = estimate.interval(0.10)
    for margin in (0.99 * high, 1.01 * high):
        assert (within(margin).p_unmet(estimate) <= 0.05) == (-margin < low and high < margin)


def test_one_alternative_that_holds_is_enough_but_counts_as_chosen():
    found = [condition(0.3, "a", alternative="a"), condition(-0.3, "b", alternative="b")]
    judged = judge(found)
    assert judged.verdict == SUPPORTED
    assert judged.weakest.name == "a"
    assert judged.p_for == pytest.approx(2 * judge(found[:1]).p_for)


def test_no_alternative_is_open_only_where_each_is_shown_not_to_be():
    shut = condition(-0.3, "a", alternative="a")
    assert judge([shut, condition(-0.3, "b", alternative="b")]).verdict == CONTRADICTED
    assert judge([shut, condition(0.005, "b", alternative="b")]).verdict == INCONCLUSIVE


def test_conditions_of_two_alternatives_do_not_make_up_for_each_other():
    found = [
        condition(effect, f"{name} {number}", alternative=name)
        for name, effects in (("a", (0.3, -0.3)), ("b", (-0.3, 0.3)))
        for number, effect in enumerate(effects)
    ]
    assert judge(found).verdict == CONTRADICTED


def test_tasks_that_contradict_each_other_are_mixed():
    assert verdict({"one": [condition(0.3)], "other": [condition(-0.3)]}) == MIXED


def test_of_many_tasks_some_contradict_each_other_by_chance():
    """p is .04 on either side: of two tasks that would be little, and so it is of twenty."""
    just = 0.0194
    tasks = {f"task {n}": [condition(just if n % 2 else -just)] for n in range(20)}
    judged = over_tasks(tasks)
    assert {each.verdict for each in judged.by_task.values()} == {SUPPORTED, CONTRADICTED}
    assert verdict(tasks) == INCONCLUSIVE


def test_what_rests_on_one_task_is_no_verdict():
    by_task = {"one": [condition(0.9)], "other": [condition(0.005)]}
    decided = over_tasks(by_task)
    assert decided.together.verdict == SUPPORTED
    assert decided.rests_on == ["one"]
    assert verdict(by_task) == INCONCLUSIVE


def test_one_task_alone_rests_on_nothing_else():
    decided = over_tasks({"one": [condition(0.3)]})
    assert decided.without == {}
    assert verdict({"one": [condition(0.3)]}) == SUPPORTED


def test_tasks_are_averaged_condition_by_condition():
    by_task = {
        "one": [condition(0.1, "x"), condition(0.5, "y")],
        "other": [condition(0.3, "x"), condition(0.7, "y")],
    }
    values = {each.name: each.contrast.value for each in over_tasks(by_task).together.conditions}
    assert values == pytest.approx({"x": 0.2, "y": 0.6})


def test_harm_that_one_task_alone_can_show_stands_against_all():
    by_task = {
        "one": [condition(0.5, "longer"), condition(-0.5, "deeper")],
        "other": [condition(0.5, "longer")],
    }
    assert over_tasks(by_task).together.verdict == CONTRADICTED
    assert verdict(by_task) == MIXED


def test_in_every_task_is_not_on_average():
    by_task = {"one": [condition(0.9)], "other": [condition(0.005)]}
    assert verdict(by_task, in_every_task) == INCONCLUSIVE
    assert over_tasks(by_task).together.verdict == SUPPORTED
    both = {"one": [condition(0.9)], "other": [condition(0.3)]}
    assert verdict(both, in_every_task) == SUPPORTED


def test_a_p_that_the_studys_other_claims_raise_takes_the_verdict_back():
    decided = over_tasks({"one": [condition(0.3)]})
    assert decided.of(0.2, 1.0, 1.0) == INCONCLUSIVE


def test_tasks_contradict_each_other_by_a_p_that_is_corrected_as_every_other():
    """Of twenty claims some are mixed by chance where each may be at five percent."""
    decided = over_tasks({"one": [condition(0.025)], "other": [condition(-0.025)]})
    assert decided.by_itself == MIXED
    assert 0.05 / 20 < decided.p_mixed <= 0.05
    assert decided.of(1.0, 1.0, min(1.0, 20 * decided.p_mixed)) == INCONCLUSIVE
