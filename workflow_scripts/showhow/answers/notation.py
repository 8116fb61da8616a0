"""Mathematics as people and models type it, in LaTeX, Markdown and Unicode, as one plain line."""

import re

# Roots as they are typed: a sign and a number, a letter or brackets; a name and brackets.
ROOT = r"\s*(?:\{([^{}]*)\}|\(([^()]*)\)|(\d[\d.]*|[A-Za-z]))"
IN_LATEX = tuple(
    (re.compile(pattern), written)
    for pattern, written in (
        (rf"\u221a(\[\d+\]){ROOT}", r"\\sqrt\1{\2\3\4}"),
        (rf"\u221a{ROOT}", r"\\sqrt{\1\2\3}"),
        (rf"\u221b{ROOT}", r"\\sqrt[3]{\1\2\3}"),
        (rf"\u221c{ROOT}", r"\\sqrt[4]{\1\2\3}"),
        (r"(?<![A-Za-z])\\?(sqrt)\s*\(([^()]*)\)", r"\\sqrt{\2}"),
    )
)
LATEX = str.maketrans(
    {
        **{"\u03c0": r"\pi ", "\u221e": r"\infty ", "\u2264": r"\le ", "\u2265": r"\ge "},
        **{"\u2260": r"\ne ", "\u00d7": r"\times ", "\u00b7": r"\cdot ", "\u22c5": r"\cdot "},
        **{"\u00f7": "/", "\u2212": "-", "\u222a": r"\cup ", "\u2229": r"\cap ", "\u2208": r"\in "},
    }
)
# What opens a box, in which an answer stands.
BOX = re.compile(r"\\(?:boxed|fbox|framebox)\s*\{")
FRACTIONS = {
    **{"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5"},
    **{"⅗": "3/5", "⅘": "4/5", "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8"},
    **{"⅞": "7/8", "⅐": "1/7", "⅑": "1/9", "⅒": "1/10"},
}
# Minus signs and hyphens, spaces of every width, operators.
SIGNS = {
    **dict.fromkeys("\u2212\u2010\u2011\ufe63\uff0d", "-"),
    **dict.fromkeys("\u00a0\u2007\u2008\u2009\u200a\u202f\u3000", " "),
    **dict.fromkeys("\u200b\ufeff\u2060", ""),
    **dict.fromkeys("\u00d7\u00b7\u22c5\u2219", "*"),
    **{"÷": "/", "\u2044": "/", "\u2215": "/", "≃": "≈", "\u223c": "≈", "\u2014": "\u2013"},
    **dict.fromkeys('`"“”', ""),
    **{fraction: f" {plain}" for fraction, plain in FRACTIONS.items()},
}
TRANSLATED = str.maketrans(SIGNS)
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
SUPERSCRIPT = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
SIGNED = r"\s*([-+]?\s?[\d.,]+)\s*"
# What stands in the way of reading, and what it is in plain letters; in this order. § is whatever
# has a value that no number says: a root, a letter of its own, infinity.
REWRITTEN = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"<<[^<>]*>>", ""),  # GSM8K's calculator
        (r"<\|?/?[A-Za-z][^<>]*>", " "),  # a tag of HTML or of a chat template
        (r"\\(?:lvert\b|left\s*\|)\s*|\s*\\(?:rvert\b|right\s*\|)", "|"),
        (r"\{,\}", ","),
        (r"\\!", ""),
        (r"\\[%#&_]", lambda match: match[0][1]),
        (r"\\(?:[,;: ()\[\]\\]|q?quad\b|left\b|right\b|displaystyle\b)|~", " "),
        (r"\\(?:begin|end)\s*\{[^{}]*\}|&(?==)", " "),
        (r"\^?\s*(?:\{\s*\\circ\s*\}|\\circ\b)|\\degree\b|°", " "),
        (r"\^\s*\{\s*([-+]?\d+)\s*\}", r"^\1"),
        (rf"\\[dtc]?frac\s*\{{{SIGNED}\}}\s*\{{{SIGNED}\}}", r" \1/\2"),
        (r"\\[dtc]?frac\s*(\d)\s*(\d)", r" \1/\2"),
        (
            r"\\(?:text|math|operatorname|mbox|emph)(?:rm|bf|it|sf|tt|normal)?\s*\{([^{}]*)\}",
            r"\1",
        ),
        (r"\\(?:text)?color(?:box)?\s*\{\w*\}", ""),
        (r"\\(?:underline|uline|bm|boldsymbol|num)\s*\{([^{}]*)\}", r"\1"),
        (r"\\(?:times|cdot|ast)\b", "*"),
        (r"\\div\b", "/"),
        (r"\\(?:approx|simeq|sim)\b", "≈"),
        (r"\\pm\b|\+/-", "±"),
        (r"\\(?:leq?|geq?|neq?|lt|gt|in|leqslant|geqslant)\b|[≤≥≠∈]", "<"),
        (r"\\[A-Za-z]+|[√π∞]", "§"),
        (r"(?<=[\d)])\s?\*\*\s?(?=[-\d(])", "^"),
        (r"\|\{?-?([\d.,]*\d)\}?\s?\|", r"\1"),  # what an absolute value is
        (r"\*{2,3}|_{2,3}|~~|(?<!\w)_|_(?!\w)", ""),
        (r"(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)", ""),  # Markdown's emphasis; "2 * 3" and "2*3" stay
        (r"[{}\[\]]|(?<![\w&])#+", ""),
        (r"\s+", " "),
    )
)
CURRENCY = re.compile(r"(?P<inside>(?<=\w)\\?[$€£¥₹₩¢](?=\w))|\\?[$€£¥₹₩¢]")
# A line that goes on with the equation of the line before.
GOES_ON = re.compile(r"[\s$\\&]*=(?!=)")
ITEM = re.compile(r"\s*(?P<sign>[-+*\u2022\u2013]|>)\s+(?=\S)")
# "Pens: 4", and on the next line "Pencils: 18".
NAMED_VALUE = re.compile(
    r"\W*(?!(?:question|q|example|explanation|step|note|confidence|score|answer|check)\b)"
    r"(?:(?P<label>[A-Z][\w ]{0,30}):\s*\$?\d[\d.,]*(?:\s\w+)?"
    r"|(?P<name>[A-Z])\s?=\s?-?\d[\d.,/]*)\W*",
    re.I,
)
SIMPLE = re.compile(r"[\w\s.,:;!?'()/=+%-]*\Z", re.ASCII)


