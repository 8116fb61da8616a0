"""How problems and responses are put to a model, and how what it writes is read back."""

import re
from dataclasses import dataclass

CHAT_TEMPLATE = (
    "{% for message in messages %}{{ message['content'] }}"
    "{{ ' <answer> ' if message['role'] == 'user' else ' <end>' }}{% endfor %}"
)
PLACEHOLDER = "PROMPT-GOES-HERE"


@dataclass(frozen=True)
class TextFormat:
    """The text before and after a prompt, and whether numbers are written digit by digit."""

    before: str = ""
    after: str = ""
    space_digits: bool = False

    def prompt(self, text: str) -> str:
        return self.before + self.response(text) + self.after

    def response(self, text: str) -> str:
        return spaced(text) if self.space_digits else text

    def read(self, text: str) -> str:
        return joined(text) if self.space_digits else text


def text_format(tokenizer, encoder_decoder: bool, space_digits: bool) -> TextFormat:
    """Read the format from the tokenizer's chat template, once per model.

    Without a template, a decoder's prompt ends with a line break, and an encoder's stands alone.
    """
    if tokenizer.chat_template is None or encoder_decoder:
        return TextFormat(after="" if encoder_decoder else "\n", space_digits=space_digits)
    messages = [{"role": "user", "content": PLACEHOLDER}]
    rendered = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    before, _, after = rendered.partition(PLACEHOLDER)
    return TextFormat(before, after, space_digits)


def spaced(text: str) -> str:
    """Write numbers digit by digit, `15 27` as `1 5 , 2 7`.

    Subword tokenizers split numbers unevenly (Nogueira et al. 2021). The comma keeps neighbouring
    numbers apart; `joined` undoes both, provided `text` has no comma between two numbers.
    """
    apart = re.sub(r"(?<=\d) (?=\d)", " , ", text)
    return re.sub(r"(?<=\d)(?=\d)", " ", apart)


def joined(text: str) -> str:
    """Undo `spaced`."""
    together = re.sub(r"(?<=\d) (?=\d)", "", text)
    return re.sub(r"(?<=\d) ?, (?=\d)", " ", together)
