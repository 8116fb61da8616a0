"""A corpus speaks as no level of detail does, so that no level is at home in it beforehand."""

import re
from functools import cache
from itertools import product

import pytest

from showhow.corpus.exercises import SKILLS, corpus
from showhow.tasks import load_task

TASKS = ("addition", "listops", "parity")
LEVELS = ("short", "medium", "long")


def frame(text: str) -> str:
    """Mask the numbers of a text, and what parity has in their place; any run of them is one."""
    masked = re.sub(r"\b(\d+|even|odd)\b", "#", text)
    return re.sub(r"#( #)+", "#", masked)


def clauses(sentence: str) -> set[str]:
    """Cut a sentence at its commas, colons and its end; what says but a word or two is left out."""
    parts = (part.strip() for part in re.split(r" [,.:]", frame(sentence)))
    return {part for part in parts if len(part.split()) > 2}


def every_wording(task, step, level) -> list[str]:
    further = range(1, task.wordings)
    return [task.explain(step, level), *(task.explain_otherwise(step, level, at) for at in further)]


@cache
def level_clauses() -> set[str]:
    found = set()
    for kind, level in product(TASKS, LEVELS):
        task = load_task(kind)
        for problem in task.generate(task.Settings(), "train", 60, set()):
            for step in problem.steps:
                for sentence in every_wording(task, step, level):
                    found |= clauses(sentence) | {frame(sentence)}
    return found


def test_there_are_frames_to_look_for():
    found = level_clauses()
    assert {"smallest number of [ # ] is #", "sum is #", "digit # carry #"} <= found
    assert "MIN , # ." in found
    assert "# becomes #" in found
    assert {"sum of [ # ] is #", "column is # and carry #", "# and bit # is #"} <= found


@pytest.mark.parametrize("skill", sorted(SKILLS))
def test_no_clause_of_any_level_stands_in_the_corpus(skill):
    known = level_clauses()
    for line in corpus(60, 0, {skill: 1.0}):
        for text in (line.prompt or "", line.response):
            said = f" {frame(text)} "
            assert not [clause for clause in known if f" {clause} " in said], text


def test_answers_are_right_in_the_corpus_own_words():
    lines = list(corpus(90, 1, {"smallest": 1.0, "median": 1.0, "flip": 1.0}))
    for line in lines:
        told, _, result = line.response.removesuffix(" ;").partition(" / ")
        numbers = [int(number) for number in re.findall(r"\d+", told)]
        if line.skill == "smallest":
            assert int(result) == min(numbers)
        elif line.skill == "median":
            middle = (numbers[(len(numbers) - 1) // 2] + numbers[len(numbers) // 2]) // 2
            assert int(result) == middle
        else:
            assert (result == told.split()[0]) == (numbers == [0])
