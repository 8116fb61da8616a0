"""Which problems that models are evaluated on stand in the corpus that their bases have read.

A prompt is met where the corpus asks for the same in canonical form; a solution is met where one of
its texts is the problem's, whole: a right sentence for every step, in any voice or level of detail,
and the answer. Different prompts can have the same solution.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import get_args

from showhow.answers.parsing import parse_answer, parse_steps
from showhow.base.files import whole_file
from showhow.corpus.exercises import CorpusLine
from showhow.responses.explanation import say
from showhow.tasks.problem import Problem, Step
from showhow.tasks.task import Level, Task
from showhow.tasks.voices import every_wording


@dataclass(frozen=True)
class Contamination:
    """How many problems of a split are met in a corpus.

    solutions_met: None where problems have no steps, and a solution is an answer that others share.
    """

    split: str
    problems: int
    prompts_met: int
    solutions_met: int | None


def count_contamination(
    task: Task, splits: dict[str, list[Problem]], lines: Iterable[CorpusLine]
) -> list[Contamination]:
    """Count the problems of each split whose prompt or whole solution stands in a corpus."""
    read = [*lines]
    some = next(problem for problems in splits.values() for problem in problems)
    asked = set(_forms(task, some, read))
    solved = {key for line in read if (key := _solution_of(line.response)) is not None}
    return [
        Contamination(
            split=split,
            problems=len(problems),
            prompts_met=sum(task.canonical(problem) in asked for problem in problems),
            solutions_met=_solutions_met(task, problems, solved),
        )
        for split, problems in splits.items()
    ]


Solution = tuple[tuple[str, ...], str]
"""The sentences of a text, and the answer that it ends in."""


def _forms(task: Task, some: Problem, lines: list[CorpusLine]) -> Iterator[str]:
    """Give the canonical forms of those prompts in a corpus that the task can read."""
    for line in lines:
        if line.prompt is None:
            continue
        try:
            yield task.canonical(replace(some, prompt=line.prompt))
        except Exception:
            # What asks for something else cannot be read as the task's, in whatever way that fails.
            continue


def _solution_of(text: str) -> Solution | None:
    """Read a text as sentences and an answer; None for one that is no worked solution."""
    answer = parse_answer(text, "last")
    steps = parse_steps(text, "last")
    return (steps, answer) if answer is not None and steps else None


def _solutions_met(task: Task, problems: list[Problem], solved: set[Solution]) -> int | None:
    if not all(problem.steps for problem in problems):
        return None
    by_first: dict[tuple[str, str, int], list[tuple[str, ...]]] = {}
    for steps, answer in solved:
        by_first.setdefault((steps[0], answer, len(steps)), []).append(steps)
    return sum(_is_met(task, problem, by_first) for problem in problems)


def _is_met(
    task: Task, problem: Problem, by_first: dict[tuple[str, str, int], list[tuple[str, ...]]]
) -> bool:
    ways = [_every_way(task, step) for step in problem.steps]
    candidates = (
        steps for first in ways[0] for steps in by_first.get((first, problem.answer, len(ways)), ())
    )
    return any(
        all(sentence in said for sentence, said in zip(steps, ways, strict=True))
        for steps in candidates
    )


def _every_way(task: Task, step: Step) -> set[str]:
    """Give all sentences that say a step, in any voice, level of detail and wording."""
    levels: tuple[Level, ...] = get_args(Level)
    in_levels = {say(task, step, level, at) for level in levels for at in range(task.wordings)}
    return in_levels | every_wording(step)


def write_contamination(path: Path | str, counts: list[Contamination]) -> None:
    """Write a split a line as CSV, the whole file or nothing."""
    columns = [field.name for field in fields(Contamination)]
    with whole_file(path) as beside, beside.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns, lineterminator="\n")
        table.writeheader()
        table.writerows(asdict(count) for count in counts)
