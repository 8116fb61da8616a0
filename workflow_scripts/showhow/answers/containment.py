"""Whether a text contains an answer, as whole words and whatever its case and spacing."""

import re
from collections.abc import Iterable

from showhow.answers.parsing import one_line


def contains_any(text: str, answers: Iterable[str]) -> bool:
    """Say whether one of the answers stands in the text, with no word character right beside it."""
    plain = one_line(text).casefold()
    return any(
        re.search(rf"(?<!\w){re.escape(one_line(answer).casefold())}(?!\w)", plain) is not None
        for answer in answers
        if answer.strip()
    )
