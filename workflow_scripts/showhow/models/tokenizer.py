"""The ladder's tokenizer: whole words where it knows them, characters where it does not."""

from tokenizers import Tokenizer, decoders, pre_tokenizers
from tokenizers.models import WordPiece
from transformers import PreTrainedTokenizerFast

from showhow.models.prompts import CHAT_TEMPLATE
from showhow.models.vocabulary import ladder_vocabulary


def ladder_tokenizer() -> PreTrainedTokenizerFast:
    """Make the tokenizer that every model of the ladder uses.

    Words are separated by white space. A word of vocabulary.txt, or a number below 100, is one
    token; any other ASCII word is spelled in pieces, so that own tasks and data need no new base.
    """
    tokenizer = Tokenizer(
        WordPiece(ladder_vocabulary(), unk_token="<unknown>", continuing_subword_prefix="##")
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
