"""Which number a phrase says, as a string in the one way in which numbers are compared.

What could be read in two ways is no number: a range, a list, a time, digits whose points and commas
do not tell thousands from decimals. The rules, each with an example, are tests/answers/number.yaml.
"""

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from showhow.answers.notation import first_phrase, in_box, plain
from showhow.answers.spelled import SPELLED, parts_in_digits, read_spelled

# Digits with thousands (commas, spaces, apostrophes, underscores), and decimals.
DIGITS = (
    r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,3}(?: \d{3})+(?![\d/,])"
    r"|\d{1,3}(?:['\u2019]\d{3})+(?!\d)|\d{1,3}(?:_\d{3})+(?![\d_])|\d+)"
    r"(?:\.\d+(?!\d))?|(?<!\d)\.\d+"
)
SCALES = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
# Letters that stand for them, close behind the digits: 10k, 1.2M.
ABBREVIATED = {"k": 3, "K": 3, "M": 6, "B": 9}
# One number: whole and fraction, fraction, power, times a power of ten, or with a scale in words.
NUMBER = re.compile(
    rf"(?<![\w^])(?<!\d[.,:])(?:"
    rf"(?P<whole>\d+)(?: |-| and )(?P<part>\d+)\s?/\s?(?P<of>\d+)(?![\d/])|"
    rf"(?P<top>{DIGITS})(?:[eE](?P<exponent>[-+]?\d+)(?!\w)|\s?[*xX]\s?10\s?\^\s?(?P<tens>[-+]?\d+)"
    rf"|\s?\^\s?(?P<power>[-+]?\d+)|\s?/\s?(?P<bottom>-?(?:{DIGITS}))"
    rf"|\s(?P<scale>(?i:{'|'.join(SCALES)}))\b|(?P<short>[{''.join(ABBREVIATED)}])(?![\w'*^/+-]))?)",
)
FAST = re.compile(r"[\s$]*(-?)\$?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?[.$]?\s*\Z")
LARGEST_EXPONENT = 300
# What may stand before the number that a phrase begins with.
LEAD = re.compile(
    r"(?:[^\w§]|\b(?:there (?:are|is|were|will be)|it is|it's|about|approximately|around|only"
    r"|exactly|roughly|nearly|almost|usd|eur|us|rs|the answer is|answer|a)\b)*\Z",
    re.I,
)
SAYS = re.compile(
    r"(?:\b(?:is|are|was|were|be|equals?|equal to|gets?|makes?|made|earns?|has|have|needs?|takes?"
    r"|costs?|spends?|spent|received?s?|sells?|sold|buys|bought|pays?|paid|saves?|saved"
    r"|loses?|lost|collects?|collected|leaves?|left with)|:)"
    r"\s*(?:only|about|approximately|exactly|around)?"
    r"[\s(]*[-+]?\s?\Z",
    re.I,
)
ASIDE = re.compile(r"\(([^()]*)\)")
BARE_IN_BRACKETS = re.compile(
    r"(?<![\w)])\(\s*([-+]?[\d.,]+)\s*\)(?=\s?[/^])|(?<=/)\s?\(([\d.,]+)\)"
)
LETTERS = re.compile(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])")
# Where the answer ends and its reasons begin.
REASON = re.compile(
    r",?\s+\b(?:because|since|where|when|given|as|which|that|so|satisf\w+|(?<=\d )(?:is|was) the"
    r"|such that|i\.e\.?|that is)\b|;\s(?=[A-Za-z]{2})(?![\w ]*:\s*\W?\d)|,\s+(?:not|for|with)\s",
    re.I,
)
# A conclusion, where the answer is not in front of it.
CONCLUSION = re.compile(r",\s+(?:and\s+)?(?:so|thus|hence|therefore)\b,?\s+(?=[A-Za-z$])", re.I)
# "In 2021, the farm sold 300 pumpkins."
CIRCUMSTANCE = re.compile(
    r"\W*(?:in|by|after|at|on|over|during|within|for|with|from)\s[^,=]*\d[^,=]*,"
    r"\s+(?=[A-Za-z]{2})(?!and\b|or\b|to\b)",
    re.I,
)
# "Room 12 is larger": the number is a name.
NAMED = re.compile(
    r"\A\W*(?:the )?(?:room|house|box|bus|train|gate|track|lane|route|highway|channel|team|group"
    r"|player|table|line|page|chapter|section|figure|equation|step|case|question|problem|example"
    r"|exercise|option|day|week|month|year|grade|class|level|stage|round|phase) (?:no\. ?|number )?"
    r"\d+\s+(?:is|are|was|were|has|have|had|will|can)\b",
    re.I,
)
# "It cannot be told from 3 equations", "No solution, as x = 3 is not allowed".
NOTHING_SAID = re.compile(
    r"\A\W*(?:there (?:is|are) )?(?:no (?:such|real )?\s?(?:solutions?|answers?|values?)|undefined"
    r"|none|unknown)\b|\b(?:cannot|can't|can not|could not|couldn't|unable to"
    r"|(?:im|not )possible to|(?:insufficient|not enough|isn't enough) (?:information|data) to"
    r"|does not allow us to)\s"
    r"(?:[\w-]+ ){0,2}(?:determine|compute|calculate|solve|find|found|say|said|tell|told|kn[oe]w"
    r"|answer|deduce|provide|give)",
    re.I,
)
# "1. 18 eggs": the first item of a list.
NUMBERED = re.compile(r"\s*\d{1,2}[.)]\s+[-+]?\d")
# "There are 4 solutions: 1, 2, 3, 5."
COUNTED = re.compile(r"\W*there (?:are|is) \d+ [^:=]*(?=:)", re.I)
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z(])")
EQUALS = re.compile(r"(?<![<>!:=])=(?!=)")
# "x = 3, y = 5", and "x = 3 or x = -3".
ASSIGNED = re.compile(
    r"(?<![\w)+*/^-])(?<![)+*/^\d-] )[A-Za-z]\w*\s?=\s?([^=,;]*?)\s?(?=\Z|[,;]| and | or )"
)
# Two numbers with this between them are two answers, a range, a ratio or unfinished arithmetic.
BOTH = re.compile(
    r"[,;:/&+*^]|\b(?:to|and|or|plus|minus|times|of|than|through|vs|versus|by|over|x)\b|"
    r"\A\s?\w*\s?\Z|\A-|-\Z|\u2013\Z|\A\u2013"
)
DASH = re.compile(r"\s[-\u2013]\s\Z")
ALSO_ABOUT = re.compile(
    r"\A,?\s?(?:or|which is|i\.e\.?)?\s?(?:approximately|about|roughly|around)\b"
)
# A number beside one of these is a part of something greater.
PART_BEFORE = re.compile(
    r"(?:[*/^+§÷<>±]|(?<!\A)(?<!\s)\||(?:[)\d]|(?<![A-Za-z])[A-Za-z])\s?-|[\w)]-|\b(?:between|not|(?:more|less|fewer"
    r"|greater|other) than|over|under|above|below))\s?\Z",
    re.I,
)
PART_BEHIND = re.compile(
    r"\A(?:[.,:/'\u2019_]\d|\s?[*^§(<>]|\s?/(?![A-Za-z]{2})|\||\s?\+|\s?-\s?(?:[a-zA-Z](?![A-Za-z])|§|\()|-\d|"
    r"[abcfijknpqrtuvwxyz](?![\w'])|\s[xyznbckpqruvw](?![\w'])|[abcnxyz]{2,3}\b|x\d|\s(?:squared|cubed)\b|\s?±)"
)


