"""The right steps in the voice that is not the base's own."""

from showhow.recipes.voices import other
from showhow.responses.base_variant import BaseVariant, KnownBase, Written
from showhow.responses.response import VariantSettings
from showhow.responses.voiced import in_manner
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task
from showhow.tasks.voices import own_manner


class Unfamiliar(BaseVariant):
    kind = "unfamiliar"
    description = "The same steps in the other voice: other words and order, as many tokens."

    def write_for(
        self, settings: VariantSettings, task: Task, problem: Problem, base: KnownBase
    ) -> Written:
        manner = own_manner(other(base.own_voice))
        return Written(in_manner(problem, manner, self.random(problem)))


VARIANT = Unfamiliar()
