"""Training sets of facts that a base knows to a certain degree: what these variants share."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import count
from random import Random
from typing import ClassVar

from showhow.responses.base_variant import BaseVariant, KnownBase, Written
from showhow.responses.explanation import answer_alone
from showhow.responses.response import VariantSettings
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task


class KnownFacts(BaseVariant):
    """The answers to facts of one memory level, None for all levels as they come.

    The facts are drawn among those whose level was measured, another seed's from another draw.
    Relations are balanced: no two differ by more than one fact, in any training set.
    """

    level: ClassVar[int | None]
    reads = "memory"
    filters = True
    in_a_voice = False
    shortage = (
        "Balanced over relations there are only {written} facts of this memory level among those "
        "measured, and {count} are needed. Raise memory.pool and the number of facts in the "
        "task's settings, or ask for fewer training examples."
    )

    def choose(self, problems: list[Problem], base: KnownBase, draw: int) -> list[Problem]:
        if not problems or problems[0].split != "train":
            return problems  # Evaluation splits are what they are, whatever is trained on.
        known = [problem for problem in problems if self.level in (None, base.levels[problem.id])]
        return list(balanced(known, Random(f"draw {draw}")))

    def write_for(
        self, settings: VariantSettings, task: Task, problem: Problem, base: KnownBase
    ) -> Written:
        return Written(answer_alone(problem))


def by_relation(problems: list[Problem]) -> dict[int | str, list[Problem]]:
    """Give the problems of each relation, in their order."""
    found = defaultdict(list)
    for problem in problems:
        found[problem.groups["relation"]].append(problem)
    return dict(found)


def balanced(problems: list[Problem], draw: Random) -> Iterator[Problem]:
    """Take a problem of each relation in turn, shuffled, until one relation has no more."""
    relations = by_relation(problems)
    order = sorted(relations)
    draw.shuffle(order)
    for relation in order:
        draw.shuffle(relations[relation])
    for turn in count() if order else ():
        for relation in order:
            if turn == len(relations[relation]):
                return
            yield relations[relation][turn]
