"""What holds for every task."""

import sys
from pathlib import Path
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from showhow.base.errors import ShowhowError
from showhow.base.surroundings import VARIABLE, Surroundings, in_words
from showhow.tasks import load_task, task_kinds
from showhow.tasks.problem import read_problems, write_problems
from showhow.tasks.task import Level

KINDS = ("addition", "listops", "parity")
counts = st.integers(min_value=0, max_value=60)
seeds = st.integers(min_value=0, max_value=10**6)


def make(kind: str, split: str, count: int, exclude: frozenset[str] = frozenset(), **changed):
    task = load_task(kind)
    return task.generate(task.Settings(**changed), split, count, set(exclude))


def forms(kind: str, problems) -> set[str]:
    return {load_task(kind).canonical(problem) for problem in problems}


def splits(kind: str) -> tuple[str, ...]:
    task = load_task(kind)
    return (*task.evaluation_splits(task.Settings()), "train")


def test_the_tasks_are_the_files():
    assert set(KINDS) <= set(task_kinds())
    assert all(load_task(kind).kind == kind for kind in task_kinds())


def test_one_new_file_is_a_new_task(tmp_path: Path, monkeypatch):
    (tmp_path / "tasks").mkdir()
    (tmp_path / "tasks/coin_toss.py").write_text("TASK = 'found by being there'\n")
    monkeypatch.setenv(VARIABLE, in_words(Surroundings(own=str(tmp_path))))
    assert "coin_toss" in task_kinds()
    assert "showhow.tasks.coin_toss" not in sys.modules
    assert load_task("coin_toss") == "found by being there"


def test_an_unknown_task_is_answered_with_the_known_ones():
    with pytest.raises(
        ShowhowError, match=r"no task 'listop'.*addition, dataset, entity_questions, facts"
    ):
        load_task("listop")


@pytest.mark.parametrize("kind", KINDS)
@runs(max_examples=15, deadline=None)
@given(small=counts, more=counts, seed=seeds)
def test_the_same_settings_make_the_same_problems_nested_in_their_number(kind, small, more, seed):
    for split in splits(kind):
        large = make(kind, split, small + more, seed=seed)
        assert make(kind, split, small, seed=seed) == large[:small]


@pytest.mark.parametrize("kind", KINDS)
def test_another_seed_makes_other_problems(kind):
    first, second = (forms(kind, make(kind, "train", 50, seed=seed)) for seed in (1, 2))
    assert len(first & second) < 25


@pytest.mark.parametrize("kind", [*KINDS, "facts", "things"])
def test_each_draw_makes_other_training_problems_nested_in_their_number(kind):
    task = load_task(kind)
    settings = task.Settings()
    test = {task.canonical(each) for each in task.generate(settings, "test", 60, set())}
    drawn = {draw: task.generate(settings, "train", 60, test, draw) for draw in (0, 1, 2)}
    for draw, problems in drawn.items():
        assert task.generate(settings, "train", 25, test, draw) == problems[:25]
        assert not forms(kind, problems) & test
    assert len({tuple(sorted(forms(kind, problems))) for problems in drawn.values()}) == 3


def test_where_a_draw_takes_all_problems_only_their_order_differs():
    settings = {"digits": 1, "longer_digits": 2}
    task = load_task("addition")
    one, other = (
        [
            task.canonical(each)
            for each in task.generate(task.Settings(**settings), "train", 55, set(), draw)
        ]
        for draw in (1, 2)
    )
    assert one != other
    assert sorted(one) == sorted(other)


@pytest.mark.parametrize("kind", KINDS)
def test_no_training_problem_equals_another_or_one_to_evaluate_on(kind):
    evaluation = set()
    for split in splits(kind)[:-1]:
        problems = make(kind, split, 300)
        assert len(forms(kind, problems)) == 300
        evaluation |= forms(kind, problems)
    training = forms(kind, make(kind, "train", 1000, exclude=frozenset(evaluation)))
    assert len(training) == 1000
    assert not training & evaluation


