"""What is said of a task's data."""

from pathlib import Path

import pytest

from showhow.base.errors import ShowhowError
from showhow.tasks import load_task
from showhow.tasks.description import describe, describe_split, read_description, write_description
from showhow.tasks.problem import Problem


def problem(answer: str, last_operand: str, length: int) -> Problem:
    return Problem("test-000000", "test", "", answer, (), {"length": length}, last_operand)


def test_a_split_is_counted():
    described = describe_split(
        [problem("3", "3", 7), problem("3", "1", 9), problem("5", "5", 8), problem("0", "2", 7)]
    )
    assert described.n == 4
    assert (described.length_low, described.length_high) == (7, 9)
    assert described.answer_counts == {"0": 1, "3": 2, "5": 1}
    assert (described.majority_answer, described.majority_accuracy) == ("3", 0.5)
    assert described.copy_last_accuracy == 0.5


def test_the_majority_of_a_tie_does_not_depend_on_the_order():
    tied = [problem("7", "", 1), problem("2", "", 1)]
    assert describe_split(tied) == describe_split(tied[::-1])


def test_the_training_range_is_that_of_the_training_sets():
    described = describe(
        {
            "test": [problem("1", "1", 30)],
            "train-n1": [problem("1", "1", 7)],
            "train-n2": [problem("1", "1", 7), problem("1", "1", 12)],
        }
    )
    assert (described.train_length_low, described.train_length_high) == (7, 12)
    assert set(described.splits) == {"test", "train-n1", "train-n2"}


@pytest.mark.parametrize("kind", ["addition", "listops", "parity"])
def test_a_description_comes_back_from_its_file(kind, tmp_path: Path):
    task = load_task(kind)
    settings = task.Settings()
    splits = {split: task.generate(settings, split, 50, set()) for split in ("test", "train")}
    described = describe(splits)
    write_description(tmp_path / "description.json", described)
    assert read_description(tmp_path / "description.json") == described


def test_splits_that_cannot_be_described_are_named():
    with pytest.raises(ShowhowError, match="without problems: longer"):
        describe({"train": [problem("1", "1", 1)], "longer": []})
    with pytest.raises(ShowhowError, match="no training set among the splits test"):
        describe({"test": [problem("1", "1", 1)]})


@pytest.mark.parametrize("content", ["{}", '{"splits": 3}', "{"])
def test_a_damaged_description_is_named_with_the_remedy(content: str, tmp_path: Path):
    path = tmp_path / "description.json"
    path.write_text(content)
    with pytest.raises(ShowhowError, match=r"description\.json .*--force"):
        read_description(path)
