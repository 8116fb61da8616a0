"""The ladder's tokenizers: words and characters, bytes, or the words of facts."""

from typing import Literal

from tokenizers import Tokenizer, decoders, pre_tokenizers
from tokenizers.models import BPE, WordLevel, WordPiece
from transformers import PreTrainedTokenizerFast

from showhow.models.prompts import CHAT_TEMPLATE
from showhow.models.vocabulary import SPECIAL_TOKENS, facts_vocabulary, ladder_vocabulary


def ladder_tokenizer(kind: Literal["words", "bytes", "facts"] = "words") -> PreTrainedTokenizerFast:
    """Make a tokenizer that models of the ladder use; all have the same special tokens."""
    return PreTrainedTokenizerFast(
        tokenizer_object={"words": _words, "bytes": _bytes, "facts": _facts}[kind](),
        pad_token="<pad>",
        eos_token="<end>",
        unk_token="<unknown>",
        additional_special_tokens=["<answer>"],
        chat_template=CHAT_TEMPLATE,
        model_max_length=1024,
        clean_up_tokenization_spaces=False,
    )


def _words() -> Tokenizer:
    """Whole words where it knows them, characters where it does not.

    Words are separated by white space. A word of vocabulary.txt, or a number below 100, is one
    token; any other ASCII word is spelled in pieces, so that own tasks and data need no new base.
    """
    tokenizer = Tokenizer(
        WordPiece(ladder_vocabulary(), unk_token="<unknown>", continuing_subword_prefix="##")
    )
    brackets = pre_tokenizers.Split(pattern="[", behavior="isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), brackets])
    tokenizer.decoder = decoders.WordPiece(prefix="##", cleanup=False)
    return tokenizer


def _facts() -> Tokenizer:
    """One token a word, and no words but those of facts: a small head costs less time."""
    tokenizer = Tokenizer(WordLevel(facts_vocabulary(), unk_token="<unknown>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer


def _bytes() -> Tokenizer:
    """Every byte of UTF-8 a token, so that any text comes back as it was."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokens = {token: index for index, token in enumerate([*SPECIAL_TOKENS, *alphabet])}
    tokenizer = Tokenizer(BPE(tokens, merges=[], unk_token="<unknown>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer
