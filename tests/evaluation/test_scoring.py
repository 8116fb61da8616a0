"""Strict answers, step scores and the taxonomy of errors."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showhow.answers.parsing import parse_answer, parse_steps
from showhow.evaluation.scoring import (
    OUTCOMES,
    Answer,
    Reference,
    score_item,
    score_split,
    summarise,
)
from showhow.responses import load_variant, variant_kinds
from showhow.responses.base_variant import BaseVariant, KnownBase
from showhow.responses.response import Response
from showhow.tasks import load_task, task_kinds
from showhow.tasks.problem import Problem

STEPS = ("SUM , add [ 2 3 ] , sum is 5 , answer is 5 .", "MAX , largest number of [ 4 5 ] is 5 .")
WITHOUT_STEPS = {"dataset", "entity_questions", "facts", "things"}
NOT_WRITTEN_HERE = {"given", "written", "minimally_changed"}
"""Responses that are given, or that a language model writes."""
REFERENCE_WRITERS = sorted({*variant_kinds()} - NOT_WRITTEN_HERE)
LAST = Reference("15", STEPS, "last", {"length": 7})
ALONE = Reference("15", (), "alone", {"length": 7})


def outcome(text, reference=LAST, truncated=False):
    return score_item("test", "a", text, truncated, reference).outcome


@pytest.mark.parametrize("task_kind", sorted({*task_kinds()} - WITHOUT_STEPS))
@pytest.mark.parametrize("variant_kind", REFERENCE_WRITERS)
def test_every_reference_response_is_right(task_kind, variant_kind):
    task, variant = load_task(task_kind), load_variant(variant_kind)
    for problem in task.generate(task.Settings(), "test", 20, set()):
        if isinstance(variant, BaseVariant):
            base = KnownBase("a")
            response = variant.write_for(variant.Settings(), task, problem, base).response
        else:
            response = variant.write(variant.Settings(), task, problem)
        # What a model without line breaks in its vocabulary writes back.
        text = " ".join(response.response.split())
        reference = Reference(
            response.answer, response.steps, response.answer_position, problem.groups
        )
        item = score_item("test", problem.id, text, False, reference)
        assert item.correct
        assert item.steps_correct == item.steps_expected == len(response.steps)


def test_a_step_said_in_other_words_is_right_and_another_step_is_not():
    reference = replace(LAST, wordings=({STEPS[0], "2 and 3 are 5 ."}, {STEPS[1]}))
    assert outcome(f"2 and 3 are 5 . {STEPS[1]} Final answer : 15", reference) == "correct"
    told = f"2 and 3 are 6 . {STEPS[1]} Final answer : 15"
    assert outcome(told, reference) == "correct_despite_wrong_step"
    unlike = replace(reference, steps=("6 .", STEPS[1]))
    assert outcome(f"2 and 3 are 5 . {STEPS[1]} Final answer : 5", unlike) == "wrong_step"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{STEPS[0]}\n{STEPS[1]}\nFinal answer : 15", "correct"),
        (f"{STEPS[0]} {STEPS[0]} Final answer : 15", "correct_despite_wrong_step"),
        (f"{STEPS[0]} {STEPS[1]} Final answer : 5", "answer_not_from_steps"),
        (f"{STEPS[1]} {STEPS[1]} Final answer : 5", "wrong_step"),
        (f"{STEPS[0]} Final answer : 5", "missing_or_extra_steps"),
        (f"{STEPS[0]} {STEPS[1]}", "unparseable"),
        ("", "unparseable"),
    ],
)
def test_kinds_of_error(text, expected):
    assert outcome(text) == expected


def test_an_answer_is_compared_whole_not_by_its_last_character():
    item = score_item("test", "a", "5", False, ALONE)
    assert not item.correct
    assert item.last_character_correct
    assert item.outcome == "wrong_answer"


def test_where_no_steps_are_expected_none_can_be_wrong():
    filler = Reference("15", (), "last", {"length": 7})
    assert outcome("so so so Final answer : 15", filler) == "correct"
    assert outcome("so so Final answer : 5", filler) == "wrong_answer"


def test_a_truncated_prediction_is_counted_apart():
    assert outcome("15", ALONE, truncated=True) == "truncated"


def test_an_answer_first_is_read_from_the_front():
    text = "Final answer : 1 5 . column , digit 5 carry 0 ."
    assert parse_answer(text, "first") == "1 5"
    assert parse_steps(text, "first") == ("column , digit 5 carry 0 .",)


@given(st.text(max_size=80), st.sampled_from(["alone", "last", "first"]), st.booleans())
def test_any_text_gets_exactly_one_outcome(text, position, truncated):
    reference = Reference("15", () if position == "alone" else STEPS, position, {"length": 7})
    item = score_item("test", "a", text, truncated, reference)
    assert item.outcome in OUTCOMES
    assert item.correct == item.outcome.startswith("correct")


def test_a_summary_counts_every_item_once():
    texts = [f"{STEPS[0]} {STEPS[1]} Final answer : 15", "nothing", f"{STEPS[0]} Final answer : 5"]
    summary = summarise([score_item("test", "a", text, False, LAST) for text in texts])
    assert (summary.n_test, summary.n_correct, summary.unparseable) == (3, 1, 1)
    assert sum(summary.outcomes.values()) == 3
    assert summary.step_accuracy == 3 / 6


def asked(relation: str, answer: str, *aliases: str) -> Problem:
    groups = {"length": 3, "relation": relation}
    return Problem("test-0", "test", "who ?", answer, (), groups, "", aliases=aliases)


def test_an_answer_that_no_question_of_the_relation_has_is_of_another_type():
    problems = [asked("home", "bakor"), asked("home", "tirel"), asked("ship", "nomas")]
    responses = [
        Response(problem.id, problem.prompt, problem.answer, problem.answer, (), "alone")
        for problem in problems
    ]
    written = [Answer("test-0", text, False) for text in ("tirel", "nomas", "nomas")]
    scored = score_split("test", problems, responses, written)
    outcomes = [item.outcome for item in scored]
    assert outcomes == ["wrong_answer", "answer_of_other_type", "correct"]


def test_an_alias_is_as_right_as_the_answer():
    problem = asked("home", "the Netherlands", "Holland")
    response = Response(problem.id, problem.prompt, problem.answer, problem.answer, (), "alone")
    for text, right in (("Holland", True), ("the Netherlands", True), ("Hollandia", False)):
        (item,) = score_split("test", [problem], [response], [Answer("test-0", text, False)])
        assert item.correct is right
