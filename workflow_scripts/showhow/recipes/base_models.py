"""What a run starts from: a model of the local ladder, or one that somebody else has made.

Others' models are a folder, one of the hub, or a GGUF file: of the user's own, or in a package.
"""

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


class OthersModel(AnyModel):
    """What every model that the workflow does not make itself may say."""

    family: Family | None = Field(
        None, description="The architecture: decoder or t5; null reads it from config.json."
    )
    chat: bool | None = Field(
        None,
        description="Whether a decoder is asked in the form of a chat, by its own template (true), "
        "or in plain text with a line break behind the prompt (false); null asks in a chat where "
        "the model has a template.",
    )


class FolderModel(OthersModel):
    """A Hugging Face model folder on this machine."""

    kind: Literal["folder"] = Field(description="folder: a Hugging Face model folder.")
    path: str = Field(
        min_length=1, description="The folder, relative to the directory the workflow runs in."
    )


class SizedModel(OthersModel):
    """What a model that is not here yet may say of itself."""

    parameters: PositiveInt | None = Field(
        None,
        description="How many parameters the model has, as its card says: what its jobs ask of a "
        "cluster, and the forecast, go by it. It changes no result.",
    )


class HubModel(SizedModel):
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


class GgufModel(SizedModel):
    """A model in one file of llama.cpp's format (GGUF), which is made a Hugging Face folder."""

    kind: Literal["gguf"] = Field(description="gguf: a file of llama.cpp's format.")
    path: str = Field(
        min_length=1, description="The file, relative to the directory the workflow runs in."
    )


class WheelFile(Described):
    """A file that a package holds, which is taken out of it; the package is never installed."""

    package: str = Field(
        pattern=r"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$",
        description="The package's name in the index that pip is set up with.",
    )
    version: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9.!+_-]*$", description="The version, exactly."
    )
    file: str = Field(min_length=1, description="The file's path in the package.")


class PackageModel(SizedModel):
    """A GGUF file that packages of a package index hold, whole or in parts."""

    kind: Literal["package"] = Field(
        description="package: a file of llama.cpp's format, out of one package or several."
    )
    parts: tuple[WheelFile, ...] = Field(
        min_length=1, description="Where the file is; of several the contents are joined in order."
    )
    sha256: str = Field(
        pattern=r"^[0-9a-f]{64}$",
        description="The SHA-256 of the whole file: another one is not taken.",
    )
    terms: str | None = Field(
        None,
        min_length=1,
        description="The terms that a person has to accept before the model is fetched: their "
        "name or address. null: it has none, as under Apache 2.0 or MIT.",
    )
    accept_terms: bool = Field(
        False, description="Whether you have read the model's terms and accept them."
    )


ModelDescription = Annotated[
    LadderModel | FolderModel | HubModel | GgufModel | PackageModel, Field(discriminator="kind")
]
