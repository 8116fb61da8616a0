"""Having a model write on, one most probable token after the other, and nothing else.

What a model's own generation_config asks for beside that (penalties, suppressed tokens, a least
length) is made for other uses: it would act on greedy decoding as well. Only its ends count.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import torch
from transformers import GenerationConfig, LogitsProcessorList

from showhow.evaluation.sampling import KeyedNoise
from showhow.models.loading import Base


def generate_tokens(
    base: Base,
    inputs: list[list[int]],
    max_new_tokens: int,
    noise: KeyedNoise | None = None,
    begun: torch.Tensor | None = None,
) -> list[list[int]]:
    """Go on with each input, given as token ids; `noise` makes of the greedy choice a sample.

    begun: what an encoder-decoder's decoder begins with, of shape (inputs, tokens). Returns the new
    tokens of each, up to and with the first of the model's ends.
    """
    batch = base.tokenizer.pad({"input_ids": inputs}, padding_side="left", return_tensors="pt").to(
        base.model.device
    )
    with _only_greedy(base.model):
        output = cast(Any, base.model).generate(
            input_ids=batch["input_ids"],
            attention_mask=batch["attention_mask"],
            max_new_tokens=max_new_tokens,
            do_sample=False,
            logits_processor=LogitsProcessorList([noise] if noise else []),
            pad_token_id=base.padding_token,
            eos_token_id=list(base.end_tokens),
            **({} if begun is None else {"decoder_input_ids": begun}),
        )
    if begun is not None:
        prefix = begun.shape[1]
    else:
        prefix = 1 if base.encoder_decoder else batch["input_ids"].shape[1]
    return [_until_end(row, base.end_tokens) for row in output[:, prefix:].tolist()]


@contextmanager
def _only_greedy(model: torch.nn.Module) -> Iterator[None]:
    """Put a plain configuration in the place of the model's own, which `generate` fills in from.

    It is the model's own again afterwards, as it is saved with it.
    """
    holders: list[Any] = [one for one in model.modules() if "generation_config" in vars(one)]
    own = [module.generation_config for module in holders]
    for module, config in zip(holders, own, strict=True):
        begin = ("bos_token_id", "decoder_start_token_id")
        kept = {name: getattr(config, name, None) for name in begin}
        module.generation_config = GenerationConfig(**kept)
    try:
        yield
    finally:
        for module, config in zip(holders, own, strict=True):
            module.generation_config = config


def _until_end(tokens: list[int], ends: frozenset[int]) -> list[int]:
    first = next((place for place, token in enumerate(tokens) if token in ends), len(tokens))
    return tokens[: first + 1]
