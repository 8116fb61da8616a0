"""What the tasks share that ask for facts: a fact is known or not, and nothing is worked out."""

from random import Random

from showhow.base.errors import ShowhowError
from showhow.tasks.knowledge.wording import beginnings, question
from showhow.tasks.problem import Problem, Step, problem_id
from showhow.tasks.task import Level, Task


class TaskOfFacts(Task):
    """Its problems have no steps, and no two prompts ask for the same fact."""

    def canonical(self, problem: Problem) -> str:
        return problem.prompt

    def explain(self, step: Step, level: Level) -> str:
        raise ShowhowError("A fact has no steps to explain; use variants that answer alone.")

    def wrong_result(self, step: Step, random: Random) -> str:
        raise ShowhowError("A fact has no steps; use variants that answer alone.")


def ask_for(
    subject: str, relation: str, object: str, split: str, index: int, **groups: int
) -> Problem:
    """Make the problem that asks for a made-up fact's object."""
    prompt = question(subject, relation)
    return Problem(
        id=problem_id(split, index),
        split=split,
        prompt=prompt,
        answer=object,
        steps=(),
        groups={"length": len(prompt.split()), "relation": relation, **groups},
        last_operand=subject.split()[-1],
        beginnings=beginnings(subject, relation),
    )
