"""How a model is asked."""

from typing import Self

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt

from showhow.recipes.described import Described, Precision


class SamplingSettings(Described):
    """Answers are drawn from what the model finds probable, in the place of the most probable."""

    temperature: PositiveFloat = Field(
        1.0, description="What logits are divided by before one is drawn: below 1 the likely gain."
    )
    top_p: float = Field(
        1.0,
        gt=0,
        le=1,
        description="Only the most probable tokens are drawn that have this probability together.",
    )
    top_k: NonNegativeInt = Field(
        0, description="Only so many of the most probable tokens are drawn; 0 for all."
    )


class EvaluationSettings(Described):
    """How a fine-tuned model is asked."""

    batch_size: PositiveInt = Field(128, description="Problems per batch of generation.")
    max_new_tokens: PositiveInt | None = Field(
        None,
        description="Longest generation in tokens; null takes the split's longest reference "
        "response and a margin.",
    )
    precision: Precision = Field(
        "auto", description="Number format of the generation; auto takes bf16 where it pays."
    )
    sampling: SamplingSettings | None = Field(
        None,
        description="Sample answers, each with random numbers of its own, which the run's seed and "
        "the problem's name decide: the same in whatever batch. null answers greedily.",
    )

    @property
    def greedy(self) -> Self:
        """Give these settings for what is greedy in any case."""
        return self.model_copy(update={"sampling": None})


class AnsweringSettings(Described):
    """How a base model is asked training problems, for the variants made from its answers."""

    problems_per_example: PositiveInt = Field(
        2,
        description="Problems asked for each training example: those answered wrongly are dropped.",
    )
    samples: PositiveInt = Field(2, description="Sampled answers to each problem.")
    temperature: PositiveFloat = Field(1.0, description="The temperature of the sampled answers.")
