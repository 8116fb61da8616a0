"""The sizes from which a model's arithmetic follows: floating point operations and memory.

torch is not imported: the forecast of a whole study asks this for every model.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path

from showhow.models.sizes import parameters_of
from showhow.models.vocabulary import vocabulary_size
from showhow.recipes.base_models import Family, LadderModel, ModelDescription

# What a model that says no more than its size is taken for: T5's and Llama's vocabulary, and the
# width that T5's and Llama's published sizes have at their depth.
USUAL_VOCABULARY = 32_128
T5_WIDTH = 209  # times the root of a stack's layers: T5-small and large exactly
DECODER_WIDTH = 128  # times the layers: Llama 7B exactly


@dataclass(frozen=True)
class Shape:
    """The sizes of a transformer.

    encoder_layers: 0 for a decoder-only model. inner: attention heads times their width;
    key_value: the same for keys and values, fewer with grouped queries. feed_forward: its width;
    feed_forward_matrices: 3 where it is gated, otherwise 2. vocabulary: rows of the output head.
    A shape that is guessed from a number of parameters has fractions in it.
    """

    encoder_layers: int
    decoder_layers: int
    width: float
    inner: float
    key_value: float
    feed_forward: float
    feed_forward_matrices: int
    vocabulary: int

    @property
    def encoder_decoder(self) -> bool:
        return self.encoder_layers > 0

    @property
    def attention(self) -> float:
        """Count the weights of one attention: queries, keys, values and output."""
        return 2 * self.width * (self.inner + self.key_value)

    @property
    def feed_forward_weights(self) -> float:
        return self.feed_forward_matrices * self.width * self.feed_forward

    @property
    def head(self) -> float:
        """Count the weights of the output head, which are the embedding's in most models."""
        return self.width * self.vocabulary

    @property
    def encoder(self) -> float:
        """Count the matrix weights of the encoder."""
        return self.encoder_layers * (self.attention + self.feed_forward_weights)

    @property
    def decoder(self) -> float:
        """Count the matrix weights of the decoder without its head; T5's attends twice."""
        attentions = 2 if self.encoder_decoder else 1
        return self.decoder_layers * (attentions * self.attention + self.feed_forward_weights)

    @property
    def layers(self) -> int:
        return self.encoder_layers + self.decoder_layers


def shape_of(model: ModelDescription, folder: Path) -> Shape | None:
    """Give a model's shape; None for one that is not here and does not say its size.

    `folder` is where the model is, or will be. What its config.json says is exact; a hub model
    that is yet to be fetched is taken for one of the usual proportions with its `parameters`.
    """
    if model.kind == "ladder":
        return _ladder_shape(model)
    described = folder / "config.json"
    if described.is_file():
        shape = shape_in(json.loads(described.read_text(encoding="utf-8")))
        if shape is not None:
            return shape
    parameters = parameters_of(model)
    return None if parameters is None else usual_shape(model.family or "decoder", parameters)


def _ladder_shape(model: LadderModel) -> Shape:
    t5 = model.family == "t5"
    words = vocabulary_size(model.tokenizer)
    return _even_shape(t5, model.layers, model.hidden, 2 * model.hidden, 2 if t5 else 3, words)


def _even_shape(
    t5: bool, layers: int, width: float, feed_forward: float, matrices: int, vocabulary: int
) -> Shape:
    """Give the shape of a model whose stacks are equally deep, and heads as wide as it is."""
    return Shape(
        encoder_layers=layers if t5 else 0,
        decoder_layers=layers,
        width=width,
        inner=width,
        key_value=width,
        feed_forward=feed_forward,
        feed_forward_matrices=matrices,
        vocabulary=vocabulary,
    )


def shape_in(config: dict) -> Shape | None:
    """Read a shape out of a config.json of T5's, Llama's or GPT-2's kind; None for any other."""
    if "d_kv" in config:
        return _t5_shape(config)
    if "num_hidden_layers" in config and "intermediate_size" in config:
        return _llama_shape(config)
    if "n_embd" in config:
        return _gpt2_shape(config)
    return None


def _t5_shape(config: dict) -> Shape:
    inner = config["d_kv"] * config["num_heads"]
    return Shape(
        encoder_layers=config["num_layers"],
        decoder_layers=config.get("num_decoder_layers") or config["num_layers"],
        width=config["d_model"],
        inner=inner,
        key_value=inner,
        feed_forward=config["d_ff"],
        feed_forward_matrices=3 if "gated" in config.get("feed_forward_proj", "relu") else 2,
        vocabulary=config["vocab_size"],
    )


def _llama_shape(config: dict) -> Shape:
    heads = config["num_attention_heads"]
    head_width = config.get("head_dim") or config["hidden_size"] // heads
    return Shape(
        encoder_layers=0,
        decoder_layers=config["num_hidden_layers"],
        width=config["hidden_size"],
        inner=heads * head_width,
        key_value=(config.get("num_key_value_heads") or heads) * head_width,
        feed_forward=config["intermediate_size"],
        feed_forward_matrices=3,
        vocabulary=config["vocab_size"],
    )


def _gpt2_shape(config: dict) -> Shape:
    width = config["n_embd"]
    inner = config.get("n_inner") or 4 * width
    return _even_shape(False, config["n_layer"], width, inner, 2, config["vocab_size"])


def usual_shape(family: Family, parameters: int) -> Shape:
    """Guess the shape of a model of which only the size is known.

    The depth is that at which a model of T5's or Llama's proportions has about this size, the
    width then solves squares * width**2 + vocabulary * width = parameters.
    """
    t5 = family == "t5"
    per_square = 28 if t5 else 12  # an encoder's and a decoder's layer: 12 and 16 squares
    if t5:
        layers = round(math.sqrt(parameters / (per_square * T5_WIDTH**2)))
    else:
        layers = round((parameters / (per_square * DECODER_WIDTH**2)) ** (1 / 3))
    layers = max(1, layers)
    squares = layers * per_square  # weights of all layers, in squares of the width
    root = math.sqrt(USUAL_VOCABULARY**2 + 4 * squares * parameters)
    width = (root - USUAL_VOCABULARY) / (2 * squares)
    return _even_shape(t5, layers, width, 4 * width, 2, USUAL_VOCABULARY)
