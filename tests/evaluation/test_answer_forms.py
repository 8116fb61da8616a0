"""Final answers in free text: numbers, choices, text and patterns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from showhow.answers.forms import AnswerForm
from showhow.evaluation.scoring import Reference, score_item

NUMBER = AnswerForm(kind="number")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Half of 48 is 24.\nFinal Answer: 72", "72"),
        ("Final Answer: 72.0", "72"),
        ("Final Answer: 1,080", "1080"),
        ("Final Answer: $ 1,450,000.50.", "1450000.5"),
        ("final  answer : -$3", "-3"),
        ("FINAL ANSWER: \u22123 degrees", "-3"),
        ("Final Answer: 20% of them", "20"),
        ("Final Answer: 3/4", "0.75"),
        ("Final Answer: 10 - 3", "10"),
        ("Final Answer: 1. No, wait. Final Answer: 2", "2"),
        ("Final Answer: nobody knows", None),
        ("The answer is 72", None),
    ],
)
def test_numbers_stand_behind_the_last_marker(text, answer):
    assert NUMBER.read(text) == answer


def test_without_a_marker_the_last_number_counts_or_the_whole_text():
    assert AnswerForm(kind="number", marker=None).read("48 / 2 = 24, and 48 + 24 = 72.") == "72"
    assert NUMBER.read("72.0", alone=True) == "72"


@given(st.integers(), st.booleans())
def test_a_whole_number_is_read_however_it_is_written(number, with_commas):
    written = f"{number:,}" if with_commas else str(number)
    assert NUMBER.read(f"I say 5.\nFinal Answer: {written}") == str(number)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=0, max_value=10**9))
def test_trailing_zeros_make_no_difference(number):
    assert NUMBER.read(f"Final Answer: {number}00") == NUMBER.read(f"Final Answer: {number}")


def test_choices_text_and_patterns():
    letters, digits = AnswerForm(kind="choice"), AnswerForm(kind="choice", choices="12345")
    assert letters.read("A dog. Final Answer: (B) a dog") == "B"
    assert letters.read("Final Answer: Bees") is None
    assert digits.read("Final Answer: (3) bedroom") == "3"
    assert digits.read("Final Answer: 15") is None
    assert AnswerForm().read("so\nFinal answer :  odd  one \nor not") == "odd one"
    boxed = AnswerForm(kind="pattern", marker=None, pattern=r"\\boxed\{(.*?)\}")
    assert boxed.read(r"\boxed{1}, better \boxed{x^2}") == "x^2"


@pytest.mark.parametrize("wrong", [{"kind": "pattern"}, {"kind": "pattern", "pattern": "("}])
def test_a_wrong_pattern_is_refused(wrong):
    with pytest.raises(ValidationError, match="pattern"):
        AnswerForm(**wrong)


def test_a_free_text_is_scored_by_its_answer():
    reference = Reference("1080", (), "last", {"length": 3}, form=NUMBER)
    right = score_item("test", "a", "It is 5.\nFinal Answer: $1,080.00", False, reference)
    assert (right.correct, right.outcome) == (True, "correct")
    assert score_item("test", "a", "1080", False, reference).outcome == "unparseable"
    assert not score_item("test", "a", "Final Answer: 1080", True, reference).correct
