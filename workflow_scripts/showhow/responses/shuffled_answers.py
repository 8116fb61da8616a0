"""Answers of the right type to the wrong facts: what a form alone teaches."""

from dataclasses import replace

from showhow.responses.base_variant import KnownBase
from showhow.responses.known_facts import KnownFacts, by_relation
from showhow.tasks.problem import Problem


class ShuffledAnswers(KnownFacts):
    """Every fact has the answer to the next one of its relation, whatever the training set's size.

    Evaluation splits keep their own answers.
    """

    kind = "shuffled_answers"
    description = "The facts of the natural mix, with answers to other facts of their relation."
    control = True
    level = None

    def choose(self, problems: list[Problem], base: KnownBase, draw: int) -> list[Problem]:
        chosen = super().choose(problems, base, draw)
        if chosen is problems:
            return problems
        swapped = {
            own.id: replace(own, answer=other.answer)
            for alike in by_relation(chosen).values()
            for own, other in zip(alike, [*alike[1:], alike[0]], strict=True)
        }
        return [swapped[problem.id] for problem in chosen]


VARIANT = ShuffledAnswers()
