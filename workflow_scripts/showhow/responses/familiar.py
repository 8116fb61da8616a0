"""The right steps in the base's own voice."""

from showhow.responses.base_variant import BaseVariant, KnownBase, Written
from showhow.responses.response import VariantSettings
from showhow.responses.voiced import in_manner
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task
from showhow.tasks.voices import own_manner


class Familiar(BaseVariant):
    kind = "familiar"
    description = "The right steps in the voice that the base was pretrained on."

    def write_for(
        self, settings: VariantSettings, task: Task, problem: Problem, base: KnownBase
    ) -> Written:
        manner = own_manner(base.own_voice)
        return Written(in_manner(problem, manner, self.random(problem)))


VARIANT = Familiar()
