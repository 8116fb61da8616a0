"""Loading what fine-tuning left: a whole model, or an adapter with its base."""

from pathlib import Path

from showhow.base.errors import ShowhowError
from showhow.models.loading import Base, load_base


def load_tuned(model: Path, base: Path | None, space_digits: bool) -> Base:
    """Load a whole model, or an adapter onto the base that it belongs to."""
    whole = (model / "config.json").is_file() and any(model.glob("*.safetensors"))
    if whole or not (model / "adapter_config.json").is_file():
        return load_base(model, space_digits)
    if base is None:
        raise ShowhowError(f"{model} holds an adapter; name the folder of its base with --base.")
    from showhow.training.adapters import load_adapter  # only adapters wait for peft

    return load_adapter(load_base(base, space_digits), model)
