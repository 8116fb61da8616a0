"""Losses on the response alone, and logits at no other place than these need."""

from inspect import signature
from typing import Any, cast

import torch
from torch.nn.functional import cross_entropy
from transformers.loss.loss_utils import fixed_cross_entropy
from transformers.modeling_outputs import ModelOutput, Seq2SeqLMOutput

from showhow.training.examples import IGNORED

MOST = 0.9
"""With more of a batch's places than this before a target, all of them get logits."""


def takes_places(model: torch.nn.Module) -> bool:
    """Say whether a decoder computes logits for the places that it is told, and no others."""
    own = cast(Any, model).get_base_model() if hasattr(model, "get_base_model") else model
    return "logits_to_keep" in signature(own.forward).parameters


def with_places(inputs: dict[str, Any]) -> dict[str, Any]:
    """Tell a decoder at which places of a padded batch some row has a target behind it.

    Of a batch of equally long prompts these are the responses. Labels (and loss weights, where
    there are any) are given for these places alone, each for the token behind its place.
    """
    behind = inputs["labels"][:, 1:]
    places = (behind != IGNORED).any(dim=0).nonzero()[:, 0]
    if len(places) > MOST * behind.shape[1]:
        return inputs
    told = {**inputs, "logits_to_keep": places, "shift_labels": behind[:, places]}
    if "loss_weights" in inputs:
        told["loss_weights"] = inputs["loss_weights"][:, 1:][:, places]
    return told


def response_loss(
    outputs: Seq2SeqLMOutput, labels: torch.Tensor, num_items_in_batch: torch.Tensor
) -> torch.Tensor:
    """Add up the loss of a micro-batch's response tokens, as a share of the whole batch's mean.

    T5's own loss is the mean over the micro-batch, and the trainer adds those up as they are: with
    accumulation the gradient would be too large, and short responses would weigh more.
    `labels` has shape (examples, tokens), the logits one axis more.
    """
    assert outputs.logits is not None
    return fixed_cross_entropy(outputs.logits.flatten(0, 1), labels.flatten(), num_items_in_batch)


def weighted_response_loss(
    outputs: ModelOutput,
    labels: torch.Tensor,
    num_items_in_batch: torch.Tensor,
    weights: torch.Tensor,
    shifts_labels: bool,
) -> torch.Tensor:
    """Add up a micro-batch's weighted losses, as a share of the whole batch's tokens that count.

    `labels` and `weights` have shape (examples, tokens), the logits one axis more. shifts_labels:
    whether a place's logits are for the next place's label, as a decoder's are.
    """
    logits = cast(Any, outputs).logits.float()
    if shifts_labels:
        logits, labels, weights = logits[:, :-1], labels[:, 1:], weights[:, 1:]
    losses = cross_entropy(
        logits.flatten(0, 1), labels.flatten(), ignore_index=IGNORED, reduction="none"
    )
    return (losses * weights.flatten()).sum() / num_items_in_batch
