"""A response that came with the data."""

from pydantic import Field

from showhow.base.errors import ShowhowError
from showhow.responses.response import Response, Variant, VariantSettings
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task


class GivenSettings(VariantSettings):
    """Which of the responses that came with the data."""

    response: str | None = Field(
        None, description="Its name in the task's settings; null where there is only one."
    )


class Given(Variant):
    """Data to ask often have one response for all variants; then it says how long answers are.

    It is only read for its length: what is scored is the answer.
    """

    kind = "given"
    description = "A response that came with the data."
    Settings = GivenSettings

    def write(self, settings: GivenSettings, task: Task, problem: Problem) -> Response:
        name, there = settings.response, problem.responses
        if name in there:
            text = there[name]
        elif there and (problem.split != "train" or (name is None and len(there) == 1)):
            text = max(there.values(), key=len)
        else:
            raise ShowhowError(
                f"The problem {problem.id} has no response {name or 'of its own'}; it has: "
                f"{', '.join(there) or 'none'}. Write one of these as the variant's `response`, or "
                "add the column to the task's settings."
            )
        return Response(problem.id, problem.prompt, text, problem.answer, (), "last")


VARIANT = Given()
