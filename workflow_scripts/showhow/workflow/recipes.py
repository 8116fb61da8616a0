"""What a stage is told: the models, and how they are pretrained, fine-tuned and evaluated.

A rule hands its stage one of these as JSON; the script reads it back with `model_validate_json`.
The same classes are parts of the configuration (`showhow.workflow.configuration`).
"""

import json
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    TypeAdapter,
    model_validator,
)
from pydantic_core import PydanticCustomError

from showhow.tasks.voices import VoiceName

Match = Literal["examples", "target_tokens", "steps"]
Family = Literal["decoder", "t5"]
Optimizer = Literal["muon", "adamw", "adafactor"]
Precision = Literal["auto", "fp32", "bf16"]
# Names that transformers' `report_to` knows; TensorBoard has a key of its own.
Tracker = Literal[
    "clearml",
    "codecarbon",
    "comet_ml",
    "dagshub",
    "dvclive",
    "flyte",
    "mlflow",
    "neptune",
    "swanlab",
    "trackio",
    "wandb",
]
Share = Annotated[float, Field(ge=0, le=1)]


class Described(BaseModel):
    """A part of the configuration: unknown keys are errors, and values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Recipe(Described):
    """Settings with a default each, of which a model may override some."""

    def overridden_by(self, override: Self | None) -> Self:
        """Return this recipe with the keys that were written down in `override`."""
        if override is None:
            return self
        return self.model_copy(
            update={key: getattr(override, key) for key in override.model_fields_set}
        )


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
    reference_variant: str = Field(
        "medium",
        description="The variant whose number of target tokens a run matched on tokens gets.",
    )
    space_digits: bool = Field(
        False, description="Write numbers digit by digit, for models whose subwords split them."
    )


class CorpusRecipe(Recipe):
    """The synthetic corpus that the models of the local ladder are pretrained on."""

    examples: PositiveInt = Field(64000, description="Exercises in the corpus.")
    seed: NonNegativeInt = Field(0, description="Seed of the exercises.")
    skills: dict[str, PositiveFloat] = Field(
        dict.fromkeys(
            (
                "copy",
                "sort",
                "smallest",
                "largest",
                "add",
                "last_digit",
                "median",
                "substitute",
                "digit_sum",
                "columns",
                "reverse",
                "flip",
            ),
            1.0,
        )
        | {"structure": 4.0},
        min_length=1,
        description="The skills that the corpus shows (showhow.models.corpus), each with its "
        "relative weight.",
    )
    voice: VoiceName | None = Field(
        None,
        description="The voice that is familiar to a base of this corpus: a or b "
        "(showhow.tasks.voices); null where it shows no solutions.",
    )
    solutions: dict[str, PositiveFloat] = Field(
        {},
        description="Tasks whose worked solutions the corpus shows in its voice, each with its "
        "weight beside the skills. The problems to evaluate on are left out.",
    )
    other_voice: dict[str, PositiveFloat] = Field(
        {},
        description="Tasks whose worked solutions it shows in the other voice, each with its "
        "weight, so that the base has met that voice's words.",
    )
    facts: tuple[str, ...] = Field(
        (),
        description="Tasks of the kind facts whose facts it states, beside the exercises: each as "
        "often as the task's exposures say, and never as a question.",
    )


class SolutionsRecipe(Described):
    """One task's part in a corpus, as the rule hands it to the stage."""

    kind: str
    settings: dict[str, Any]
    voice: VoiceName
    weight: PositiveFloat
    exclude: tuple[str, ...]


class FactsRecipe(Described):
    """The facts of one task that a corpus states, as the rule hands them to the stage."""

    kind: str
    settings: dict[str, Any]


class PretrainingRecipe(OptimisationRecipe):
    """How a model of the local ladder is pretrained on the synthetic corpus."""

    steps: PositiveInt = Field(2000, description="Optimiser steps of the pretraining.")
    seed: NonNegativeInt = Field(0, description="Seed of the first weights and of the batches.")


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
        fuller = self.compared.model_dump(exclude={"problems"})
        return self.model_copy(update={**fuller, "compared": None})


class MemoryComparison(Described):
    """What a cheaper measurement of memory is compared with."""

    problems: PositiveInt = Field(200, description="Test problems measured in full, the first.")
    templates: PositiveInt | None = Field(None, description="As in `memory`.")
    samples: PositiveInt = Field(10, description="As in `memory`.")
    max_new_tokens: PositiveInt = Field(32, description="As in `memory`.")


class AnsweringSettings(Described):
    """How a base model is asked training problems, for the variants made from its answers."""

    problems_per_example: PositiveInt = Field(
        2,
        description="Problems asked for each training example: those answered wrongly are dropped.",
    )
    samples: PositiveInt = Field(2, description="Sampled answers to each problem.")
    temperature: PositiveFloat = Field(1.0, description="The temperature of the sampled answers.")


