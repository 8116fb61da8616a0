"""How many parameters a base model has, without loading it: for resources and forecasts.

torch is not imported: the plan of a whole study asks this for every model.
"""

from pathlib import Path

from safetensors import safe_open

from showhow.models.vocabulary import vocabulary_size
from showhow.recipes.base_models import LadderModel, ModelDescription

T5_POSITION_BUCKETS = 32


def parameters_of(model: ModelDescription) -> int | None:
    """Count a model's parameters; None for one that is not here and does not say (`parameters`)."""
    if model.kind == "ladder":
        return _of_t5(model) if model.family == "t5" else _of_decoder(model)
    if model.kind == "folder":
        return _stored_in(Path(model.path))
    return model.parameters


def _of_decoder(model: LadderModel) -> int:
    """Llama: four square matrices of attention, three of a feed-forward twice as wide."""
    width = model.hidden
    layer = 4 * width**2 + 3 * width * 2 * width + 2 * width
    return vocabulary_size(model.tokenizer) * width + model.layers * layer + width


def _of_t5(model: LadderModel) -> int:
    """T5: a decoder's layer attends twice; positions are a bias, once in each stack."""
    width = model.hidden
    feed_forward = 2 * width * 2 * width
    encoder_layer = 4 * width**2 + feed_forward + 2 * width
    decoder_layer = 8 * width**2 + feed_forward + 3 * width
    stacks = model.layers * (encoder_layer + decoder_layer)
    positions = 2 * T5_POSITION_BUCKETS * model.heads
    return vocabulary_size(model.tokenizer) * width + stacks + positions + 2 * width


def _stored_in(folder: Path) -> int:
    """Add up the shapes in the headers of a folder's weight files."""
    total = 0
    for file in sorted(folder.glob("*.safetensors")):
        with safe_open(file, framework="numpy") as weights:
            for name in weights.keys():  # noqa: SIM118 - not a dictionary
                count = 1
                for extent in weights.get_slice(name).get_shape():
                    count *= extent
                total += count
    return total