def read_number(text: str, last: bool = False) -> str | None:
    """Read the number that a text says first, in its first phrase that says something.

    last: the last number of the whole text instead, or of its last box.
    """
    if plainly := FAST.match(text):
        sign, whole, decimals = plainly.groups()
        return _written(Decimal(f"{sign}{whole.replace(',', '')}{decimals or ''}"))
    boxed = in_box(text)
    if last:
        lines = [line for line in text.splitlines() if any(map(str.isdigit, line))]
        return _read(boxed if boxed is not None else lines[-1], True) if boxed or lines else None
    phrase = first_phrase(text)
    boxed = in_box(phrase)
    return _read(phrase if boxed is None else boxed, False)


@lru_cache(maxsize=1 << 16)
def _read(phrase: str, last: bool) -> str | None:
    phrase = parts_in_digits(_without_asides(plain(phrase)))
    if last:
        sentences = [part for part in SENTENCE.split(phrase) if any(map(str.isdigit, part))]
        return _statement(sentences[-1], True) if sentences else None
    first, *others = SENTENCE.split(phrase)
    if not _has_number(first):
        others = [sentence for sentence in others if _has_number(sentence)]
        return _statement(others[0], False) if len(others) == 1 else None
    read = _statement(first, False)
    leads = NUMBER.search(first)
    if leads is None or LEAD.match(first[: leads.start()]):
        return read
    later = {_statement(other, False) for other in others if any(map(str.isdigit, other))}
    return read if later <= {read} else None


