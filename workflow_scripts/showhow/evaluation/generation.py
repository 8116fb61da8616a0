"""Generation, greedy or sampled, in length-sorted batches."""

from collections.abc import Sequence
from typing import Any, cast

import torch
from transformers import LogitsProcessorList

from showhow.evaluation.prediction import Prediction
from showhow.evaluation.sampling import KeyedNoise, Sampling
from showhow.jobs.finished_batches import FinishedBatches, in_batches_by_length
from showhow.models.loading import Base
from showhow.training.examples import tokenise_prompts, tokenise_responses

MARGIN_SHARE = 1.25
MARGIN_TOKENS = 8


def longest_generation(base: Base, responses: list[str]) -> int:
    """Give the token limit of a split: its longest reference response and a quarter more."""
    lengths = map(len, tokenise_responses(base, responses))
    return int(max(lengths) * MARGIN_SHARE) + MARGIN_TOKENS


@torch.inference_mode()
def generate(
    base: Base,
    problems: list[tuple[str, str]],
    batch_size: int,
    max_new_tokens: int | Sequence[int],
    finished: FinishedBatches[Prediction] | None = None,
    sampling: Sampling | None = None,
) -> list[Prediction]:
    """Answer problems, given as (id, prompt); predictions come in the given order.

    Greedily, or sampled as `sampling` says. `max_new_tokens` is one limit for all, or one for each.

    `finished` holds the batches that an interrupted generation of the same arguments has done;
    they are not done again, and each further one is added to it.
    """
    base.model.eval()
    inputs = tokenise_prompts(base, [prompt for _, prompt in problems])
    one_for_all = isinstance(max_new_tokens, int)
    limits = [max_new_tokens] * len(problems) if one_for_all else max_new_tokens

    def answer(batch: list[int]) -> list[Prediction]:
        noise = KeyedNoise(sampling, [problems[i][0] for i in batch]) if sampling else None
        longest = max(limits[index] for index in batch)
        written = generate_batch(base, [inputs[i] for i in batch], longest, noise)
        return [
            _prediction(base, *problems[index], tokens[: limits[index]])
            for index, tokens in zip(batch, written, strict=True)
        ]

    lengths = [len(tokens) for tokens in inputs]
    return in_batches_by_length(answer, lengths, batch_size, finished, "generating", "problem")


def generate_batch(
    base: Base, inputs: list[list[int]], max_new_tokens: int, noise: KeyedNoise | None
) -> list[list[int]]:
    """Go on with each input, given as token ids; `noise` makes of the greedy choice a sample.

    Returns the new tokens of each, up to and with the end token where there is one.
    """
    batch = base.tokenizer.pad({"input_ids": inputs}, padding_side="left", return_tensors="pt").to(
        base.model.device
    )
    output = cast(Any, base.model).generate(
        input_ids=batch["input_ids"],
        attention_mask=batch["attention_mask"],
        max_new_tokens=max_new_tokens,
        do_sample=False,
        logits_processor=LogitsProcessorList([noise] if noise else []),
        pad_token_id=base.padding_token,
        eos_token_id=base.end_token,
    )
    prefix = 1 if base.encoder_decoder else batch["input_ids"].shape[1]
    return [_until_end(row, base.end_token) for row in output[:, prefix:].tolist()]


def _until_end(tokens: list[int], end: int) -> list[int]:
    return tokens[: tokens.index(end) + 1] if end in tokens else tokens


def _prediction(base: Base, id: str, prompt: str, tokens: list[int]) -> Prediction:
    ended = bool(tokens) and tokens[-1] == base.end_token
    return Prediction(
        id=id,
        prompt=prompt,
        prediction=read_tokens(base, tokens),
        truncated=not ended,
        generated_tokens=len(tokens),
    )


def read_tokens(base: Base, tokens: list[int]) -> str:
    """Give the text of tokens as the variant would have written it: numbers whole again.

    Some tokenizers would take the space before a full stop away, by which a step ends.
    """
    text = base.tokenizer.decode(
        tokens, skip_special_tokens=True, clean_up_tokenization_spaces=False
    )
    return base.format.read(cast(str, text))
