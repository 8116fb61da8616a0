"""Which of some lettered options a phrase says: by its letter, or by the option's own text.

The rules, each with an example, are tests/answers/choice.yaml.
"""

import re
from collections.abc import Mapping
from functools import cache

from showhow.answers.notation import first_phrase, in_box, plain

WORD = re.compile(r"\w+")
# "A dog", "I think": a word of its own and no choice, unless the next word speaks of the choice.
ARTICLE = re.compile(
    r"\s+(?!(?:is|was|and|or|because|since|as|for|would|has|seems|it|fits|not|but)\b)[a-z]"
)
# Between two letters: both are said.
ALSO = re.compile(r"\W*(?:,|/|&|\+|\band\b|\bor\b)(?:\s*(?:option|choice|answer))?\W*")
# "so the answer is b": said outright, and so before any letter on the way there.
STATED = re.compile(
    r"\b(?:answer|choice|option)\s*(?:(?:is|was|would be|should be|must be)\s*:?|:)"
    r"\s*(?:option|choice|answer|letter|number)?\s*\W*\Z",
    re.I,
)
COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ORDINAL = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
NAMED_IN_WORDS = re.compile(
    rf"\b(?:option|choice|answer|number)\s+(?:is\s+)?(?P<counted>{'|'.join(COUNTED)})\b"
    rf"|\b(?P<ordinal>{'|'.join(ORDINAL)})\s+(?:option|choice|answer|one)\b",
    re.I,
)
NEGATED = re.compile(r"(?:\bnot|n't|\bneither|\bnor)\s+(?:option |choice |answer )?\W*\Z", re.I)


def read_choice(
    text: str, choices: str, options: Mapping[str, str] | None = None, last: bool = False
) -> str | None:
    """Read the first choice that a text says; None where it says none, or two at once.

    options: each choice's own text, which says it as its letter does.
    last: the last choice of the whole text instead.
    """
    boxed = in_box(text)
    phrase = boxed if boxed is not None else text if last else first_phrase(text)
    phrase = plain(phrase)
    for choice, said in (options or {}).items():
        if _bare(phrase) == _bare(said):
            return choice
    found = [
        match
        for match in _standing(choices).finditer(phrase)
        if not _is_article(phrase, match) and not NEGATED.search(phrase[: match.start()])
    ]
    if last:
        found.reverse()
    stated = [
        match for match in found if STATED.search(phrase[: match.start(match.lastgroup or 0)])
    ]
    if len({_choice_of(match, choices) for match in stated}) == 1:
        found = found[found.index(stated[0]) :]
    letters = [_choice_of(match, choices) for match in found]
    if not letters:
        return _in_words(phrase, choices) or _by_text(phrase, options or {})
    if len(found) > 1 and letters[0] != letters[1]:
        first, second = sorted(found[:2], key=re.Match.start)
        if ALSO.fullmatch(phrase[first.end() : second.start()]):
            return None
    if _also_small(phrase, found[0], choices):
        return None
    others = [said for choice, said in (options or {}).items() if choice != letters[0]]
    contradicts = any(_bare(phrase) == _bare(f"{letters[0]} {said}") for said in others)
    return None if contradicts else letters[0]


@cache
def _standing(choices: str) -> re.Pattern[str]:
    """Match a choice's letter that stands alone; a small one only where it can be no word."""
    letters = f"[{re.escape(choices)}]"
    small = "".join(letter.swapcase() for letter in choices if letter.isalpha())
    patterns = [rf"(?<![\w.'\u2019-])(?P<exact>{letters})(?![\w'\u2019]|[.,]\d|-\w)"]
    if small := "".join(letter for letter in small if letter not in choices):
        other = f"[{re.escape(small)}]"
        patterns += [
            rf"(?<!\w)\(\s?(?P<bracketed>{other})\s?\)|(?<![\w(])(?P<closed>{other})\)",
            rf"\A\W*(?P<alone>{other})(?=[.:)]|\W*\Z)",
            r"\b(?:(?:option|choice|answer|letter|choose|pick)(?:\s+(?:is|was))?|it'?s|it is)"
            rf"\s*:?\s*\W?(?P<named>{other})(?![\w'\u2019])",
        ]
    return re.compile("|".join(patterns))


def _also_small(phrase: str, match: re.Match, choices: str) -> bool:
    """Say whether a small letter for another choice stands behind: "b or c"."""
    either = f"[{re.escape(choices)}{re.escape(choices.swapcase())}]"
    also = re.compile(rf"\W*(?:/|&|\band\b|\bor\b)\W*({either})(?![\w'\u2019])")
    other = also.match(phrase, match.end())
    if other is None or ARTICLE.match(phrase, other.end()):
        return False
    return other[1].upper() != _choice_of(match, choices).upper()


def _choice_of(match: re.Match, choices: str) -> str:
    letter = next(filter(None, match.groups()))
    return letter if letter in choices else letter.swapcase()


def _is_article(phrase: str, match: re.Match) -> bool:
    letter = next(filter(None, match.groups()))
    return letter in "AaI" and ARTICLE.match(phrase, match.end()) is not None


def _in_words(phrase: str, choices: str) -> str | None:
    """Give the one choice among digits that is named in words: "option three"."""
    named = {
        str(
            1
            + (
                COUNTED.index(match["counted"].lower())
                if match["counted"]
                else ORDINAL.index(match["ordinal"].lower())
            )
        )
        for match in NAMED_IN_WORDS.finditer(phrase)
        if not NEGATED.search(phrase[: match.start()])
    } & set(choices)
    return named.pop() if len(named) == 1 else None


def _bare(text: str) -> str:
    words = WORD.findall(text.casefold())
    return " ".join(words[1:] if words[:1] in (["the"], ["an"]) else words)


def _by_text(phrase: str, options: Mapping[str, str]) -> str | None:
    """Give the one option whose text stands in the phrase as whole words."""
    words = f" {' '.join(WORD.findall(phrase.casefold()))} "
    said = [choice for choice, text in options.items() if f" {_bare(text)} " in words]
    longest = [
        choice
        for choice in said
        if not any(_bare(options[choice]) in _bare(options[o]) for o in said if o != choice)
    ]
    return longest[0] if len(longest) == 1 else None
