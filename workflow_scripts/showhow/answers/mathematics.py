"""Answers in mathematics, compared by the field's own library, math-verify.

A number is compared as a number, by its digits; math-verify, which rounds and knows no ranges, is
asked about everything else. It is imported where such an answer is read and nowhere else.
"""

import re
import threading
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from showhow.answers.notation import as_latex, first_phrase, in_box
from showhow.answers.numbers import NUMBER, fraction_written, read_number

SECONDS = 30
# Longer ones, and towers of powers, could take sympy minutes: they are no answer.
LONGEST = 300
TOO_LARGE = re.compile(
    r"\d{7,}|\^\s*\{?\s*\d{4,}|\^[^+=]*\^[^+=]*\^|\d{4,}\s*!|!\s*!|\^\s*\{?\s*\("
)
FORMULA = re.compile(r"\$\$?([^$]+)\$\$?|\\\((.+?)\\\)|\\\[(.+?)\\\]")
# A formula in a sentence is the answer behind one of these, or in front of all.
SAID = re.compile(
    r"(?:\b(?:is|are|was|be|equals?|equal to|to|so|thus|hence|therefore|as|gives?|gets?|becomes?"
    r"|form|answer|solutions?|have)|[:=])\s*(?:only|exactly|about|just)?[\s*_(]*\Z",
    re.I,
)
AND_WHY = re.compile(r"\s*,?\s*(?:where|when|with|for|if|because|since|as|given|such)\b", re.I)
DENIED = re.compile(
    r"\b(?:not|cannot|no|none|never|unable|impossible|insufficient|unknown|undefined|unclear"
    r"|indeterminate\w*|undetermined|needs? to be|must be (?:calculated|determined|found))\b|n't\b",
    re.I,
)
# "5k" and "$5k$" may be products; with a currency it is thousands.
ABBREVIATION = re.compile(r"(?<![$\u20ac\u00a3\d.,])[\d.,]*\d[kKMB]\b|\$[\d.,]*\d[kKMB]\$")
FACTORIAL = re.compile(r"\$[^$]*[\w)]!\s*\$")
# A word, and so no formula; a unit behind one is taken off.
PROSE = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}")
NAMED = re.compile(r"(?<![\\A-Za-z])(sqrt|pi|sin|cos|tan|log|ln|exp|infinity)\b")
UNIT = re.compile(r"(?<=[\w})\]])\s*(?:\\[, ;]\s*)?\\(?:text|mathrm)\{[^{}]*\}(?:\^\{?\d\}?)?")
UNIT_IN_WORDS = re.compile(r"(?<=[\w})\]])(?:\s+[A-Za-z]{2,}\.?)+\s*\Z")
LIST_OR_RANGE = re.compile(
    r"\d\s*:\s*\d|\d\s+(?:to|and|or)\s+\d|\d,\d{1,2}(?!\d)|\d\s?[-\u2013]\s?\d"
)


def read_mathematics(text: str, last: bool = False) -> str | None:
    """Read the number or the formula that a text says, as a string that reads as itself."""
    number = read_number(text, last)
    if number is not None and not ABBREVIATION.search(text) and not FACTORIAL.search(text):
        return number
    phrase = text if last else first_phrase(text)
    if number is not None and not ABBREVIATION.search(phrase) and not FACTORIAL.search(phrase):
        return number
    boxed = in_box(phrase)
    formula = _formula(phrase if boxed is None else boxed, boxed is not None)
    if formula is None:
        return None
    return _reading(formula)


def same_mathematics(read: str, answers: Iterable[str]) -> bool:
    """Say whether one of the answers is the same, both ways round, as math-verify sees it."""
    return any(read == answer or _verified(read, answer) for answer in answers)