class KeepingSettings(Described):
    """What stays on the disk beside results; nothing here changes a result."""

    weights: Literal["none", "adapters", "best", "all"] = Field(
        "none",
        description="Which fine-tuned weights stay once a run has been evaluated: none, adapters "
        "(and no whole model), best (of runs that differ in the seed alone, those of the one with "
        "the highest accuracy on the test split) or all.",
    )
    checkpoint_seconds: NonNegativeFloat = Field(
        60.0, description="Seconds between two checkpoints of a training."
    )


class ClusterSettings(Described):
    """What jobs ask of the machines that they run on; nothing here changes a result."""

    resources: str = Field(
        "profiles/resources.yaml",
        min_length=1,
        description="The table of what each stage asks for, by the size of its model; the path is "
        "relative to the directory the workflow runs in.",
    )


class TrackingSettings(Described):
    """Where running trainings are told of, beside their logs; nothing here changes a result."""

    tensorboard: bool = Field(
        False, description="Write TensorBoard files, under logs/tensorboard/<run>."
    )
    also: tuple[Tracker, ...] = Field(
        (),
        description="Other trackers to report to; each is installed and set up by you (its account "
        "and project, in environment variables of its own).",
    )

    @property
    def trackers(self) -> tuple[str, ...]:
        return ("tensorboard",) * self.tensorboard + self.also


class AnalysisSettings(Described):
    """How intervals are computed."""

    resamples: PositiveInt = Field(
        2000, description="Resamples of the hierarchical bootstrap over seeds and items."
    )
    seed: NonNegativeInt = Field(0, description="Seed of the bootstrap.")


class AnyModel(Described):
    """What every base model may say."""

    training: TrainingRecipe | None = Field(
        None, description="Keys of `training` that are different for this model."
    )


class LadderModel(AnyModel):
    """A small model that the workflow makes itself."""

    kind: Literal["ladder"] = Field(description="ladder: made and pretrained by the workflow.")
    family: Family = Field(
        "decoder", description="The architecture: decoder (Llama-style) or t5 (encoder-decoder)."
    )
    hidden: PositiveInt = Field(64, description="Width of the hidden states.")
    layers: PositiveInt = Field(3, description="Number of layers (t5: in each of the two stacks).")
    heads: PositiveInt = Field(4, description="Attention heads per layer; they divide `hidden`.")
    tokenizer: Literal["words", "bytes", "facts"] = Field(
        "words",
        description="What a token is: words (what the tasks made here say, and ASCII characters), "
        "bytes (any text in any script, for data of your own; about four times as many) or facts "
        "(the words of the tasks facts and things alone).",
    )
    start: Literal["pretrained", "random"] = Field(
        "pretrained", description="Where fine-tuning starts: pretrained or random weights."
    )
    pretraining: PretrainingRecipe | None = Field(
        None, description="Keys of `pretraining` that are different for this model."
    )
    corpus: CorpusRecipe | None = Field(
        None, description="Keys of `corpus` that are different for this model."
    )


class FolderModel(AnyModel):
    """A Hugging Face model folder on this machine."""

    kind: Literal["folder"] = Field(description="folder: a Hugging Face model folder.")
    path: str = Field(
        min_length=1, description="The folder, relative to the directory the workflow runs in."
    )
    family: Family | None = Field(
        None, description="The architecture: decoder or t5; null reads it from config.json."
    )


class HubModel(AnyModel):
    """A model on the Hugging Face hub."""

    kind: Literal["hub"] = Field(description="hub: a model on the Hugging Face hub.")
    id: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?$",
        description="The hub's name for the model, such as google-t5/t5-small.",
    )
    revision: str = Field(
        "main",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]*$",
        description="The commit, tag or branch; a commit makes the study repeatable.",
    )
    family: Family | None = Field(
        None, description="The architecture: decoder or t5; null reads it from config.json."
    )
    parameters: PositiveInt | None = Field(
        None,
        description="How many parameters the model has, as its card says: what its jobs ask of a "
        "cluster, and the forecast, go by it. It changes no result.",
    )


ModelDescription = Annotated[LadderModel | FolderModel | HubModel, Field(discriminator="kind")]


def read_model_description(text: str) -> LadderModel | FolderModel | HubModel:
    """Read a model description that a rule handed over as JSON."""
    return TypeAdapter(ModelDescription).validate_json(text)


def family_of_folder(folder: Path) -> Family:
    """Say from a model folder's config.json whether it is an encoder-decoder or a decoder."""
    described = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return "t5" if described.get("is_encoder_decoder") else "decoder"