def _without_asides(phrase: str) -> str:
    """Take out what stands in brackets beside a number, and brackets around one."""
    whole = re.fullmatch(r"[\s.]*[(<]([^()<>]*)[)>][\s.]*", phrase)
    if whole:
        return whole[1]
    phrase = BARE_IN_BRACKETS.sub(lambda match: match[1] or match[2], phrase)
    if "(" not in phrase:
        return phrase

    def kept(match: re.Match) -> str:
        attached = match.start() > 0 and phrase[match.start() - 1].isalnum()
        letters = LETTERS.search(match[1]) and not re.search(r"[A-Za-z]{2}", match[1])
        return "§" if attached or letters or "§" in match[1] else " "

    without = ASIDE.sub(kept, phrase)
    return without if any(map(str.isdigit, without)) else phrase.replace("(", "").replace(")", "")


def _has_number(phrase: str) -> bool:
    return any(map(str.isdigit, phrase)) or read_spelled(phrase) is not None


def _statement(sentence: str, last: bool) -> str | None:
    """Read one sentence: without its reasons, and of an equation the last side."""
    if "±" in sentence or (not last and NOTHING_SAID.search(sentence)):
        return None
    if not last and (counted := COUNTED.match(sentence)):
        sentence = counted[0]
    if not last:
        sentence = _without_reasons(sentence)
    sides = EQUALS.split(sentence)
    if len(sides) > 1:
        if not last and (counted := read_spelled(sentence)) is not None:
            return _written(counted)
        assigned = set(ASSIGNED.findall(sentence))
        if len(assigned) > 1:
            return None
        sentence = sides[-1].lstrip()
    if "<" in sentence or ">" in sentence:
        return None
    exact, about, rounded = sentence.partition("≈")
    if about:
        sentence = exact if any(map(str.isdigit, exact)) else rounded
    return _phrase(sentence, last)


def _without_reasons(sentence: str) -> str:
    """Leave the part of a sentence that says the answer, and not when or why it is so."""
    if circumstance := CIRCUMSTANCE.match(sentence):
        rest = sentence[circumstance.end() :]
        sentence = rest if _has_number(rest) else sentence
    if conclusion := CONCLUSION.search(sentence):
        leads = NUMBER.search(sentence)
        rest = sentence[conclusion.end() :]
        if _has_number(rest) and leads and not LEAD.match(sentence[: leads.start()]):
            return rest
    reason = REASON.search(sentence)
    return (
        sentence[: reason.start()]
        if reason and _has_number(sentence[: reason.start()])
        else sentence
    )


