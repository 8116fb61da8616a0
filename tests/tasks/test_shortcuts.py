"""What can be got right without solving anything."""

import csv
from pathlib import Path

import pytest

from showhow.base.errors import ShowhowError
from showhow.tasks import load_task
from showhow.tasks.problem import Problem, write_problems
from showhow.tasks.shortcuts import accuracies, try_shortcuts, write_shortcuts
from stages.describe_data import Options, describe_data

OF_EVERY_TASK = {"majority", "last_operand"}


def tried(kind: str, count: int = 200, **settings):
    task = load_task(kind)
    chosen = task.Settings(**settings)
    splits = {split: task.generate(chosen, split, count, set()) for split in ("test", "longer")}
    training = task.generate(chosen, "train", count, set())
    return splits, try_shortcuts("mine", task, chosen, training, splits)


def answers_to(kind: str, prompt: str, **settings) -> dict[str, str]:
    task = load_task(kind)
    chosen = task.Settings(**settings)
    problem = task.solve(chosen, "test", task.read(prompt), "test-000000")
    return task.shortcuts(chosen, problem) | {"last_operand": problem.last_operand}


def test_listops_can_be_answered_by_one_operator_over_all_numbers():
    answers = answers_to("listops", "[SUM 4 [MAX 9 2 ] 3 ]")
    assert answers == {"first_operand": "4", "last_operand": "3", "root_over_leaves": "8"}
    assert answers_to("listops", "[SUM 4 [MAX 9 2 ] 3 ]", values=30)["root_over_leaves"] == "18"
    assert answers_to("listops", "[MED 4 [MAX 9 2 ] 3 ]")["root_over_leaves"] == "3"


def test_addition_can_be_answered_without_carrying():
    answers = answers_to("addition", "5 7 + 4 6")
    assert answers == {"first_operand": "5 7", "last_operand": "4 6", "no_carry": "9 3"}


def test_parity_can_be_answered_by_one_bit_or_by_counting_roughly():
    answers = answers_to("parity", "1 0 1 1 0 1 1 0")
    assert answers == {
        "first_operand": "odd",
        "last_operand": "even",
        "length": "even",
        "more_ones": "odd",
    }


def test_the_majority_is_that_of_training_and_not_of_the_split():
    def problem(number: int, answer: str, root: str) -> Problem:
        identity = f"test-{number:06d}"
        return Problem(identity, "test", "", answer, (), {"length": 1, "kind": root}, "")

    training = [problem(0, "4", "x"), problem(1, "4", "x"), problem(2, "7", "y")]
    asked = [problem(0, "7", "x"), problem(1, "7", "y"), problem(2, "4", "never met")]
    task = load_task("things")
    answers = try_shortcuts("mine", task, task.Settings(), training, {"test": asked})
    right = {
        name: [answer.correct for answer in answers if answer.shortcut == name]
        for name in ("majority", "majority_of_kind")
    }
    assert right == {"majority": [0, 0, 1], "majority_of_kind": [0, 1, 1]}


def test_another_answer_that_is_as_right_counts():
    asked = Problem("a", "test", "", "Paris", (), {"length": 1}, "paris", aliases=("paris",))
    task = load_task("things")
    answers = try_shortcuts("mine", task, task.Settings(), [asked], {"test": [asked]})
    assert {answer.shortcut: answer.correct for answer in answers}["last_operand"] == 1


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        ("listops", {"majority_of_root", "first_operand", "root_over_leaves"}),
        ("addition", {"first_operand", "no_carry"}),
        ("parity", {"first_operand", "length", "more_ones"}),
    ],
)
def test_every_shortcut_answers_every_problem_of_every_split(kind, own):
    splits, answers = tried(kind)
    for split, problems in splits.items():
        for name in OF_EVERY_TASK | own:
            ids = [a.id for a in answers if (a.split, a.shortcut) == (split, name)]
            assert ids == [problem.id for problem in problems]
    assert {answer.shortcut for answer in answers} == OF_EVERY_TASK | own
    assert {answer.correct for answer in answers} <= {0, 1}


def test_a_shortcut_beats_the_majority_where_little_is_nested():
    """The reason why the majority alone is too low a mark."""
    _, answers = tried(
        "listops",
        500,
        arity_max=3,
        operators_max=3,
        depth_max=2,
        longer_length_min=15,
        longer_length_max=20,
        deeper_depth_max=3,
    )
    right = accuracies(answers)
    assert right["test", "root_over_leaves"] > 2 * right["test", "majority"]


def test_shortcuts_need_a_training_set():
    task = load_task("parity")
    with pytest.raises(ShowhowError, match="need a training set"):
        try_shortcuts("bits", task, task.Settings(), [], {})


def test_the_table_has_a_line_for_each_answer(tmp_path: Path):
    _, answers = tried("parity", 20)
    write_shortcuts(tmp_path / "shortcuts.csv", answers)
    with (tmp_path / "shortcuts.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["task", "split", "shortcut", "id", "correct"]
    assert [int(row["correct"]) for row in rows] == [answer.correct for answer in answers]


def test_the_stage_takes_the_majority_of_the_largest_training_set(tmp_path: Path):
    def write(name: str, *answers: str) -> Path:
        problems = [
            Problem(f"{name}-{i}", name, "", answer, (), {"length": 1}, "x")
            for i, answer in enumerate(answers)
        ]
        write_problems(tmp_path / f"{name}.jsonl", problems)
        return tmp_path / f"{name}.jsonl"

    files = [write("test", "b"), write("train-n1", "a"), write("train-n3", "a", "b", "b")]
    describe_data(
        Options(
            problems=files,
            output=tmp_path / "description.json",
            shortcuts=tmp_path / "shortcuts.csv",
            task="mine",
            kind="things",
            settings={},
        )
    )
    assert "mine,test,majority,test-0,1\n" in (tmp_path / "shortcuts.csv").read_text()
