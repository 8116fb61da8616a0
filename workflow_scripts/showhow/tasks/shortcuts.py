"""What can be got right without solving anything: rules that look at no structure, tried.

A model that is no better than the best of them need not have learned the task.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from showhow.base.errors import ShowhowError
from showhow.base.files import whole_file
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task, TaskSettings

Shortcut = Callable[[Problem], str]


@dataclass(frozen=True)
class ShortcutAnswer:
    """Whether a shortcut has the right answer to one problem, 1 or 0."""

    task: str
    split: str
    shortcut: str
    id: str
    correct: int


def try_shortcuts(
    name: str,
    task: Task,
    settings: TaskSettings,
    training: list[Problem],
    splits: dict[str, list[Problem]],
) -> list[ShortcutAnswer]:
    """Try every shortcut on every problem of these splits; `name` is the task's in the study.

    Beside the task's own shortcuts these are the answers that training has most often: of all its
    problems, and of those that are alike in what they are grouped by, such as their relation.
    """
    majorities = _majorities(training)
    return [
        ShortcutAnswer(name, split, shortcut, problem.id, int(_is_right(answer, problem)))
        for split, problems in splits.items()
        for problem in problems
        for shortcut, answer in _answers(task, settings, majorities, problem).items()
    ]


def accuracies(tried: Iterable[ShortcutAnswer]) -> dict[tuple[str, str], float]:
    """Give the share that each shortcut gets right, by split and shortcut."""
    counts: dict[tuple[str, str], list[int]] = {}
    for answer in tried:
        counts.setdefault((answer.split, answer.shortcut), []).append(answer.correct)
    return {key: sum(correct) / len(correct) for key, correct in counts.items()}


def write_shortcuts(path: Path | str, tried: list[ShortcutAnswer]) -> None:
    """Write one answer a line as CSV, the whole file or nothing."""
    columns = [field.name for field in fields(ShortcutAnswer)]
    with whole_file(path) as beside, beside.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(asdict(answer) for answer in tried)


def _answers(
    task: Task, settings: TaskSettings, majorities: dict[str, Shortcut], problem: Problem
) -> dict[str, str]:
    of_training = {name: shortcut(problem) for name, shortcut in majorities.items()}
    return of_training | {"last_operand": problem.last_operand} | task.shortcuts(settings, problem)


def _is_right(answer: str, problem: Problem) -> bool:
    return answer in (problem.answer, *problem.aliases)


def _majorities(training: list[Problem]) -> dict[str, Shortcut]:
    if not training:
        raise ShowhowError("Shortcuts need a training set: a majority is that of its answers.")
    named = [key for key, value in training[0].groups.items() if isinstance(value, str)]
    of_groups = {f"majority_of_{key}": _majority(training, key) for key in named}
    return {"majority": _majority(training)} | of_groups


def _majority(training: list[Problem], group: str | None = None) -> Shortcut:
    """Answer as most training problems of the same group; an unknown group's are all of them."""

    def group_of(problem: Problem) -> int | str | None:
        return problem.groups.get(group) if group else None

    counts: dict[int | str | None, Counter[str]] = {}
    for problem in training:
        counts.setdefault(group_of(problem), Counter())[problem.answer] += 1
    all_answers = sum(counts.values(), Counter())
    return lambda problem: _most_frequent(counts.get(group_of(problem), all_answers))


def _most_frequent(counts: Counter[str]) -> str:
    """Of answers that are equally frequent the first in the alphabet."""
    return min(counts, key=lambda answer: (-counts[answer], answer))
