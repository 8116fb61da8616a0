"""What variants that speak in a voice share: the solution with its steps said in it."""

from random import Random

from showhow.responses.explanation import answer_last
from showhow.responses.response import Response
from showhow.tasks.problem import Problem
from showhow.tasks.voices import Manner, say


def in_manner(problem: Problem, manner: Manner, random: Random) -> Response:
    """Respond with the right steps in a voice, one a line, then the answer."""
    return answer_last(problem, tuple(say(step, manner, random) for step in problem.steps))
