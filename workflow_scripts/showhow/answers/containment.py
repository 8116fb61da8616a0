"""Whether a text contains an answer, as whole words and whatever its case and spacing."""

import re
from collections.abc import Iterable


def contains_any(text: str, answers: Iterable[str]) -> bool:
    """Say whether one of the answers stands in the text, with no word character right beside it."""
    plain = _plain(text)
    return any(
        re.search(rf"(?<!\w){re.escape(_plain(answer))}(?!\w)", plain) is not None
        for answer in answers
        if answer.strip()
    )


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
