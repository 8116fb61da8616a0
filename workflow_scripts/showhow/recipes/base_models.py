"""What a run starts from: a model of the local ladder, a folder, or one of the hub."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PositiveInt
from pydantic_core import PydanticCustomError

from showhow.recipes.corpus import CorpusRecipe
from showhow.recipes.described import Described
from showhow.recipes.training import PretrainingRecipe, TrainingSettings

Family = Literal["decoder", "t5"]


def _read_number(written: Any) -> Any:
    """Say in one sentence what may stand there, not what each of the two types wants."""
    if written == "per_seed" or (type(written) is int and written > 0):
        return written
    raise PydanticCustomError("bases", "write a whole number above 0, or per_seed")


NumberOfBases = Annotated[PositiveInt | Literal["per_seed"], BeforeValidator(_read_number)]


class AnyModel(Described):
    """What every base model may say."""

    training: TrainingSettings | None = Field(
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
    bases: NumberOfBases = Field(
        1,
        description="How many bases are made of the model, which differ in their first weights and "
        "in the order of the corpus; seeds take them in turn. per_seed: each seed has its own.",
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
