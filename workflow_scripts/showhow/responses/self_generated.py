"""What the base itself answered, where that was right."""

from dataclasses import replace

from showhow.answers.parsing import parse_answer, parse_steps
from showhow.responses.base_variant import BaseVariant, KnownBase, Written
from showhow.responses.familiar import VARIANT as FAMILIAR
from showhow.responses.response import VariantSettings
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task


class SelfGenerated(BaseVariant):
    """A training problem none of whose sampled answers is right is dropped.

    Evaluation splits take the familiar response: it is in the voice that the base answers in.
    """

    kind = "self_generated"
    description = "The base's own sampled answer, where its result is right."
    reads = "answers"
    filters = True

    def write_for(
        self, settings: VariantSettings, task: Task, problem: Problem, base: KnownBase
    ) -> Written | None:
        familiar = FAMILIAR.write_for(settings, task, problem, base)
        if problem.split != "train":
            return familiar
        for text in base.answers[problem.id].samples:
            if parse_answer(text, "last") == problem.answer:
                steps = parse_steps(text, "last")
                return Written(replace(familiar.response, response=text, steps=steps))
        return None


VARIANT = SelfGenerated()
