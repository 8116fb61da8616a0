"""The other voice with more detail: does detail make up for what is unfamiliar?"""

from showhow.recipes.voices import other
from showhow.responses.base_variant import BaseVariant, KnownBase, Written
from showhow.responses.response import VariantSettings
from showhow.responses.voiced import in_manner
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task
from showhow.tasks.voices import Manner


class UnfamiliarLonger(BaseVariant):
    kind = "unfamiliar_longer"
    description = "The other voice; each step names its operands first and its result once more."

    def write_for(
        self, settings: VariantSettings, task: Task, problem: Problem, base: KnownBase
    ) -> Written:
        voice = other(base.own_voice)
        manner = Manner(voice, voice, detailed=True)
        return Written(in_manner(problem, manner, self.random(problem)))


VARIANT = UnfamiliarLonger()
