"""The other voice's response rewritten in the base's own words.

As a person's solution that a language model rewrites keeps its order, so does this one: the words
are those of the familiar voice, the order of what is named is that of the unfamiliar one.
"""

from showhow.recipes.voices import other
from showhow.responses.base_variant import BaseVariant, KnownBase, Written
from showhow.responses.response import VariantSettings
from showhow.responses.voiced import in_manner
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task
from showhow.tasks.voices import Manner


class Rewritten(BaseVariant):
    kind = "rewritten"
    description = "The other voice's response in the base's own words, its order kept."

    def write_for(
        self, settings: VariantSettings, task: Task, problem: Problem, base: KnownBase
    ) -> Written:
        manner = Manner(words=base.own_voice, order=other(base.own_voice))
        return Written(in_manner(problem, manner, self.random(problem)))


VARIANT = Rewritten()
