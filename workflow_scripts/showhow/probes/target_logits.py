"""A model's next-token logits where an example has its targets, exact under padding."""

from collections.abc import Iterator

import torch

from showhow.models.loading import Base
from showhow.training.examples import IGNORED, Collator, Example
from showhow.training.losses import takes_places, with_places

INPUTS = ("input_ids", "attention_mask", "logits_to_keep")


def target_logits(base: Base, batch: list[Example]) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """Give, for each example, the logits before each of its target tokens, and those tokens.

    Shapes: (targets, vocabulary) in float64, and (targets,). The batch is padded on the right,
    whichever side the tokenizer is set to: so a decoder's positions count from the prompt's first
    token, and no token attends to padding. One example at a time is widened to float64.
    """
    padded = Collator(base.padding_token)(batch)
    tensors = {name: values.to(base.model.device) for name, values in padded.items()}
    labels = tensors["labels"]
    if base.encoder_decoder:
        logits = base.model(**tensors, use_cache=False).logits
    else:
        told = with_places(tensors) if takes_places(base.model) else tensors
        inputs = {name: told[name] for name in INPUTS if name in told}
        logits = base.model(**inputs, use_cache=False).logits
        labels = told.get("shift_labels", labels[:, 1:])
        logits = logits[:, : labels.shape[1]]
    for row, targets in zip(logits, labels, strict=True):
        wanted = targets != IGNORED
        yield row[wanted].double(), targets[wanted]
