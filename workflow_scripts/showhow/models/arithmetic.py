"""What training and generation ask of a machine: floating point operations and bytes.

A multiplication with its addition counts as two operations. A token costs two operations for each
weight that it passes through, and four for each pair of tokens and unit of width in attention;
the backward pass costs twice the forward pass (Kaplan et al. 2020, section 2.1; Chowdhery et al.
2022, appendix B). In an encoder-decoder the prompt passes through the encoder and the response
through the decoder and its head; the keys and values of cross-attention are made of the prompt.
"""

from dataclasses import dataclass

from showhow.models.shapes import Shape
from showhow.recipes.training import OptimisationRecipe

FP32, BF16 = 4, 2
# Bytes per weight that an optimiser keeps. Adafactor keeps a row and a column of each matrix.
OPTIMIZER_BYTES = {"adamw": 8.0, "muon": 4.0, "adafactor": 0.02}
# What a process holds on a GPU before it loads anything: context, kernels, workspaces.
CONTEXT_BYTES = 1.0e9


@dataclass(frozen=True)
class Text:
    """The tokens of one example: of its prompt and of its response, end tokens included."""

    prompt: float
    response: float


def forward_operations(shape: Shape, text: Text) -> float:
    """Count the operations of one forward pass over one example."""
    return body_operations(shape, text) + _head_operations(shape, text)


def body_operations(shape: Shape, text: Text) -> float:
    """The same without the output head, which no gradient checkpointing computes again."""
    if not shape.encoder_decoder:
        tokens = text.prompt + text.response
        pairs = shape.decoder_layers * tokens**2
        return 2 * shape.decoder * tokens + 4 * shape.inner * pairs
    # Of the decoder's weights these work on the prompt.
    of_prompt = shape.decoder_layers * 2 * shape.width * shape.key_value
    weights = (shape.encoder + of_prompt) * text.prompt + (shape.decoder - of_prompt) * (
        text.response
    )
    pairs = shape.encoder_layers * text.prompt**2 + shape.decoder_layers * (
        text.response**2 + text.response * text.prompt
    )
    return 2 * weights + 4 * shape.inner * pairs


def _head_operations(shape: Shape, text: Text) -> float:
    """A decoder's head works on the prompt too, though no loss is taken there."""
    tokens = text.response if shape.encoder_decoder else text.prompt + text.response
    return 2 * shape.head * tokens


def training_operations(
    shape: Shape, text: Text, gradient_checkpointing: bool, adapter: bool = False
) -> float:
    """Count the operations of training on one example once.

    Gradient checkpointing computes every layer's forward pass again: a third more. With an adapter
    the base's weights get no gradient, which is half of the backward pass.
    """
    again = body_operations(shape, text) if gradient_checkpointing else 0.0
    return (2 if adapter else 3) * forward_operations(shape, text) + again


def generation_operations(shape: Shape, text: Text) -> float:
    """Count the operations of answering one prompt with a cache of keys and values.

    Each token passes the stack once, as in a forward pass over prompt and answer.
    """
    if shape.encoder_decoder:
        return forward_operations(shape, text)
    # The head is asked once for the prompt, and once for each token of the answer.
    return body_operations(shape, text) + 2 * shape.head * (1 + text.response)


def bytes_per_generated_step(shape: Shape, text: Text, batch: int, bytes_per_weight: int) -> float:
    """Count the bytes that one step of generation reads: all weights, and each row's cache."""
    weights = (shape.decoder + shape.head) * bytes_per_weight
    return weights + batch * cache_bytes(shape, text, bytes_per_weight)


def cache_bytes(shape: Shape, text: Text, bytes_per_weight: int) -> float:
    """Count the bytes of one row's keys and values at the end of its answer."""
    tokens = text.prompt + text.response
    return 2 * shape.decoder_layers * shape.key_value * tokens * bytes_per_weight


def weight_bytes(parameters: int) -> int:
    """Count the bytes of a model's file: weights are stored in fp32."""
    return FP32 * parameters


def training_memory(
    shape: Shape,
    parameters: int,
    recipe: OptimisationRecipe,
    longest: Text,
    bf16: bool,
    adapter: bool = False,
) -> float:
    """Count the bytes that training holds at its peak: on the GPU, where there is one.

    Weights and gradients are in fp32, and in bf16 once more for the forward pass. `longest` is
    the longest example of the micro-batch, to which the others are padded. What an adapter adds
    is left out: it is of the order of a hundredth.
    """
    trained = 0.0 if adapter else FP32 + OPTIMIZER_BYTES[recipe.optimizer]
    per_weight = FP32 + BF16 * bf16 + trained
    rows = recipe.micro_batch_size or recipe.batch_size
    activations = activation_bytes(shape, longest, recipe.gradient_checkpointing, bf16)
    return CONTEXT_BYTES + per_weight * parameters + rows * activations


def activation_bytes(shape: Shape, text: Text, gradient_checkpointing: bool, bf16: bool) -> float:
    """Count the bytes that the forward pass of one example keeps for the backward pass.

    The residual stream and what norms it stay in fp32; matrices' inputs are kept as they are
    multiplied. With gradient checkpointing only the stream stays, and one layer at a time is
    computed again. Attention's scores are not kept (SDPA); logits are kept for the loss in fp32,
    with their gradient, and once more as they were computed.
    """
    kept = BF16 if bf16 else FP32
    norm = (2 * FP32 + kept) * shape.width
    attention = norm + kept * 2 * (shape.inner + shape.key_value)
    # What goes into and comes out of the activation function; a gate is one more, its product too.
    feed_forward = norm + kept * shape.feed_forward * (2 * shape.feed_forward_matrices - 2)
    one = 1 if gradient_checkpointing else None
    if shape.encoder_decoder:
        stacks = (
            (shape.encoder_layers, text.prompt, attention + feed_forward),
            (shape.decoder_layers, text.response, 2 * attention + feed_forward),
        )
        logits = text.response
    else:
        tokens = text.prompt + text.response
        stacks = ((shape.decoder_layers, tokens, attention + feed_forward),)
        logits = tokens
    layers = sum(tokens * layer * (one or count) for count, tokens, layer in stacks)
    stream = sum(count * tokens * FP32 * shape.width for count, tokens, _ in stacks)
    return layers + stream * gradient_checkpointing + (3 * FP32 + kept) * shape.vocabulary * logits


def generation_memory(
    shape: Shape, parameters: int, batch: int, longest: Text, bf16: bool
) -> float:
    """Count the bytes that generation holds at its peak: weights, caches and one step's logits."""
    kept = BF16 if bf16 else FP32
    rows = batch * (cache_bytes(shape, longest, kept) + (FP32 + kept) * shape.vocabulary)
    return CONTEXT_BYTES + kept * parameters + rows
