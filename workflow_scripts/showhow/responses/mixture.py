"""Some examples explained, the others answered: the training file of the paper's public code."""

from pydantic import Field

from showhow.responses.explanation import (
    LevelSettings,
    answer_alone,
    answer_last,
    sentences,
    with_wordings,
)
from showhow.responses.response import Response, Variant
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task


class MixtureSettings(LevelSettings):
    """How the explained examples look, and how many there are."""

    share: float = Field(
        0.02, ge=0, le=1, description="The share of training examples that are explained."
    )


class Mixture(Variant):
    """The problem alone decides whether it is explained, so larger training sets keep the choice.

    Evaluation splits take the form that most training examples have.
    """

    kind = "mixture"
    description = "A small share of the examples explained, the others with the answer alone."
    control = True
    Settings = MixtureSettings

    def write(self, settings: MixtureSettings, task: Task, problem: Problem) -> Response:
        chance = self.random(problem).random() if problem.split == "train" else 0.5
        if chance < settings.share:
            level, wordings = settings.level, settings.wordings
            response = answer_last(problem, sentences(task, problem, level, wordings))
            return with_wordings(response, task, level, wordings, problem.steps)
        return answer_alone(problem)


VARIANT = Mixture()