@pytest.mark.parametrize("kind", KINDS)
def test_excluding_a_problem_changes_no_other_problem(kind):
    problems = make(kind, "train", 50)
    without = make(kind, "train", 50, exclude=frozenset(forms(kind, problems[10:11])))
    assert [new.id for new, old in zip(without, problems, strict=True) if new != old] == [
        "train-000010"
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_the_longer_split_is_longer_than_anything_to_train_on(kind):
    longest = max(problem.groups["length"] for problem in make(kind, "train", 1000))
    assert min(problem.groups["length"] for problem in make(kind, "longer", 100)) > longest


@pytest.mark.parametrize("kind", KINDS)
def test_problems_say_which_they_are(kind):
    for split in splits(kind):
        problems = make(kind, split, 12)
        assert [problem.id for problem in problems] == [f"{split}-{i:06d}" for i in range(12)]
        assert {problem.split for problem in problems} == {split}


@pytest.mark.parametrize("level", get_args(Level))
@pytest.mark.parametrize("kind", KINDS)
def test_steps_are_sentences_of_words_apart(kind, level):
    task = load_task(kind)
    for problem in make(kind, "train", 100):
        for step in problem.steps:
            sentence = task.explain(step, level)
            assert sentence == " ".join(sentence.split())
            assert sentence.endswith(" .")


@pytest.mark.parametrize("kind", KINDS)
def test_more_detail_is_more_words(kind):
    task = load_task(kind)
    for problem in make(kind, "train", 100):
        words = [
            sum(len(task.explain(step, level).split()) for step in problem.steps)
            for level in get_args(Level)
        ]
        assert words[0] < words[1] < words[2]


@pytest.mark.parametrize("kind", KINDS)
@runs(max_examples=20, deadline=None)
@given(seed=seeds)
def test_a_wrong_result_is_wrong_and_the_same_each_time(kind, seed):
    task = load_task(kind)
    for problem in make(kind, "train", 20, seed=seed):
        for step in problem.steps:
            wrong = task.wrong_result(step, Random(seed))
            assert wrong != step.result
            assert len(wrong.split()) == len(step.result.split())
            assert wrong == task.wrong_result(step, Random(seed))


@pytest.mark.parametrize("kind", KINDS)
def test_problems_come_back_from_their_file(kind, tmp_path: Path):
    problems = make(kind, "train", 20)
    write_problems(tmp_path / "train.jsonl", problems)
    assert read_problems(tmp_path / "train.jsonl") == problems


@pytest.mark.parametrize(
    "line", ['{"id": "train-000000"}', "[1]", '{"steps": [3]}', '{"id": "train', '"text"']
)
def test_a_file_of_something_else_is_named_with_its_line(line: str, tmp_path: Path):
    path = tmp_path / "train.jsonl"
    write_problems(path, make("parity", "train", 1))
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(ShowhowError, match=r"train\.jsonl, line 2, is .*--force"):
        read_problems(path)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("listops", {"arity_min": 5}),
        ("listops", {"operators_min": 6}),
        ("listops", {"depth_max": 1, "operators_min": 2}),
        ("listops", {"length_max": 6}),
        ("listops", {"longer_length_min": 20}),
        ("listops", {"longer_length_max": 21}),
        ("listops", {"depth_max": 2, "longer_length_min": 30}),
        ("listops", {"deeper_depth_max": 3}),
        ("listops", {"length_max": 12}),
        ("addition", {"longer_digits": 3}),
        ("parity", {"bits_min": 13}),
        ("parity", {"longer_bits": 12}),
    ],
)
def test_impossible_settings_name_themselves(kind, settings):
    task = load_task(kind)
    with pytest.raises(ShowhowError) as caught:
        task.check(task.Settings(**settings))
    assert str(caught.value).startswith(f"{kind}: ")
    assert any(name in str(caught.value) for name in settings)


@pytest.mark.parametrize(
    ("kind", "settings", "count", "found"),
    [
        # Operands of one MAX over two bits in any order: 0 0, 0 1, 1 1.
        (
            "listops",
            {
                "values": 2,
                "operators": ("MAX",),
                "arity_max": 2,
                "operators_min": 1,
                "operators_max": 1,
                "deeper_depth_max": None,
            },
            4,
            "there are only 3",
        ),
        ("addition", {"digits": 1}, 56, "there are only 55"),
        ("parity", {"bits_min": 3, "bits_max": 4}, 25, "there are only 24"),
    ],
)
def test_too_few_distinct_problems_are_an_error_that_counts_them(kind, settings, count, found):
    assert len(make(kind, "train", count - 1, **settings)) == count - 1
    with pytest.raises(ShowhowError, match=f"cannot make {count} distinct .*{found}"):
        make(kind, "train", count, **settings)


@pytest.mark.parametrize(("kind", "settings"), [("addition", {"digits": 1}), ("parity", {})])
def test_problems_taken_by_the_test_split_are_not_counted(kind, settings):
    test = frozenset(forms(kind, make(kind, "test", 10, **settings)))
    total = {"addition": 55, "parity": 2**13 - 2**8}[kind]
    with pytest.raises(ShowhowError, match=f"there are only {total - 10}"):
        make(kind, "train", total, exclude=test, **settings)
