"""Numbers in words at the start of a phrase: twenty-five, one hundred and two, three quarters.

The rules, each with an example, are in tests/answers/number.yaml.
"""

import re
from decimal import Decimal

SMALL = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
VALUES = {word: value for value, word in enumerate(SMALL)} | {
    word: 10 * value for value, word in enumerate(TENS, 2)
}
SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
PARTS = {
    **{"half": 2, "halves": 2, "quarter": 4, "quarters": 4},
    **{
        ordinal + plural: of
        for of, ordinal in enumerate(
            ["third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"], 3
        )
        for plural in ("", "s")
    },
}
WORD = rf"(?:{'|'.join([*VALUES, *SCALES])})"
PART = rf"(?:{'|'.join(sorted(PARTS, key=len, reverse=True))})"
SPELLED = re.compile(
    r"\W*(?:there (?:are|is) |(?:the answer|it) is |(?:about|only|exactly) )?"
    r"(?P<minus>(?:minus|negative) )?(?:"
    rf"(?:(?P<top>{WORD})[ -]|an? |(?=half))(?P<bottom>{PART})\b|"
    rf"(?P<whole>(?:a (?=hundred|thousand|million|billion))?{WORD}"
    rf"(?:(?: |-| and ){WORD}(?![ -]{PART}))*)\b"
    rf"(?: and (?:a|one|(?P<over>{WORD}))[ -](?P<rest>{PART})\b)?)(?!-)",
    re.I,
)
AND_PART = re.compile(rf"(?<![\w.,/])(\d+) and (?:a|one)[ -]({PART})\b", re.I)
# What follows makes it two numbers, a sum, or no number at all: "one cannot tell".
NOT_ALONE = re.compile(
    rf"\A(?:\W*(?:or|and|to|plus|minus|times)\W+|\W*[+*/^,;-]\W*|\s+\w+\s+(?:and\s+)?)"
    rf"(?:\d|{WORD}\b|an?\s+{PART}\b)|\b(?!one\b){WORD}\b|\A\s*(?:[+*/^-]|(?:plus|minus|times|an?\s+dozen)\b)",
    re.I,
)
PRONOUN = re.compile(
    r"\A\s+(?:can|cannot|could|must|should|would|will|may|might|has|needs|does|might|ought|gets"
    r"|sees|knows|obtains|finds|by|another|thing)\b",
    re.I,
)


def read_spelled(phrase: str) -> Decimal | None:
    """Give the number that a phrase begins with in words, None where it begins with none or two."""
    found = SPELLED.match(phrase)
    value = None if found is None else _value(found, phrase[found.end() :])
    return -value if found and found["minus"] and value else value


def parts_in_digits(phrase: str) -> str:
    """Write "10 and a half" as 10 1/2."""
    return AND_PART.sub(lambda match: f"{match[1]} 1/{PARTS[match[2].lower()]}", phrase)


def _value(found: re.Match, behind: str) -> Decimal | None:
    pronoun = (found["whole"] or "").lower() == "one" and PRONOUN.match(behind)
    if pronoun or NOT_ALONE.search(behind):
        return None
    if found["bottom"]:
        top = VALUES.get(found["top"].lower()) if found["top"] else 1
        return None if top is None else Decimal(top) / PARTS[found["bottom"].lower()]
    whole = _whole(re.split(r"\W+", found["whole"].lower()))
    if whole is None or not found["rest"]:
        return None if whole is None else Decimal(whole)
    over = VALUES.get(found["over"].lower()) if found["over"] else 1
    return None if over is None else Decimal(whole) + Decimal(over) / PARTS[found["rest"].lower()]


def _whole(words: list[str]) -> int | None:
    """Add up a whole number's words, None where they are two numbers beside each other."""
    total, group, room = 0, 0, 1000
    for word in words:
        if word in ("a", "and"):
            continue
        if word == "hundred":
            if group >= 100:
                return None
            group, room = max(group, 1) * 100, 100
        elif word in SCALES:
            if total and SCALES[word] >= total:
                return None
            total, group, room = total + max(group, 1) * SCALES[word], 0, 1000
        else:
            value = VALUES[word]
            if value >= room or (value == 0 and len(words) > 1):
                return None
            group, room = group + value, 10 if value >= 20 else 1
    return total + group
