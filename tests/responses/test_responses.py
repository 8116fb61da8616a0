"""What holds for every variant, and what each control changes."""

import sys
from pathlib import Path
from string import ascii_letters

import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st
from pydantic import ValidationError

from showhow.base.errors import ShowhowError
from showhow.base.surroundings import VARIABLE, Surroundings, in_words
from showhow.models.tokenizer import ladder_tokenizer
from showhow.responses import load_variant, variant_kinds
from showhow.responses.response import read_responses, write_responses
from showhow.tasks import load_task

TASKS = ("addition", "listops", "parity")
LEVELS = ("short", "medium", "long")
CONTROLS = ("answer_first", "filler", "mixture", "shuffled_steps", "wrong_steps")
VARIANTS = ("none", *LEVELS, *CONTROLS)
every_task = pytest.mark.parametrize("kind", TASKS)
every_level = pytest.mark.parametrize("level", LEVELS)


def problems_of(kind: str, count: int = 100, split: str = "train", seed: int = 0):
    task = load_task(kind)
    return task.generate(task.Settings(seed=seed), split, count, set())


def write(variant: str, kind: str, problem, **settings):
    chosen = load_variant(variant)
    return chosen.write(chosen.Settings(**settings), load_task(kind), problem)


def test_the_variants_are_the_files():
    assert set(VARIANTS) <= set(variant_kinds())
    assert all(load_variant(kind).kind == kind for kind in variant_kinds())


def test_one_new_file_is_a_new_variant(tmp_path: Path, monkeypatch):
    (tmp_path / "responses").mkdir()
    (tmp_path / "responses/in_verse.py").write_text("VARIANT = 'found by being there'\n")
    monkeypatch.setenv(VARIABLE, in_words(Surroundings(own=str(tmp_path))))
    assert "in_verse" in variant_kinds()
    assert "showhow.responses.in_verse" not in sys.modules
    assert load_variant("in_verse") == "found by being there"


def test_an_unknown_variant_is_answered_with_the_known_ones():
    with pytest.raises(ShowhowError, match=r"no variant 'longish'.*answer_first.*wrong_steps"):
        load_variant("longish")


def test_detail_orders_the_levels_and_controls_have_none():
    assert [load_variant(kind).detail for kind in ("none", *LEVELS)] == [0, 1, 2, 3]
    assert not any(load_variant(kind).control for kind in ("none", *LEVELS))
    assert all(load_variant(kind).control for kind in CONTROLS)
    assert {load_variant(kind).detail for kind in CONTROLS} == {None}


