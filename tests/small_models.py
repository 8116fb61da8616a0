"""Small models that transformers itself writes, for tests of the real loading code."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
)

from showhow.models.ladder import new_model
from showhow.models.loading import Base
from showhow.models.prompts import text_format
from showhow.models.tokenizer import ladder_tokenizer
from showhow.recipes.base_models import LadderModel


def ladder_base(family: str = "decoder", seed: int = 0, hidden: int = 16) -> Base:
    """Make the smallest sensible model of the ladder."""
    tokenizer = ladder_tokenizer()
    description = LadderModel(kind="ladder", family=family, hidden=hidden, layers=1, heads=2)
    model = new_model(description, tokenizer, seed)
    encoder_decoder = family == "t5"
    return Base(model, tokenizer, encoder_decoder, text_format(tokenizer, encoder_decoder, False))


ARCHITECTURES = ("t5", "llama", "gpt2", "qwen2", "mistral")
PIECES = ["<pad>", "</s>", "<unk>", "▁", *map(chr, range(33, 127))]


def trained_subword_tokenizer(texts: list[str], pieces: int) -> PreTrainedTokenizerFast:
    """Train a tokenizer of T5's kind: unigram pieces over `▁` for spaces, after nmt_nfkc.

    Like T5's it has no line breaks, knows numbers of several digits as pieces of their own, and
    asks for a clean-up of spaces.
    """
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
    from tokenizers.processors import TemplateProcessing
    from tokenizers.trainers import UnigramTrainer

    tokenizer = Tokenizer(models.Unigram())
    single_spaces = normalizers.Replace(Regex(" {2,}"), " ")
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), single_spaces]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    special = ["<pad>", "</s>", "<unk>"]
    trainer = UnigramTrainer(
        vocab_size=pieces, special_tokens=special, unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", special.index("</s>"))]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        clean_up_tokenization_spaces=True,
    )


def foreign_folder(architecture: str, folder: Path, **settings) -> Path:
    """Have plain transformers write a model with random weights and a tokenizer of its own.

    `settings` are keys of its configuration.
    """
    foreign_tokenizer(architecture).save_pretrained(folder)
    torch.manual_seed(0)
    ends = {"pad_token_id": 0, "eos_token_id": 1}
    if architecture == "t5":
        settings |= {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_heads": 2}
        config = T5Config(vocab_size=len(PIECES), decoder_start_token_id=0, **settings, **ends)
        T5ForConditionalGeneration(config).save_pretrained(folder)
        return folder
    settings = {**ends, **settings}
    settings |= {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    if architecture != "gpt2":
        settings |= {"intermediate_size": 32, "num_key_value_heads": 1}
    config = AutoConfig.for_model(architecture, vocab_size=len(PIECES), bos_token_id=1, **settings)
    AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    return folder


def foreign_tokenizer(architecture: str) -> PreTrainedTokenizerFast:
    """Make a tokenizer of characters; like their published ones, GPT-2's has no padding token."""
    tokenizer = Tokenizer(models.Unigram([(piece, -1.0) for piece in PIECES], unk_id=2))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    if architecture == "t5":
        tokenizer.post_processor = processors.TemplateProcessing(
            single="$A </s>", special_tokens=[("</s>", 1)]
        )
    padding = {} if architecture == "gpt2" else {"pad_token": "<pad>"}
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="</s>", unk_token="<unk>", **padding
    )


def foreign_t5_folder(folder: Path, dropout: float = 0.1) -> Path:
    """Have plain transformers write a T5 with random weights and a tokenizer of its own."""
    return foreign_folder("t5", folder, dropout_rate=dropout)
