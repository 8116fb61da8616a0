"""How a model is asked."""

from pydantic import Field, PositiveFloat, PositiveInt

from showhow.recipes.described import Described, Precision


class EvaluationSettings(Described):
    """How a fine-tuned model is asked."""

    batch_size: PositiveInt = Field(128, description="Problems per batch of greedy generation.")
    max_new_tokens: PositiveInt | None = Field(
        None,
        description="Longest generation in tokens; null takes the split's longest reference "
        "response and a margin.",
    )
    precision: Precision = Field(
        "auto", description="Number format of the generation; auto takes bf16 where it pays."
    )


class AnsweringSettings(Described):
    """How a base model is asked training problems, for the variants made from its answers."""

    problems_per_example: PositiveInt = Field(
        2,
        description="Problems asked for each training example: those answered wrongly are dropped.",
    )
    samples: PositiveInt = Field(2, description="Sampled answers to each problem.")
    temperature: PositiveFloat = Field(1.0, description="The temperature of the sampled answers.")