def _formula(phrase: str, boxed: bool) -> str | None:
    """Cut out the one formula that a phrase says; None where it says none or several."""
    if not boxed and FORMULA.search(phrase):
        phrase = _said(phrase)
    phrase = as_latex(phrase)
    phrase = NAMED.sub(r"\\\1", phrase.strip().strip("*`$").replace("**", "^"))
    bare = UNIT_IN_WORDS.sub("", UNIT.sub("", phrase)).strip().rstrip(".,;").strip()
    if bare in ("a", "A", "I") and bare != phrase.rstrip(".,; "):
        return None  # an article, and no letter of a formula
    phrase = bare
    phrase = " ".join(phrase.split())
    words = PROSE.search(re.sub(r"\\(?:begin|end|text|mathrm)\{[^{}]*\}", "", phrase))
    if not phrase or words or len(phrase) > LONGEST or TOO_LARGE.search(phrase):
        return None
    if LIST_OR_RANGE.search(phrase) and not re.search(r"[\\^()\[\]*/]|[A-Za-z]", phrase):
        return None
    return phrase


def _said(phrase: str) -> str:
    """Give the formula that a sentence says is the answer, an empty text where it says none."""
    found = list(FORMULA.finditer(phrase))
    prose = FORMULA.sub(" ", phrase)
    if re.search(r"\$\s*,?\s*(?:or|and)\s*\$", phrase) or DENIED.search(prose):
        return ""
    said = [match for match in found if SAID.search(phrase[: match.start()])]
    leads = not re.search(r"\w", phrase[: found[0].start()])
    if leads and (len(found) == 1 or AND_WHY.match(phrase, found[0].end())):
        said = found[:1]
    return next(filter(None, said[-1].groups())) if said else ""


@lru_cache(maxsize=1 << 14)
def _parsed(formula: str) -> Any:
    """Parse a formula of LaTeX with math-verify into sympy's terms; None where it cannot."""
    from math_verify import LatexExtractionConfig, parse

    found = parse(
        f"${formula}$",
        [LatexExtractionConfig()],
        fallback_mode="no_fallback",
        parsing_timeout=_seconds(),  # pyright: ignore[reportArgumentType] (None: no limit)
    )
    return found[0] if found else None


@lru_cache(maxsize=1 << 14)
def _verified(one: str, other: str) -> bool:
    from math_verify import verify

    plain = [NUMBER.fullmatch(text.lstrip("-")) is not None for text in (one, other)]
    if any(plain):
        # A number that is said exactly is equal to itself alone, and not to what rounds to it.
        return False
    first, second = _parsed(one), _parsed(other)
    if first is None or second is None:
        return False
    seconds = _seconds()
    return all(
        verify(
            gold,
            answer,
            timeout_seconds=seconds,
            float_rounding=12,
            allow_set_relation_comp=True,
        )
        for gold, answer in ((first, second), (second, first))
    )


def _seconds() -> int | None:
    """Give the library's limit of time; it uses signals, which only the main thread can have."""
    return SECONDS if threading.current_thread() is threading.main_thread() else None


@lru_cache(maxsize=1 << 14)
def _reading(formula: str) -> str | None:
    expression = _parsed(formula)
    if expression is None or (hasattr(expression, "has") and expression.has(*_undefined())):
        return None
    return _as_number(expression) or formula


def _undefined() -> tuple[Any, ...]:
    """Name what a division by zero gives."""
    from sympy import nan, zoo

    return nan, zoo


def _as_number(expression: Any) -> str | None:
    """Write a term without letters that is a fraction as numbers are written."""
    from sympy import Rational, simplify

    value = getattr(expression, "rhs", expression)
    if not getattr(value, "is_number", False) or getattr(value, "is_comparable", True) is False:
        return None
    if getattr(expression, "rhs", None) is not None and not expression.lhs.is_Symbol:
        return None
    if getattr(expression, "rel_op", "==") != "==":
        return None
    exact = simplify(value, rational=True)
    return fraction_written(Fraction(exact.p, exact.q)) if isinstance(exact, Rational) else None