def _phrase(phrase: str, last: bool) -> str | None:
    """Read the one number of a phrase, or the one of several that it says."""
    found = list(NUMBER.finditer(phrase))
    if not found:
        counted = None if last else read_spelled(phrase)
        return None if counted is None else _written(counted)
    if NUMBERED.match(phrase) or (not last and _spelled_otherwise(phrase, found)):
        return None
    if len(found) == 1:
        return None if NAMED.match(phrase) else _value(phrase, found[0])
    between = [phrase[a.end() : b.start()] for a, b in pairwise(found)]
    if last:
        return None if BOTH.search(between[-1]) else _value(phrase, found[-1])
    if LEAD.match(phrase[: found[0].start()].rstrip("-+ ")):
        first, second = _value(phrase, found[0]), _value(phrase, found[1])
        if DASH.match(between[0]) and first is not None:
            if PART_BEHIND.match(phrase[found[1].end() :]):
                return None  # "10 - 2x"
            # "10 - 12" is a range; a smaller number behind a dash is a remark.
            return first if _decimal(found[1]["top"] or "0") < Decimal(first) else None
        if ALSO_ABOUT.match(between[0]) or (first is not None and first == second):
            return first
        return None if BOTH.search(between[0]) else first
    said = [number for number in found if SAYS.search(phrase[: number.start()])]
    if len(said) != 1:
        return None
    place = found.index(said[0])
    if place + 1 < len(found) and BOTH.search(between[place]):
        return None
    return _value(phrase, said[0])


def _spelled_otherwise(phrase: str, found: list[re.Match]) -> bool:
    """Say whether a phrase begins with a number in words that its digits do not say again."""
    if phrase[:1].isdigit() or not SPELLED.match(phrase):
        return False
    spelled = read_spelled(phrase)
    return len(found) > 1 or spelled is None or _value(phrase, found[0]) != _written(spelled)


def _value(phrase: str, number: re.Match) -> str | None:
    before, behind = phrase[: number.start()], phrase[number.end() :]
    sign = re.search(r"(?:(?<=[^\w\s)%])\s?|(?<=[A-Za-z]{2}) |\A\s?)([-+])\s?\Z", before)
    in_words = re.search(r"(?:\A|[^\w\s)]|\b(?:is|be)) ?\b(?:minus|negative) \Z", before, re.I)
    if sign and re.search(r"[A-Za-z]{2} - \Z", before):
        sign = None  # "Total - 5"
    elif sign:
        before = before[: sign.start(1)]
    if PART_BEHIND.match(behind) or PART_BEFORE.search(before):
        return None
    try:
        value = _amount(number)
    except (InvalidOperation, ZeroDivisionError):
        return None
    if value is None:
        return None
    return _written(value.copy_negate() if in_words or (sign and sign[1] == "-") else value)


def _amount(number: re.Match) -> Decimal | None:
    if number["whole"]:
        return Decimal(number["whole"]) + Decimal(number["part"]) / Decimal(number["of"])
    top = _decimal(number["top"])
    scale = SCALES.get((number["scale"] or "").lower()) or ABBREVIATED.get(number["short"], 0)
    exponent = int(number["exponent"] or number["tens"] or scale)
    power = int(number["power"] or 1)
    if max(abs(exponent), abs(power)) > LARGEST_EXPONENT:
        return None
    if number["power"]:
        whole = top == top.to_integral_value() and power >= 0
        return Decimal(int(top) ** power) if whole else top**power
    if number["bottom"]:
        return top / _decimal(number["bottom"])
    return top.scaleb(exponent) if exponent else top


def _decimal(digits: str) -> Decimal:
    return Decimal(re.sub(r"[, '\u2019_]", "", digits))


def _written(value: Decimal) -> str:
    written = f"{value:f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if not value else written


def fraction_written(value: Fraction) -> str:
    """Write a fraction as the number that it is."""
    return _written(Decimal(value.numerator) / Decimal(value.denominator))
