"""The local ladder: small models that the workflow makes itself, as Hugging Face folders."""

from pathlib import Path
from typing import cast

import torch
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
)

from showhow.base.rows import write_text
from showhow.recipes.base_models import LadderModel

LONGEST_SEQUENCE = 1024


def new_model(
    description: LadderModel, tokenizer: PreTrainedTokenizerFast, seed: int
) -> PreTrainedModel:
    """Make a model of the described size with random weights drawn from `seed`."""
    torch.manual_seed(seed)
    build = {"decoder": _decoder, "t5": _encoder_decoder}[description.family]
    return build(description, tokenizer)


def _decoder(description: LadderModel, tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=description.hidden,
            intermediate_size=description.hidden * 2,
            num_hidden_layers=description.layers,
            num_attention_heads=description.heads,
            num_key_value_heads=description.heads,
            max_position_embeddings=LONGEST_SEQUENCE,
            tie_word_embeddings=True,
            pad_token_id=cast(int, tokenizer.pad_token_id),
            bos_token_id=None,
            eos_token_id=cast(int, tokenizer.eos_token_id),
        )
    )


def _encoder_decoder(
    description: LadderModel, tokenizer: PreTrainedTokenizerFast
) -> T5ForConditionalGeneration:
    return T5ForConditionalGeneration(
        T5Config(
            vocab_size=len(tokenizer),
            d_model=description.hidden,
            d_kv=description.hidden // description.heads,
            d_ff=description.hidden * 2,
            num_layers=description.layers,
            num_decoder_layers=description.layers,
            num_heads=description.heads,
            dropout_rate=0.0,
            pad_token_id=tokenizer.pad_token_id,
            eos_token_id=tokenizer.eos_token_id,
            # Every configuration takes this; its own signature does not say so.
            decoder_start_token_id=tokenizer.pad_token_id,  # pyright: ignore[reportCallIssue]
        )
    )


def write_model_card(folder: Path, name: str, model: PreTrainedModel, how_made: str) -> None:
    """Say beside the weights what the model is, so that nobody takes it for more."""
    write_text(
        folder / "README.md",
        f"---\nlicense: mit\nlibrary_name: transformers\ntags: [showhow, synthetic]\n---\n\n"
        f"# {name}\n\n"
        f"A {type(model).__name__} with {model.num_parameters():,} parameters of Showhow's local "
        f"ladder. {how_made} It exists to try studies on a laptop; it has never seen natural "
        f"language and is of no use beyond that.\n",
    )
