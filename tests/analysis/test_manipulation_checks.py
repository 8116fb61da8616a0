"""Whether a base knows facts and does not answer yet: checks on studies whose truth is known."""

import math

import pytest
from simulated_arms import runs_table
from simulated_knowledge import (
    HARDLY,
    MODELS,
    UNTUNED,
    VARIANTS,
    about_bases,
    all_alike,
    as_published,
    items_table,
)

from showhow.analysis.evidence import AboutBases, gather_evidence
from showhow.analysis.manipulation_checks import checks_table

BEFORE, PLAINLY, LARGEST = (
    "asked before fine-tuning",
    "asked as plain text",
    "fine-tuned on N = 240",
)


def checked(accuracy=as_published, bases=None):
    items = items_table(accuracy)
    about = bases or about_bases(HARDLY)
    evidence = gather_evidence(runs_table(items), items, dict.fromkeys(VARIANTS), about)
    return checks_table("knowledge", evidence)


def test_a_base_that_knows_and_learns_to_answer_passes_all_three():
    table = checked().set_index(["model", "check"])
    assert table.index.tolist() == [(m, c) for m in MODELS for c in (BEFORE, PLAINLY, LARGEST)]
    assert table["passed"].all()
    assert table["ceiling"].tolist() == pytest.approx([0.5] * 6)
    assert table.loc[(MODELS[0], PLAINLY), "of_ceiling"] == pytest.approx(0.8)
    assert (table["ci_low"] <= table["of_ceiling"]).all()
    assert (table["of_ceiling"] <= table["ci_high"]).all()


@pytest.mark.parametrize(
    ("accuracy", "untuned", "failed"),
    [(as_published, UNTUNED, BEFORE), (lambda *_: 0.3, HARDLY, LARGEST)],
)
def test_a_check_fails_alone(accuracy, untuned, failed):
    table = checked(accuracy, about_bases(untuned))
    assert set(table.loc[~table["passed"], "check"]) == {failed}


def test_a_base_that_cannot_answer_as_plain_text_does_not_pass():
    memory = about_bases(HARDLY).memory
    table = checked(bases=AboutBases(memory=memory.assign(as_plain_text=memory["share"] / 2)))
    assert set(table.loc[~table["passed"], "check"]) == {PLAINLY}


def test_what_was_not_measured_is_not_checked():
    memory = about_bases(HARDLY).memory
    without = AboutBases(memory=memory.drop(columns=["untuned", "as_plain_text"]))
    assert set(checked(bases=without)["check"]) == {LARGEST}
    assert checked(bases=AboutBases(memory=memory.drop(columns="share"))).empty


def test_a_base_that_knows_nothing_reaches_no_least_share():
    memory = about_bases((0.0,) * 5).memory.assign(share=0.0, as_plain_text=0.0)
    table = checked(all_alike, AboutBases(memory=memory)).set_index("check")
    assert not table.loc[[PLAINLY], "passed"].any()
    assert all(map(math.isnan, table.loc[[PLAINLY], "of_ceiling"]))
