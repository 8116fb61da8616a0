"""The ladder's tokenizer: whole words where it knows them, characters where it does not."""

from pathlib import Path

from tokenizers import Tokenizer, decoders, pre_tokenizers
from tokenizers.models import WordPiece
from transformers import PreTrainedTokenizerFast

from showhow.models.prompts import CHAT_TEMPLATE

DATA_FILES = ("vocabulary.txt",)
SPECIAL_TOKENS = ("<pad>", "<end>", "<unknown>", "<answer>")
PRINTABLE = [chr(code) for code in range(ord("!"), ord("~") + 1)]


def ladder_tokenizer() -> PreTrainedTokenizerFast:
    """Make the tokenizer that every model of the ladder uses.

    Words are separated by white space. A word of vocabulary.txt, or a number below 100, is one
    token; any other ASCII word is spelled in pieces, so that own tasks and data need no new base.
    """
    tokenizer = Tokenizer(
        WordPiece(_vocabulary(), unk_token="<unknown>", continuing_subword_prefix="##")
    )
    brackets = pre_tokenizers.Split(pattern="[", behavior="isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), brackets])
    tokenizer.decoder = decoders.WordPiece(prefix="##", cleanup=False)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        eos_token="<end>",
        unk_token="<unknown>",
        additional_special_tokens=["<answer>"],
        chat_template=CHAT_TEMPLATE,
        model_max_length=1024,
        clean_up_tokenization_spaces=False,
    )


def _vocabulary() -> dict[str, int]:
    words = Path(__file__).with_name("vocabulary.txt").read_text(encoding="utf-8").split()
    numbers = [str(number) for number in range(100)]
    pieces = PRINTABLE + ["##" + character for character in PRINTABLE]
    tokens = [*SPECIAL_TOKENS, *pieces, *numbers, *words]
    return {token: index for index, token in enumerate(dict.fromkeys(tokens))}
