"""Loading what fine-tuning left: a whole model, or an adapter with its base."""

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from showhow.base.errors import ShowhowError
from showhow.models.loading import Base, load_base
from showhow.models.precision import in_fp32, place
from showhow.recipes.described import Precision


def load_tuned(
    model: Path, base: Path | None, space_digits: bool, chat: bool | None = None
) -> Base:
    """Load a whole model, or an adapter onto the base that it belongs to."""
    whole = (model / "config.json").is_file() and any(model.glob("*.safetensors"))
    if whole or not (model / "adapter_config.json").is_file():
        return load_base(model, space_digits, chat=chat)
    if base is None:
        raise ShowhowError(f"{model} holds an adapter; name the folder of its base with --base.")
    from showhow.training.adapters import load_adapter  # only adapters wait for peft

    return load_adapter(load_base(base, space_digits, chat=chat), model)


def is_adapted(base: Base) -> bool:
    """Say whether a model is a base with an adapter."""
    return hasattr(base.model, "peft_config")


def ready_to_ask(tuned: Base, precision: Precision) -> Base:
    """Put a fine-tuned model where it is asked, in the format in which its training shows.

    An adapter becomes part of its base's weights where these are in fp32, and no token passes it
    any more; in bf16 the sum would lose most of what it adds.
    """
    adapted = is_adapted(tuned)
    place(tuned.model, precision, trained=not adapted)
    if adapted and in_fp32(tuned.model):
        return replace(tuned, model=cast(Any, tuned.model).merge_and_unload())
    return tuned
