"""Generation, greedy or sampled, in length-sorted batches."""

from collections.abc import Sequence
from typing import cast

import torch

from showhow.evaluation.decoding import generate_tokens
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
        written = generate_tokens(base, [inputs[i] for i in batch], longest, noise)
        return [
            _prediction(base, *problems[index], tokens[: limits[index]])
            for index, tokens in zip(batch, written, strict=True)
        ]

    lengths = [len(tokens) for tokens in inputs]
    return in_batches_by_length(answer, lengths, batch_size, finished, "generating", "problem")


def _prediction(base: Base, id: str, prompt: str, tokens: list[int]) -> Prediction:
    ended = bool(tokens) and tokens[-1] in base.end_tokens
    return Prediction(
        id=id,
        prompt=prompt,
        prediction=read_tokens(base, tokens),
        truncated=not ended,
        generated_tokens=len(tokens),
    )


def read_tokens(base: Base, tokens: list[int]) -> str:
    """Give the text of tokens as the variant would have written it: numbers whole again, no end.

    Some tokenizers would take the space before a full stop away, by which a step ends.
    """
    ended = tokens[-1:] and tokens[-1] in base.end_tokens
    text = base.tokenizer.decode(
        tokens[:-1] if ended else tokens,
        skip_special_tokens=True,
        clean_up_tokenization_spaces=False,
    )
    return base.format.read(cast(str, text))
