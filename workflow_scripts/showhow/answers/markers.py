"""What stands behind the marker of an answer, however models write the marker."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

# Markdown and spaces between a marker's words, and the small words that take its colon's place.
GAP = r"[\s*_`]*"
IN_PLACE_OF_A_COLON = (
    rf"{GAP}\b(?:is|are|was|equals|would be|will be|should be|must be)\b(?:{GAP}:)?"
    rf"|{GAP}\([^()\n]{{0,40}}\){GAP}:|{GAP}(?:[-=]+>|=|[\u2192\u21d2])"
    rf"|[*_`]*\s+[-\u2013\u2014](?=[\s*_`])|[*_`]*[ \t]*\n"
)


# A problem that a model goes on to make up; what is said behind it answers that one.
NEXT_PROBLEM = re.compile(
    r"\b(?:question|example|problem|exercise|instruction|user|human)\b[\s\d*]*:|^\W*Q\d*\s*[:.]",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True)
class Behind:
    """The text behind a marker; exact: the marker stands there with its own punctuation."""

    text: str
    exact: bool


def behind_markers(text: str, marker: str) -> Iterator[Behind]:
    """Give what stands behind each marker of a text, the last first."""
    exact = text.rfind(marker)
    from_here = max(exact, 0)
    found = list(_pattern_of(marker).finditer(text, from_here))
    for match in reversed(found):
        yield Behind(text[match.end() :], match["loose"] is None)
    if exact > 0:
        for match in reversed(list(_pattern_of(marker).finditer(text, 0, exact))):
            yield Behind(text[match.end() :], match["loose"] is None)


def behind_last_word(text: str, marker: str) -> Iterator[str]:
    """Give what stands behind a marker's last word alone, as "Answer:" of "Final Answer:".

    Only behind the last marker with its own punctuation, where there is one, and before a further
    problem.
    """
    words = re.findall(r"\w+", marker)
    if len(words) < 2 or not marker.rstrip().endswith(":"):
        return
    exact = [match.end() for match in _pattern_of(marker).finditer(text) if not match["loose"]]
    text = text[exact[-1] if exact else 0 :]
    further = NEXT_PROBLEM.search(text)
    for match in _last_word_of(words[-1]).finditer(
        text, 0, further.start() if further else len(text)
    ):
        yield text[match.end() :]


@cache
def _last_word_of(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(word)}{GAP}:", re.IGNORECASE)


@cache
def _pattern_of(marker: str) -> re.Pattern[str]:
    tokens = re.findall(r"\w+|[^\w\s]", marker)
    colon = len(tokens) > 1 and tokens[-1] == ":"
    words = GAP.join(map(re.escape, tokens[:-1] if colon else tokens))
    behind = rf"(?:{GAP}:|(?P<loose>{IN_PLACE_OF_A_COLON}))" if colon else "(?P<loose>(?!))?"
    return re.compile(words + behind, re.IGNORECASE)
