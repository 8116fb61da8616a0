"""The other voice, without the loss on the tokens that the base expects least."""

from dataclasses import replace

from pydantic import Field

from showhow.responses.base_variant import BaseVariant, KnownBase, Written
from showhow.responses.response import VariantSettings
from showhow.responses.unfamiliar import VARIANT as UNFAMILIAR
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task


class MaskSettings(VariantSettings):
    """How much of a response is left out."""

    share: float = Field(
        0.25, gt=0, lt=1, description="The share of a response's tokens left out of the loss."
    )


class UnfamiliarMasked(BaseVariant):
    kind = "unfamiliar_masked"
    description = "The other voice; the loss leaves out the tokens of highest perplexity."
    reads = "perplexities"
    Settings = MaskSettings

    def write_for(
        self, settings: MaskSettings, task: Task, problem: Problem, base: KnownBase
    ) -> Written:
        response = UNFAMILIAR.write_for(VariantSettings(), task, problem, base).response
        if problem.split != "train":
            return Written(response)
        masked = least_expected(base.log_probabilities[problem.id][:-1], settings.share)
        return Written(replace(response, masked_tokens=masked))


def least_expected(log_probabilities: list[float], share: float) -> tuple[int, ...]:
    """Give the places of the share of tokens that were least expected, in the text's order."""
    places = sorted(range(len(log_probabilities)), key=lambda place: log_probabilities[place])
    return tuple(sorted(places[: round(share * len(places))]))


VARIANT = UnfamiliarMasked()
