"""How a base model is measured before fine-tuning."""

from typing import Self

from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from showhow.recipes.described import Described, Precision, Share


class ProbeSettings(Described):
    """How a base model is measured before fine-tuning."""

    batch_size: PositiveInt = Field(
        64, description="Responses per forward pass; it changes no result but in the last digits."
    )
    perplexity_cap: PositiveFloat = Field(
        30.0,
        description="Responses with a higher perplexity are left out of the capped mean, and "
        "counted.",
    )
    precision: Precision = Field(
        "fp32", description="Number format of the forward pass; bf16 is exact to two digits only."
    )


class MemorySettings(Described):
    """How well a base knows a fact: how many of its completions contain the answer."""

    pool: PositiveInt = Field(
        4000,
        description="Training problems that are measured; training sets of a level are picked "
        "among them.",
    )
    templates: PositiveInt | None = Field(
        None, description="Completion templates per fact, its first ones; null takes all it has."
    )
    samples: PositiveInt = Field(10, description="Completions of each template.")
    temperature: NonNegativeFloat = Field(
        0.7, description="The temperature of the completions; at 0 there is one of each template."
    )
    max_new_tokens: PositiveInt = Field(32, description="Longest completion in tokens.")
    bins: tuple[Share, ...] = Field(
        (0.0, 0.25, 0.5, 0.75, 1.0),
        min_length=2,
        description="Level i are the facts whose share of completions with the answer is above "
        "bin i - 1 and at most bin i.",
    )
    batch_size: PositiveInt = Field(
        64, description="Completions per forward pass; no level depends on it."
    )
    precision: Precision = Field("fp32", description="Number format of the forward pass.")
    compared: "MemoryComparison | None" = Field(
        None,
        description="A fuller measurement of some test problems, to say how often the level comes "
        "out the same.",
    )

    @model_validator(mode="after")
    def _bins_increase(self) -> Self:
        if list(self.bins) != sorted(set(self.bins)) or self.bins[-1] != 1:
            raise PydanticCustomError("bins", "`bins` have to increase and to end in 1")
        return self

    def in_full(self) -> Self:
        """Give the fuller settings that these are compared with."""
        assert self.compared is not None
        fuller = self.compared.model_dump(exclude={"problems"})
        return self.model_copy(update={**fuller, "compared": None})


class MemoryComparison(Described):
    """What a cheaper measurement of memory is compared with."""

    problems: PositiveInt = Field(200, description="Test problems measured in full, the first.")
    templates: PositiveInt | None = Field(None, description="As in `memory`.")
    samples: PositiveInt = Field(10, description="As in `memory`.")
    max_new_tokens: PositiveInt = Field(32, description="As in `memory`.")
