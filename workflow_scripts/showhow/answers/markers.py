"""What stands behind the marker of an answer, however models write the marker."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

# Markdown and spaces between a marker's words, and the small words that take its colon's place.
GAP = r"[\s*_`]*"
IN_PLACE_OF_A_COLON = (
    rf"{GAP}\b(?:is|are|was|equals|would be|will be|should be|must be)\b(?:{GAP}:)?"
    rf"|{GAP}\([^()\n]{{0,40}}\){GAP}:|{GAP}=|[*_`]*\s+[-\u2013\u2014](?=[\s*_`])|[*_`]*[ \t]*\n"
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


@cache
def _pattern_of(marker: str) -> re.Pattern[str]:
    tokens = re.findall(r"\w+|[^\w\s]", marker)
    colon = len(tokens) > 1 and tokens[-1] == ":"
    words = GAP.join(map(re.escape, tokens[:-1] if colon else tokens))
    behind = rf"(?:{GAP}:|(?P<loose>{IN_PLACE_OF_A_COLON}))" if colon else "(?P<loose>(?!))?"
    return re.compile(words + behind, re.IGNORECASE)
