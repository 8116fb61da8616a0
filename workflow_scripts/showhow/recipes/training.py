"""How weights are moved: what pretraining and fine-tuning are told."""

from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    TypeAdapter,
    WrapValidator,
)

from showhow.recipes.described import Described, Precision, Recipe, Share
from showhow.recipes.names import VariantName

Match = Literal["examples", "target_tokens", "steps"]
Optimizer = Literal["muon", "adamw", "adafactor"]
Rate = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Rates = tuple[Rate, ...]
"""Learning rates of which one is to be chosen."""


Every = PositiveInt | Literal["epoch"]
"""How often: after so many optimiser steps, or whenever all examples have been seen once more."""


def _read_every(written: Any, _: Any) -> Any:
    """Read a word as a word and anything else as a number, so that one sentence says what is wrong.

    A wrong word is told of by the one that there is.
    """
    kind: Any = Literal["epoch"] if isinstance(written, str) else PositiveInt
    return TypeAdapter(kind).validate_python(written)


class CheckpointChoice(Described):
    """The checkpoint chosen on a validation split, which is the model that is kept and scored."""

    split: Literal["validation"] = Field(
        "validation",
        description="The split that each checkpoint is asked: no run trains on it, no claim reads "
        "it.",
    )
    every: Annotated[Every, WrapValidator(_read_every)] = Field(
        "epoch",
        description="Optimiser steps from one checkpoint that is asked to the next, or epoch; the "
        "last one is asked in any case.",
    )


def _read_choice(written: Any, _: Any) -> Any:
    """Read a mapping as a mapping and a word as a word."""
    mapping = isinstance(written, dict | CheckpointChoice)
    kind = CheckpointChoice if mapping else Literal["validation"] | None
    return TypeAdapter(kind).validate_python(written)


def _read_rates(written: Any, _: Any) -> Any:
    """Read a number as a number and a list as a list, so that one sentence says what is wrong."""
    several = isinstance(written, list | tuple)
    return TypeAdapter(Rates if several else Rate).validate_python(written)


class OptimisationRecipe(Recipe):
    """How weights are moved; pretraining and fine-tuning have this in common."""

    optimizer: Optimizer = Field(
        "muon",
        description="The optimiser: muon (matrices; AdamW for the rest), adamw or adafactor.",
    )
    learning_rate: PositiveFloat = Field(
        0.02, description="The peak learning rate, reached after the warm-up."
    )
    weight_decay: NonNegativeFloat = Field(
        0.0, description="The decoupled weight decay of the optimiser."
    )
    warmup_share: Share = Field(
        0.05, description="The share of all steps over which the learning rate rises to its peak."
    )
    batch_size: PositiveInt = Field(
        32, description="Examples per optimiser step, over all micro-batches."
    )
    micro_batch_size: PositiveInt | None = Field(
        None, description="Examples per forward pass; null takes the whole batch at once."
    )
    max_grad_norm: PositiveFloat = Field(
        1.0, description="The norm to which the gradient is clipped."
    )
    precision: Precision = Field(
        "auto", description="Number format of the forward pass; auto takes bf16 where it pays."
    )
    gradient_checkpointing: bool = Field(
        False, description="Recompute activations in the backward pass, to save memory."
    )


class AdapterRecipe(Described):
    """LoRA (Hu et al. 2022): pairs of small matrices that are trained in the base's place."""

    rank: PositiveInt = Field(8, description="Rank of the matrices: how much they can hold.")
    alpha: PositiveFloat = Field(
        16.0, description="What the pairs add is scaled by alpha over rank."
    )
    dropout: float = Field(
        0.0, ge=0, lt=1, description="The share of a pair's inputs dropped while training."
    )
    targets: tuple[str, ...] | None = Field(
        None,
        min_length=1,
        description="The modules that get a pair each, by their names in the model, such as "
        "q_proj; null takes what peft knows for the architecture (often query and value).",
    )


class TrainingRecipe(OptimisationRecipe):
    """How a base model is fine-tuned."""

    adapter: AdapterRecipe | None = Field(
        None,
        description="Train a LoRA adapter, the base unchanged; null trains all weights. A model's "
        "own adapter takes the place of the common one as a whole.",
    )

    epochs: PositiveInt = Field(
        5, description="Passes over the training set, for runs matched on examples."
    )
    min_steps: PositiveInt = Field(
        1,
        description="The fewest optimiser steps of a run matched on examples or tokens: a small "
        "training set need not be a short training.",
    )
    steps: PositiveInt = Field(600, description="Optimiser steps, for runs matched on steps.")
    reference_variant: VariantName = Field(
        "medium",
        description="The variant whose number of target tokens a run matched on tokens gets.",
    )
    space_digits: bool = Field(
        False, description="Write numbers digit by digit, for models whose subwords split them."
    )


class TrainingSettings(TrainingRecipe):
    """How base models are fine-tuned, and what is still to be chosen on a validation split."""

    learning_rate: Annotated[  # pyright: ignore[reportIncompatibleVariableOverride]
        Rate | Rates, WrapValidator(_read_rates)
    ] = Field(
        0.02,
        description="The peak learning rate, reached after the warm-up; or a list of rates, of "
        "which each arm gets the best.",
    )
    choose: Annotated[
        CheckpointChoice | Literal["validation"] | None, WrapValidator(_read_choice)
    ] = Field(
        None,
        description="With a list of learning rates: validation tries each on problems that "
        "nothing else is asked, and takes the most accurate. {split: validation, every: ...} keeps "
        "of each run the checkpoint that is most accurate on these problems; of a list of rates, "
        "too, the best is taken then.",
    )

    @property
    def rates(self) -> Rates:
        """The rates to choose from, smallest first; none where there is one for all."""
        return tuple(sorted(self.learning_rate)) if isinstance(self.learning_rate, tuple) else ()

    @property
    def checkpoint(self) -> CheckpointChoice | None:
        """How each run's checkpoint is chosen; None where the last one is kept."""
        return self.choose if isinstance(self.choose, CheckpointChoice) else None

    @property
    def asks_validation(self) -> bool:
        """Say whether something is chosen on the validation split."""
        return bool(self.rates) or self.checkpoint is not None


class PretrainingRecipe(OptimisationRecipe):
    """How a model of the local ladder is pretrained on the synthetic corpus."""

    steps: PositiveInt = Field(2000, description="Optimiser steps of the pretraining.")
    seed: NonNegativeInt = Field(0, description="Seed of the first weights and of the batches.")