def in_box(text: str) -> str | None:
    """Give what the last box of a text holds; None where there is none, or it is never closed."""
    for opening in reversed(list(BOX.finditer(text))):
        depth = 1
        for position in range(opening.end(), len(text)):
            depth += {"{": 1, "}": -1}.get(text[position], 0)
            if depth == 0:
                return text[opening.end() : position]
    return None


def first_phrase(text: str) -> str:
    """Give the first line that says something, and the lines that belong to it.

    Those are the next one where it ends in a colon or an "is", the following sides of an equation,
    and further items of a list, so that a list does not read as its first item.
    """
    said, whole, first = "", False, ""
    for number, line in enumerate(text.splitlines()):
        if not any(letter.isalnum() or letter == "∞" for letter in line):
            continue
        item = ITEM.match(line) if number else None
        if whole:
            listed = (item and ITEM.match(first)) or _both_named(first, line)
            if not listed and not GOES_ON.match(line):
                break
            said = f"{said}{',' if listed else ''} {_item(line, item)}"
            continue
        if line.strip().startswith((r"\begin", r"\end")) and "=" not in line:
            continue
        said, first = (
            f"{said} {_item(line, item)}".strip(),
            line if number else line.lstrip("-+*> "),
        )
        whole = not re.search(r"(?::|\b(?:is|are|equals|=))[\s*_$]*\Z", said)
    return said


def _both_named(first: str, line: str) -> bool:
    """Say whether two lines give values to two names: "Pens: 4" and "Pencils: 18"."""
    one, other = NAMED_VALUE.fullmatch(first), NAMED_VALUE.fullmatch(line)
    return one is not None and other is not None and one.groups() != other.groups()


def _item(line: str, item: re.Match | None) -> str:
    """Take the mark of a list's item off; a dash before a bare number could be a minus as well."""
    if item is None:
        return line.strip()
    said = line[item.end() :].strip()
    return f"± {said}" if item["sign"] in "-+" and not re.search(r"[A-Za-z]", said) else said


def plain(text: str) -> str:
    """Write a line without LaTeX, Markdown, currencies and unusual characters."""
    if SIMPLE.match(text):
        return " ".join(text.split())
    text = SUPERSCRIPT.sub(lambda match: "^" + match[0].translate(SUPERSCRIPTS), text)
    text = CURRENCY.sub(lambda match: " " if match["inside"] else "", text).translate(TRANSLATED)
    for pattern, written in REWRITTEN:
        text = pattern.sub(written, text)
    return text.strip()


def as_latex(text: str) -> str:
    """Write a formula's unusual characters as LaTeX has them."""
    text = SUPERSCRIPT.sub(lambda match: f"^{{{match[0].translate(SUPERSCRIPTS)}}}", text)
    for pattern, written in IN_LATEX:
        text = pattern.sub(written, text)
    return text.translate(LATEX)


def unmarked(line: str) -> str:
    """Take Markdown's emphasis and code ticks off the ends of a line, and leave the rest."""
    while match := re.fullmatch(r"([*_]{1,3}|`)\s*(.*?)\s*\1", line):
        line = match[2]
    return re.sub(r"\A[*_`]+(?=\s|\Z)\s*", "", line)
