"""Having a model go on, greedily, with responses that are begun already."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, cast

import torch

from showhow.evaluation.decoding import generate_tokens
from showhow.evaluation.generation import read_tokens
from showhow.evaluation.prediction import Prediction
from showhow.jobs.finished_batches import FinishedBatches, in_batches_by_length
from showhow.models.loading import Base
from showhow.probes.faithfulness import Beginning
from showhow.training.examples import tokenise_prompts, tokenise_with_places


@dataclass(frozen=True)
class Begun:
    """A problem with the beginning of its response."""

    id: str
    prompt: str
    beginning: Beginning


@torch.inference_mode()
def go_on(
    base: Base,
    begun: list[Begun],
    batch_size: int,
    max_new_tokens: int,
    finished: FinishedBatches[Prediction] | None = None,
) -> list[Prediction]:
    """Finish responses; predictions are whole ones, and come in the given order.

    max_new_tokens: of a whole response, its beginning included. `finished` holds the batches that
    an interrupted call with the same arguments has done.
    """
    if not begun:
        return []
    base.model.eval()
    prompts = tokenise_prompts(base, [each.prompt for each in begun])
    beginnings = [tokens_of(base, each.beginning) for each in begun]
    limits = [max(1, max_new_tokens - len(beginning)) for beginning in beginnings]

    def finish(batch: list[int]) -> list[Prediction]:
        written = write_on(
            base,
            [prompts[index] for index in batch],
            [beginnings[index] for index in batch],
            max(limits[index] for index in batch),
        )
        return [
            _prediction(base, begun[index], beginnings[index], tokens[: limits[index]])
            for index, tokens in zip(batch, written, strict=True)
        ]

    lengths = [len(one) + len(other) for one, other in zip(prompts, beginnings, strict=True)]
    return in_batches_by_length(finish, lengths, batch_size, finished, "going on", "response")


def tokens_of(base: Base, beginning: Beginning) -> list[int]:
    """Give the tokens of the whole response that begin before its end is reached.

    So they are those that the model learned, also where a token takes in the line break behind.
    """
    end = len(base.format.spelled(beginning.text[: beginning.end]))
    ids, offsets = tokenise_with_places(base, beginning.text)
    return ids[: sum(start < end for start, _ in offsets)]


def write_on(
    base: Base, prompts: list[list[int]], beginnings: list[list[int]], max_new_tokens: int
) -> list[list[int]]:
    """Give the new tokens of each, up to and with the end token where there is one."""
    if not base.encoder_decoder:
        inputs = [prompt + begun for prompt, begun in zip(prompts, beginnings, strict=True)]
        return generate_tokens(base, inputs, max_new_tokens)
    # A decoder's inputs are not padded: those of equal length are put to it together.
    equally_long: dict[int, list[int]] = defaultdict(list)
    for index, begun in enumerate(beginnings):
        equally_long[len(begun)].append(index)
    written: dict[int, list[int]] = {}
    for group in equally_long.values():
        inputs, begun = ([rows[index] for index in group] for rows in (prompts, beginnings))
        written.update(zip(group, _decode_on(base, inputs, begun, max_new_tokens), strict=True))
    return [written[index] for index in range(len(prompts))]


def _decode_on(
    base: Base, prompts: list[list[int]], beginnings: list[list[int]], max_new_tokens: int
) -> list[list[int]]:
    """Do so with an encoder-decoder, and beginnings of equal length."""
    start = cast(Any, base.model.config).decoder_start_token_id
    first = torch.tensor([[start, *begun] for begun in beginnings], device=base.model.device)
    return generate_tokens(base, prompts, max_new_tokens, begun=first)


def _prediction(base: Base, begun: Begun, beginning: list[int], tokens: list[int]) -> Prediction:
    return Prediction(
        id=begun.id,
        prompt=begun.prompt,
        prediction=read_tokens(base, [*beginning, *tokens]),
        truncated=not base.end_tokens.intersection(tokens[-1:]),
        generated_tokens=len(tokens),
    )