@every_task
@pytest.mark.parametrize("variant", VARIANTS)
@runs(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_response_keeps_the_prompt_and_gives_the_answer(variant, kind, seed):
    for problem in problems_of(kind, 10, seed=seed):
        response = write(variant, kind, problem)
        assert response == write(variant, kind, problem)
        assert (response.id, response.prompt) == (problem.id, problem.prompt)
        assert response.answer == problem.answer
        lines = response.response.split("\n")
        assert all(line == " ".join(line.split()) for line in lines)
        final = f"Final answer : {problem.answer}"
        if response.answer_position == "alone":
            assert (lines, response.steps) == ([problem.answer], ())
        elif response.answer_position == "first":
            assert lines == [f"{final} .", *response.steps]
        else:
            assert lines[-1] == final
            assert not response.steps or tuple(lines[:-1]) == response.steps


@every_task
def test_positions_of_the_answer(kind):
    [problem] = problems_of(kind, 1)
    positions = {variant: write(variant, kind, problem).answer_position for variant in VARIANTS}
    assert positions["none"] == "alone"
    assert positions["answer_first"] == "first"
    assert {positions[v] for v in (*LEVELS, "shuffled_steps", "wrong_steps", "filler")} == {"last"}


@every_task
@every_level
def test_answer_first_has_the_same_steps(kind, level):
    for problem in problems_of(kind):
        plain = write(level, kind, problem)
        assert write("answer_first", kind, problem, level=level).steps == plain.steps


@every_task
@every_level
def test_shuffled_steps_are_the_same_steps_in_another_order(kind, level):
    for problem in problems_of(kind):
        plain = write(level, kind, problem).steps
        shuffled = write("shuffled_steps", kind, problem, level=level).steps
        assert sorted(shuffled) == sorted(plain)
        assert (shuffled != plain) == (len(set(plain)) > 1)


@every_task
@every_level
def test_every_wrong_step_is_wrong_and_as_long(kind, level):
    for problem in problems_of(kind):
        plain = write(level, kind, problem).steps
        wrong = write("wrong_steps", kind, problem, level=level).steps
        for right_step, wrong_step in zip(plain, wrong, strict=True):
            # "MIN , 3 ." says a result alone, which the right step may have by chance.
            assert right_step != wrong_step or level == "short"
            assert len(right_step.split()) == len(wrong_step.split())


@every_level
def test_the_answer_first_marks_the_answer_that_is_to_weigh_as_much_as_alone(level):
    for problem in problems_of("addition", 20):
        response = write("answer_first", "addition", problem, level=level)
        start, end = response.as_alone
        assert response.response[start:end] == problem.answer
        assert write("answer_first", "addition", problem, equal_weight=False).as_alone == ()
        assert write("medium", "addition", problem).as_alone == ()


@every_task
def test_filler_takes_as_many_tokens_as_the_explanation_and_says_how_many(kind):
    tokenizer = ladder_tokenizer()
    for split in ("train", "longer"):
        for problem in problems_of(kind, 50, split):
            said = [write(each, kind, problem).response for each in ("filler", "medium")]
            lengths = [len(tokenizer(text, add_special_tokens=False).input_ids) for text in said]
            assert lengths[0] == lengths[1]
            letters = said[0].split("\n")[0].split()
            assert letters == [ascii_letters[at % len(ascii_letters)] for at in range(len(letters))]


@every_task
@every_level
def test_filler_has_the_explanations_length_and_nothing_to_say(kind, level):
    for problem in problems_of(kind):
        plain = write(level, kind, problem).response.split()
        filler = write("filler", kind, problem, level=level, word="well")
        final = ["Final", "answer", ":", *problem.answer.split()]
        assert filler.response.split() == ["well"] * (len(plain) - len(final)) + final
        assert filler.steps == ()


@every_task
def test_a_mixture_is_either_of_two_variants_in_the_share_asked_for(kind):
    explained = 0
    for problem in problems_of(kind, 2000):
        mixed = write("mixture", kind, problem, share=0.1, level="long")
        form = "none" if mixed.answer_position == "alone" else "long"
        assert mixed == write(form, kind, problem)
        explained += form == "long"
    assert 140 <= explained <= 260


def test_a_larger_share_explains_the_same_examples_and_more():
    few, more = (
        {
            problem.id
            for problem in problems_of("listops", 500)
            if write("mixture", "listops", problem, share=share).steps
        }
        for share in (0.1, 0.3)
    )
    assert few < more


@every_task
@pytest.mark.parametrize(("share", "form"), [(0, "none"), (0.02, "none"), (0.9, "medium")])
def test_a_mixture_is_evaluated_in_the_form_of_its_majority(kind, share, form):
    for split in ("test", "longer"):
        for problem in problems_of(kind, 50, split):
            assert write("mixture", kind, problem, share=share) == write(form, kind, problem)


@pytest.mark.parametrize(
    ("variant", "settings"),
    [
        ("none", {"level": "short"}),
        ("shuffled_steps", {"level": "none"}),
        ("filler", {"word": "so so"}),
        ("filler", {"word": ""}),
        ("mixture", {"share": 1.5}),
    ],
)
def test_settings_that_mean_nothing_are_refused(variant, settings):
    with pytest.raises(ValidationError):
        load_variant(variant).Settings(**settings)


@pytest.mark.parametrize("variant", VARIANTS)
def test_responses_come_back_from_their_file(variant, tmp_path: Path):
    responses = [write(variant, "listops", problem) for problem in problems_of("listops", 20)]
    write_responses(tmp_path / "train.jsonl", responses)
    assert read_responses(tmp_path / "train.jsonl") == responses


@pytest.mark.parametrize("line", ['{"id": "train-000000"}', "[1]", '{"steps": []}', "{"])
def test_a_file_of_something_else_is_named_with_its_line(line: str, tmp_path: Path):
    path = tmp_path / "train.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(ShowhowError, match=r"train\.jsonl, line 1, is .*--force"):
        read_responses(path)
