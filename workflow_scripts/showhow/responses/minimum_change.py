"""The base's own answer, changed as little as makes it right."""

from difflib import SequenceMatcher

from showhow.answers.parsing import parse_steps
from showhow.recipes.voices import VoiceName
from showhow.responses.base_variant import BaseVariant, KnownBase, Written
from showhow.responses.explanation import answer_last
from showhow.responses.familiar import VARIANT as FAMILIAR
from showhow.responses.response import VariantSettings
from showhow.tasks.problem import Problem, Step
from showhow.tasks.task import Task
from showhow.tasks.voices import every_wording, own_manner, wordings


class MinimumChange(BaseVariant):
    """A step that is right stays as the base said it; a wrong one gets the nearest right wording.

    What follows from a wrong step is wrong as well, and so is repaired in its turn. Evaluation
    splits take the familiar response: it is in the voice that the base answers in.
    """

    kind = "minimum_change"
    description = "The base's own answer, its wrong steps repaired, the rest kept."
    reads = "answers"

    def write_for(
        self, settings: VariantSettings, task: Task, problem: Problem, base: KnownBase
    ) -> Written:
        if problem.split != "train":
            return FAMILIAR.write_for(settings, task, problem, base)
        said = parse_steps(base.answers[problem.id].greedy, "last")
        said += ("",) * (len(problem.steps) - len(said))
        steps = tuple(
            repaired(sentence, step, base.own_voice)
            for sentence, step in zip(said, problem.steps, strict=False)
        )
        changed = sum(step != sentence for step, sentence in zip(steps, said, strict=False))
        surplus = max(0, len(said) - len(steps))
        return Written(answer_last(problem, steps), changed + surplus)


def repaired(sentence: str, step: Step, voice: VoiceName) -> str:
    """Keep a sentence that says the step; else give the voice's wording that is most like it."""
    if sentence in every_wording(step):
        return sentence
    words = sentence.split()
    alike = {
        wording: SequenceMatcher(None, words, wording.split(), autojunk=False).ratio()
        for wording in wordings(step, own_manner(voice))
    }
    return max(alike, key=alike.__getitem__)


VARIANT = MinimumChange()
