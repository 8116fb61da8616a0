"""Several wordings of one level: the same steps and answer, in a wording of the problem's own."""

import re
from collections import Counter
from itertools import product
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st
from pydantic import ValidationError

from showhow.answers.parsing import parse_answer, parse_steps
from showhow.base.errors import ShowhowError
from showhow.evaluation.scoring import Answer, score_split
from showhow.models.tokenizer import ladder_tokenizer
from showhow.responses import load_variant
from showhow.responses.response import read_responses, write_responses
from showhow.scaffold import filled_in
from showhow.tasks import load_task, task_kinds
from showhow.tasks.problem import Problem

TASKS = [kind for kind in task_kinds() if load_task(kind).wordings > 1]
LEVELS = ("short", "medium", "long")
CONTROLS = ("answer_first", "filler", "shuffled_steps", "wrong_steps")
every_task = pytest.mark.parametrize("kind", TASKS)
every_level = pytest.mark.parametrize("level", LEVELS)
seeds = st.integers(0, 10**6)


def problems_of(kind: str, count: int, split: str = "train", seed: int = 0) -> list[Problem]:
    task = load_task(kind)
    return task.generate(task.Settings(seed=seed), split, count, set())


def write(variant: str, kind: str, problem: Problem, **settings):
    chosen = load_variant(variant)
    return chosen.write(chosen.Settings(**settings), load_task(kind), problem)


def ways_of(kind: str, step, level) -> list[str]:
    task = load_task(kind)
    further = range(1, task.wordings)
    return [task.explain(step, level), *(task.explain_otherwise(step, level, at) for at in further)]


def told(sentence: str) -> Counter[str]:
    """Count what a sentence says of a problem: numbers, operators, and parities."""
    return Counter(re.findall(r"\b(?:\d+|even|odd|MIN|MAX|MED|SUM)\b", sentence))


def test_the_tasks_of_the_explanation_study_have_three_wordings():
    assert {kind: load_task(kind).wordings for kind in TASKS} == {
        "addition": 3,
        "listops": 3,
        "parity": 3,
    }


@every_task
@every_level
@runs(max_examples=10, deadline=None)
@given(seed=seeds)
def test_wordings_differ_and_tell_the_same_in_as_many_tokens(kind, level, seed):
    tokenizer = ladder_tokenizer()
    for problem in problems_of(kind, 4, seed=seed):
        for step in problem.steps:
            ways = ways_of(kind, step, level)
            assert len(set(ways)) == len(ways)
            assert all(told(way) == told(ways[0]) for way in ways)
            assert all(way == " ".join(way.split()) and way.endswith(" .") for way in ways)
            lengths = {len(tokenizer(way, add_special_tokens=False).input_ids) for way in ways}
            assert len(lengths) == 1, ways


@every_task
@every_level
@runs(max_examples=10, deadline=None)
@given(seed=seeds)
def test_every_wording_ends_in_the_answer_and_is_read_back(kind, level, seed):
    for problem in problems_of(kind, 4, "longer", seed):
        response = write(level, kind, problem, wordings=3)
        assert response == write(level, kind, problem, wordings=3)
        assert parse_answer(response.response, "last") == problem.answer
        assert parse_steps(response.response, "last") == response.steps
        ways = [ways_of(kind, step, level) for step in problem.steps]
        assert response.wordings == tuple(map(tuple, ways))
        assert response.steps in [*zip(*ways, strict=True)]


@every_task
@every_level
def test_one_wording_is_what_it_was_and_two_are_the_first_two(kind, level):
    for problem in problems_of(kind, 40):
        plain = write(level, kind, problem)
        assert plain == write(level, kind, problem, wordings=1)
        assert plain.wordings == ()
        assert plain.steps == tuple(ways_of(kind, step, level)[0] for step in problem.steps)
        mixed = write(level, kind, problem, wordings=2)
        firsts = [ways_of(kind, step, level)[:2] for step in problem.steps]
        assert mixed.steps in [*zip(*firsts, strict=True)]


@every_task
def test_each_wording_is_drawn_about_as_often_whatever_the_order_of_the_problems(kind):
    problems = problems_of(kind, 300)
    written = [write("medium", kind, problem, wordings=3) for problem in problems]
    mixed = Random(0).sample(problems, len(problems))
    again = {problem.id: write("medium", kind, problem, wordings=3) for problem in mixed}
    assert [again[problem.id] for problem in problems] == written
    drawn = Counter(response.wordings[0].index(response.steps[0]) for response in written)
    assert min(drawn.values()) > 60


@every_task
@pytest.mark.parametrize("variant", CONTROLS)
def test_controls_are_in_the_wording_of_the_explanation_that_they_control(variant, kind):
    for problem, level in product(problems_of(kind, 20), LEVELS):
        plain = write(level, kind, problem, wordings=3)
        control = write(variant, kind, problem, level=level, wordings=3)
        if variant == "filler":
            assert len(control.response.split()) == len(plain.response.split())
            continue
        way = plain.wordings[0].index(plain.steps[0])
        assert [ways[way] for ways in control.wordings] == [*control.steps]


@every_task
@every_level
def test_a_step_in_any_of_the_wordings_is_right(kind, level):
    """A model cannot know which wording was drawn for a problem of a test split."""
    problems = problems_of(kind, 10, "test")
    written = [write(level, kind, problem, wordings=3) for problem in problems]
    for at in range(3):
        said = [
            Answer(each.id, "\n".join(ways[at] for ways in each.wordings) + "\n" + end(each), False)
            for each in written
        ]
        scores = score_split("test", problems, written, said)
        assert {score.outcome for score in scores} == {"correct"}
        assert all(score.steps_correct == score.steps_expected for score in scores)


def end(response) -> str:
    return f"Final answer : {response.answer}"


def test_they_come_back_from_their_file(tmp_path: Path):
    problems = problems_of("listops", 20)
    responses = [write("medium", "listops", problem, wordings=3) for problem in problems]
    write_responses(tmp_path / "train.jsonl", responses)
    assert read_responses(tmp_path / "train.jsonl") == responses


def test_a_task_without_further_wordings_refuses_them(tmp_path: Path):
    source = filled_in("task.py.txt", "unworded")
    module: dict = {}
    exec(compile(source, "unworded", "exec"), module)
    task, variant = module["TASK"], load_variant("medium")
    [problem] = task.generate(task.Settings(), "train", 1, set())
    assert variant.write(variant.Settings(), task, problem).wordings == ()
    with pytest.raises(ShowhowError, match=r"'unworded' .* in 1 wording, not in 2; make .*smaller"):
        variant.write(variant.Settings(wordings=2), task, problem)


@pytest.mark.parametrize("wordings", [0, -1, 1.5])
def test_no_number_of_wordings_below_one(wordings):
    with pytest.raises(ValidationError):
        load_variant("medium").Settings(wordings=wordings)
