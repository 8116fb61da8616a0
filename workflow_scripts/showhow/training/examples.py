"""Tokenised examples with the loss on the response only, and their collation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import torch

from showhow.base.errors import ShowhowError
from showhow.models.loading import Base

IGNORED = -100
Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class Example:
    """Token ids of one example.

    Decoder: `input_ids` is prompt and response, `labels` has the same length and is -100 over the
    prompt. Encoder-decoder: `input_ids` is the prompt, `labels` the response. `weights` has the
    same length as `labels`, and as its sum the number of those that count; None where all weigh 1.
    """

    input_ids: list[int]
    labels: list[int]
    weights: list[float] | None = None

    @property
    def target_tokens(self) -> int:
        return sum(label != IGNORED for label in self.labels)

    @property
    def length(self) -> int:
        """What a batch pads to: the longer side counts, both cost time."""
        return max(len(self.input_ids), len(self.labels))


def tokenise(
    base: Base,
    pairs: list[tuple[str, str]],
    masked: Sequence[Sequence[int]] | None = None,
    as_alone: Sequence[Sequence[int]] | None = None,
) -> list[Example]:
    """Tokenise pairs of prompt and response for `base`.

    Prompt and response are tokenised apart, so that the boundary is the same in training and in
    generation. masked: for each pair the places of response tokens that are left out of the loss.
    as_alone: for each pair the first character of the response's part that has the same share of
    its loss as if it stood alone, and the one behind its last; nothing where all tokens weigh 1.
    Raises ShowhowError for an empty training set.
    """
    if not pairs:
        raise ShowhowError("The training set is empty; ask for at least one training example.")
    prompts = tokenise_prompts(base, [prompt for prompt, _ in pairs])
    responses = tokenise_responses(base, [response for _, response in pairs])
    end = base.end_token
    left_out = masked or [()] * len(pairs)
    examples = [
        _example(base.encoder_decoder, prompt, [*response, end], places)
        for prompt, response, places in zip(prompts, responses, left_out, strict=True)
    ]
    alone = as_alone or [()] * len(pairs)
    return [
        weighted(base, example, response, part) if part else example
        for example, (_, response), part in zip(examples, pairs, alone, strict=True)
    ]


def weighted(base: Base, example: Example, response: str, part: Sequence[int]) -> Example:
    """Weigh a part of the response as if it and the end were all of it.

    Of k tokens that stand alone, each has a share of 1 / (k + 1) in the loss, and the end the same:
    here it is shared by all other tokens that count. The example weighs as much as without weights.
    """
    own = _places(base, response, part)
    first = len(example.labels) - len(tokenise_responses(base, [response])[0]) - 1
    inside = {first + place for place in own}
    counted = [place for place, label in enumerate(example.labels) if label != IGNORED]
    there = [place for place in counted if place in inside]
    share = len(counted) / (len(there) + 1)
    weights = [0.0] * len(example.labels)
    for place in counted:
        weights[place] = share if place in inside else share / (len(counted) - len(there))
    return replace(example, weights=weights)


def _places(base: Base, response: str, part: Sequence[int]) -> list[int]:
    """Say which tokens of the response have some of the characters of a part of it."""
    start, end = (len(base.format.spelled(response[:place])) for place in part)
    _, offsets = tokenise_with_places(base, response)
    return [
        place for place, (first, behind) in enumerate(offsets) if first < end and behind > start
    ]


def tokenise_texts(base: Base, texts: list[str]) -> list[Example]:
    """Make examples of plain texts: a decoder learns to go on with each, from its first token on.

    An encoder-decoder writes them without having been asked anything.
    """
    end = base.end_token
    spelled = [base.format.spelled(text) for text in texts]
    written = [[*ids, end] for ids in _alone(base, spelled)]
    if base.encoder_decoder:
        return [Example([end], ids) for ids in written]
    return [Example(ids, ids) for ids in written]


def tokenise_beginnings(base: Base, texts: list[str]) -> list[list[int]]:
    """Tokenise texts that the model is to go on with, as it reads plain text: in no template."""
    return base.tokenizer([base.format.spelled(text) for text in texts]).input_ids


def tokenise_prompts(base: Base, prompts: list[str]) -> list[list[int]]:
    """Tokenise prompts as the model expects them, one list of ids per prompt."""
    texts = [base.format.prompt(prompt) for prompt in prompts]
    return base.tokenizer(texts, add_special_tokens=not base.format.chat).input_ids


def tokenise_responses(base: Base, responses: list[str]) -> list[list[int]]:
    """Tokenise responses without their end token, one list of ids per response.

    A decoder's are those that they have behind the prompt: some tokenizers put a space before a
    text that stands alone. Where prompt and response would share a token, the response has its own.
    """
    texts = [base.format.response(response) for response in responses]
    if base.encoder_decoder or not base.format.after:
        return _alone(base, texts)
    [before] = _alone(base, [base.format.after])
    whole = _alone(base, [base.format.after + text for text in texts])
    apart = [place for place, ids in enumerate(whole) if ids[: len(before)] != before]
    behind = [ids[len(before) :] for ids in whole]
    for place, ids in zip(apart, _alone(base, [texts[place] for place in apart]), strict=True):
        behind[place] = ids
    return behind


def tokenise_with_places(base: Base, response: str) -> tuple[list[int], list[tuple[int, int]]]:
    """Tokenise a response as `tokenise_responses` does, with each token's characters in it.

    Counted from the response's own first character, whatever the model's template puts before it.
    """
    [ids] = tokenise_responses(base, [response])
    if not ids:
        return [], []
    text = base.format.response(response)
    for context in (base.format.after, ""):
        read = base.tokenizer(context + text, add_special_tokens=False, return_offsets_mapping=True)
        if read["input_ids"][-len(ids) :] == ids:
            break
    skipped = len(context) + len(base.format.lead)
    places = read["offset_mapping"][-len(ids) :]
    return ids, [(start - skipped, end - skipped) for start, end in places]


def _alone(base: Base, texts: list[str]) -> list[list[int]]:
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
        if any(example.weights for example in batch):
            weights = [example.weights or [1.0] * len(example.labels) for example in batch]
            padded["loss_weights"] = _padded(weights, 0.0)
        if self.decoder_inputs is not None:
            padded["decoder_input_ids"] = self.decoder_inputs(labels)
        return padded


def _padded(rows: Sequence[list[Number]], filler: Number) -> torch.Tensor:
    width = max(map(len, rows))
    return torch.tensor([row + [filler] * (width - len(row)) for row in rows])
