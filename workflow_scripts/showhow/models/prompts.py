"""How problems and responses are put to a model, and how what it writes is read back."""

import re
from dataclasses import dataclass
from typing import Any

from jinja2 import TemplateError

from showhow.base.errors import ShowhowError

CHAT_TEMPLATE = (
    "{% for message in messages %}{{ message['content'] }}"
    "{{ ' <answer> ' if message['role'] == 'user' else '<end>' }}{% endfor %}"
)
PROMPT, ANSWER = "PROMPT-GOES-HERE", "ANSWER-GOES-HERE"


@dataclass(frozen=True)
class TextFormat:
    """The text around a prompt and around a response, and whether numbers are written by digit.

    lead, trail: what a chat template itself puts before a response, and behind it before its end.
    end: the token by which the template ends a response; None where nothing but the tokenizer says
    how a text ends. chat: whether prompts are in a chat template, which has all special tokens.
    """

    before: str = ""
    after: str = ""
    space_digits: bool = False
    lead: str = ""
    trail: str = ""
    end: int | None = None
    chat: bool = False

    def prompt(self, text: str) -> str:
        return self.before + self.spelled(text) + self.after

    def response(self, text: str) -> str:
        return self.lead + self.spelled(text) + self.trail

    def spelled(self, text: str) -> str:
        return spaced(text) if self.space_digits else text

    def read(self, text: str) -> str:
        said = text.removeprefix(self.lead).removesuffix(self.trail)
        return joined(said) if self.space_digits else said


def text_format(
    tokenizer, encoder_decoder: bool, space_digits: bool, chat: bool | None = None
) -> TextFormat:
    """Read the format from the tokenizer's chat template, once per model.

    Without a template, a decoder's prompt ends with a line break, and an encoder's stands alone.
    chat: whether to use the template; None uses it where there is one. Raises ShowhowError where
    it is asked for and there is none.
    """
    templated = tokenizer.chat_template is not None and not encoder_decoder
    if chat and not templated:
        raise ShowhowError(
            "The model is to be asked in a chat (`chat: true`), but "
            + ("an encoder-decoder has no chat." if encoder_decoder else "it has no chat template.")
            + " Write chat: false, or leave the key out."
        )
    if not templated or chat is False:
        return TextFormat(after="" if encoder_decoder else "\n", space_digits=space_digits)
    asked = [{"role": "user", "content": PROMPT}]
    rendered = tokenizer.apply_chat_template(asked, tokenize=False, add_generation_prompt=True)
    before, _, after = rendered.partition(PROMPT)
    lead, trail, end = _turn(tokenizer, asked, rendered)
    return TextFormat(before, after, space_digits, lead, trail, end, chat=True)


def _turn(tokenizer, asked: list[dict[str, Any]], prompt: str) -> tuple[str, str, int | None]:
    """Read from a template what it has around a response, and the token that ends it.

    Nothing of it is known where a template does not go on as the prompt begins.
    """
    answered = [*asked, {"role": "assistant", "content": ANSWER}]
    try:
        rendered = tokenizer.apply_chat_template(answered, tokenize=False)
    except (TemplateError, ValueError):
        return "", "", None
    lead, found, behind = rendered.removeprefix(prompt).partition(ANSWER)
    if not rendered.startswith(prompt) or not found:
        return "", "", None
    special = {id for id, token in tokenizer.added_tokens_decoder.items() if token.special}
    special |= set(tokenizer.all_special_ids)
    read = tokenizer(behind, add_special_tokens=False, return_offsets_mapping=True)
    for token, (start, _) in zip(read["input_ids"], read["offset_mapping"], strict=True):
        if token in special:
            return lead, behind[:start], token
    return lead, "", None


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
