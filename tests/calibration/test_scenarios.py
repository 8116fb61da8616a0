"""Every claim is held against truths that it may not mistake, and its verdicts hold."""

from functools import cache

import pytest
from numpy.random import default_rng
from scipy.stats import binom

from showhow.analysis.claims import claim_file, claim_ids
from showhow.calibration import scenarios
from showhow.calibration.coverage import coverage
from showhow.calibration.scenario import tally
from showhow.calibration.scenarios import scenarios_of
from showhow.calibration.scenarios.knowledge import Known, mixed, plus, simulate_known
from showhow.calibration.simulation import Design

STUDIES = 12
RATE = 0.05
"""Of false verdicts, at most."""
CHANCE = 1e-4
"""That a test fails where the rate is that."""
CLAIMS = [name for name in claim_ids() if claim_file(name).parent.name == "claims"]


def most(studies: int, rate: float = RATE) -> int:
    """How many false verdicts come out by chance at most, where they have that rate."""
    return int(binom.isf(CHANCE, studies, rate))


@cache
def tallies(claim: str):
    """Each scenario at one design of the grid, the designs in turn."""
    designs = [Design(3, 3), Design(5, 3), Design(10, 3), Design(6, 6), Design(10, 1)]
    return [
        tally(scenario, designs[number % len(designs)], STUDIES)
        for number, scenario in enumerate(scenarios_of(claim))
    ]


@pytest.mark.parametrize("claim", CLAIMS)
def test_every_claim_has_a_null_and_an_effect(claim):
    found = scenarios_of(claim)
    assert [scenario for scenario in found if not scenario.wanted], "no null"
    assert [scenario for scenario in found if scenario.wanted], "no effect"
    assert all(scenario.claim == claim and scenario.false for scenario in found)
    assert len({scenario.name for scenario in found}) == len(found)
    assert not any(scenario.wanted in scenario.false for scenario in found)


@pytest.mark.parametrize("claim", CLAIMS)
def test_no_scenario_has_more_false_verdicts_than_chance_gives(claim):
    # All scenarios together say more than each by itself; every rate is at most the bound.
    found = tallies(claim)
    false = sum(round(each.false * each.studies) for each in found)
    assert false <= most(STUDIES * len(found))
    for each in found:
        limit = int(binom.isf(CHANCE / len(found), STUDIES, RATE))
        assert round(each.false * each.studies) <= limit, each.scenario.name


def test_a_scenario_comes_out_the_same_each_time():
    first = scenarios_of("C5")[0]
    one, other = (tally(first, Design(3, 3), 3) for _ in range(2))
    assert one.verdicts == other.verdicts


def test_a_claim_without_a_file_of_scenarios_has_none():
    assert scenarios_of("none_such") == []
    assert scenarios.__name__.endswith("scenarios")


@pytest.mark.parametrize("run_spread", [0.0, 0.6])
def test_intervals_hold_the_truth_as_often_as_they_say(run_spread):
    studies = 150
    covered = coverage(run_spread, units=5, studies=studies)
    for share in (covered.accuracy, covered.difference):
        assert round((1 - share) * studies) <= most(studies, 0.07)


def test_what_is_drawn_of_an_arm_depends_on_no_other_arm():
    few, large = mixed(60), mixed(960)
    alone, both = (
        simulate_known(Known(dict.fromkeys(arms, plus(0.1))), Design(3, 3), default_rng(7))
        for arms in ([few], [few, large])
    )
    assert (alone.correct[few] == both.correct[few]).all()
    assert alone.bases.memory.equals(both.bases.memory)
