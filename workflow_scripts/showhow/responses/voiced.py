"""What variants that speak in a voice share: the solution with its steps said in it."""

from abc import abstractmethod
from random import Random

from showhow.recipes.voices import VoiceName
from showhow.responses.base_variant import BaseVariant, KnownBase, Written
from showhow.responses.explanation import answer_last
from showhow.responses.response import Response, VariantSettings
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task
from showhow.tasks.voices import Manner, say


def in_manner(problem: Problem, manner: Manner, random: Random) -> Response:
    """Respond with the right steps in a voice, one a line, then the answer."""
    return answer_last(problem, tuple(say(step, manner, random) for step in problem.steps))


class Voiced(BaseVariant):
    """The right steps, in a manner that depends on nothing of the base but its voice."""

    @abstractmethod
    def manner(self, own_voice: VoiceName) -> Manner:
        """Give the manner of the responses for a base with this voice."""

    def write_for(
        self, settings: VariantSettings, task: Task, problem: Problem, base: KnownBase
    ) -> Written:
        manner = self.manner(base.own_voice)
        return Written(in_manner(problem, manner, self.random(problem)))
