"""Tokenised examples with the loss on the response only, and their collation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch

from showhow.base.errors import ShowhowError
from showhow.models.loading import Base

IGNORED = -100


@dataclass(frozen=True)
class Example:
    """Token ids of one example.

    Decoder: `input_ids` is prompt and response, `labels` has the same length and is -100 over the
    prompt. Encoder-decoder: `input_ids` is the prompt, `labels` the response.
    """

    input_ids: list[int]
    labels: list[int]

    @property
    def target_tokens(self) -> int:
        return sum(label != IGNORED for label in self.labels)

    @property
    def length(self) -> int:
        """What a batch pads to: the longer side counts, both cost time."""
        return max(len(self.input_ids), len(self.labels))


def tokenise(
    base: Base, pairs: list[tuple[str, str]], masked: Sequence[Sequence[int]] | None = None
) -> list[Example]:
    """Tokenise pairs of prompt and response for `base`.

    Prompt and response are tokenised apart, so that the boundary is the same in training and in
    generation. masked: for each pair the places of response tokens that are left out of the loss.
    Raises ShowhowError for an empty training set.
    """
    if not pairs:
        raise ShowhowError("The training set is empty; ask for at least one training example.")
    prompts = tokenise_prompts(base, [prompt for prompt, _ in pairs])
    responses = tokenise_responses(base, [response for _, response in pairs])
    end = base.end_token
    left_out = masked or [()] * len(pairs)
    return [
        _example(base.encoder_decoder, prompt, [*response, end], places)
        for prompt, response, places in zip(prompts, responses, left_out, strict=True)
    ]


def tokenise_texts(base: Base, texts: list[str]) -> list[Example]:
    """Make examples of plain texts: a decoder learns to go on with each, from its first token on.

    An encoder-decoder writes them without having been asked anything.
    """
    end = base.end_token
    written = [[*ids, end] for ids in tokenise_responses(base, texts)]
    if base.encoder_decoder:
        return [Example([end], ids) for ids in written]
    return [Example(ids, ids) for ids in written]


def tokenise_beginnings(base: Base, texts: list[str]) -> list[list[int]]:
    """Tokenise texts that the model is to go on with, as it reads plain text: in no template."""
    return base.tokenizer([base.format.response(text) for text in texts]).input_ids


def tokenise_prompts(base: Base, prompts: list[str]) -> list[list[int]]:
    """Tokenise prompts as the model expects them, one list of ids per prompt."""
    texts = [base.format.prompt(prompt) for prompt in prompts]
    templated = base.tokenizer.chat_template is not None and not base.encoder_decoder
    return base.tokenizer(texts, add_special_tokens=not templated).input_ids


def tokenise_responses(base: Base, responses: list[str]) -> list[list[int]]:
    """Tokenise responses without their end token, one list of ids per response."""
    texts = [base.format.response(response) for response in responses]
    return base.tokenizer(texts, add_special_tokens=False).input_ids if texts else []


def _example(
    encoder_decoder: bool, prompt: list[int], response: list[int], masked: Sequence[int]
) -> Example:
    out = set(masked)
    targets = [IGNORED if place in out else token for place, token in enumerate(response)]
    if encoder_decoder:
        return Example(prompt, targets)
    return Example(prompt + response, [IGNORED] * len(prompt) + targets)


@dataclass(frozen=True)
class Collator:
    """Pad a batch on the right to its longest member.

    `decoder_inputs` gives an encoder-decoder's decoder inputs from the labels (both of shape
    (examples, tokens)); a decoder has none.
    """

    pad_token_id: int
    decoder_inputs: Callable[[torch.Tensor], torch.Tensor] | None = None

    def __call__(self, batch: list[Example]) -> dict[str, torch.Tensor]:
        inputs = [example.input_ids for example in batch]
        labels = _padded([example.labels for example in batch], IGNORED)
        padded = {
            "input_ids": _padded(inputs, self.pad_token_id),
            "attention_mask": _padded([[1] * len(ids) for ids in inputs], 0),
            "labels": labels,
        }
        if self.decoder_inputs is not None:
            padded["decoder_input_ids"] = self.decoder_inputs(labels)
        return padded


def _padded(rows: list[list[int]], filler: int) -> torch.Tensor:
    width = max(map(len, rows))
    return torch.tensor([row + [filler] * (width - len(row)) for row in rows])
