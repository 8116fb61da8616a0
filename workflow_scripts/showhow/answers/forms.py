"""How the final answer stands in a free text, and which texts say the same answer."""

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache, cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from showhow.answers.containment import contains_any
from showhow.answers.programs import program_of, read_tests, which_pass
from showhow.base.errors import ShowhowError
from showhow.base.own_files import load_file

# Digits with or without thousands' commas, and decimals.
DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
# A minus is a sign where nothing that could be subtracted from stands before it.
MINUS = r"(?<![\w)%])(?<![\w)%]\s)[-\u2212]\s?"
# With a currency, an exponent, or as a fraction.
NUMBER = re.compile(
    rf"(?P<sign>{MINUS})?[$€£]?\s?(?P<minus>[-\u2212])?"
    rf"(?P<top>(?:{DIGITS})(?:[eE][+-]?\d+)?)(?:\s?/\s?(?P<bottom>{DIGITS}))?"
)

AnswerKind = Literal["text", "number", "choice", "pattern", "containing", "function", "program"]


class AnswerForm(BaseModel):
    """Reads answers; two texts answer alike when what is read of them is equal."""

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))

    kind: AnswerKind = Field(
        default="text",
        description="What an answer is: text (to the end of its line), number (1,080 and $1080.00 "
        "are the same), choice (one of `choices`), pattern (a regular expression), containing "
        "(the first line of the text, right where the answer stands in it), whatever a function "
        "of your own reads, or program (Python that passes the tests which are the answer; it is "
        "run, in a sandbox, and only with `runs_code: true`).",
    )
    marker: str | None = Field(
        default="Final Answer:",
        description="What stands before the answer, in upper or lower case and however spaced; "
        "null takes the last answer anywhere in the text.",
    )
    choices: str = Field(
        default="ABCDE", min_length=2, description="The letters or digits of a choice."
    )
    pattern: str | None = Field(
        default=None,
        description="For kind pattern: what the answer looks like; a group is the answer.",
    )
    function: str | None = Field(
        default=None,
        pattern=r"^[^:]+\.py:[A-Za-z_][A-Za-z0-9_]*$",
        description="For kind function: a Python file and a function in it: path/to/file.py:name. "
        "It is given a text (what stands behind the marker, where there is one) and gives the "
        "answer as text, or None.",
    )

    @model_validator(mode="after")
    def _pattern_is_one(self) -> Self:
        if (self.kind == "pattern") != (self.pattern is not None):
            raise PydanticCustomError("pattern", "`pattern` belongs to `kind: pattern`, and to it")
        if (self.kind == "function") != (self.function is not None):
            raise PydanticCustomError(
                "function", "`function` belongs to `kind: function`, and to it"
            )
        try:
            re.compile(self.pattern or "")
        except re.error as problem:
            raise PydanticCustomError(
                "pattern", "`pattern` is no regular expression: {reason}", {"reason": str(problem)}
            ) from problem
        return self

    def code(self) -> Path | None:
        """Name the user's own file that reads answers, None where there is none."""
        return Path(self.function.rpartition(":")[0]) if self.function else None

    def read(self, text: str, alone: bool = False) -> str | None:
        """Read the answer of a text: behind its last marker; None where there is none.

        alone: a text without the marker is an answer as a whole.
        """
        behind = self._behind_marker(text)
        if self.kind == "program":
            return program_of(behind or "") or program_of(text)
        if behind is not None:
            return self._first(behind)
        if self.kind == "containing":
            return self._first(text)
        if self.marker is None:
            return self._last(text)
        return self._first(text) if alone else None

    def read_right(self, text: str) -> str | None:
        """Read the right answer in a cell of the user's data, None where there is none.

        Of programs that is their tests.
        """
        return read_tests(text) if self.kind == "program" else self.read(text, alone=True)

    def is_right(self, read: str, answers: Iterable[str]) -> bool:
        """Say whether what was read of a text is one of the answers, has one in it or passes it."""
        if self.kind == "program":
            return which_pass([(read, tuple(answers))])[0]
        return contains_any(read, answers) if self.kind == "containing" else read in answers

    def are_right(self, read: Sequence[tuple[str | None, Sequence[str]]]) -> list[bool]:
        """Say of what was read of each text whether it is right; programs run side by side."""
        there = [(text, answers) for text, answers in read if text is not None]
        if self.kind == "program":
            verdicts = iter(which_pass(there))
        else:
            verdicts = iter([self.is_right(text, answers) for text, answers in there])
        return [text is not None and next(verdicts) for text, _ in read]

    def _behind_marker(self, text: str) -> str | None:
        if self.marker is None:
            return None
        found = list(_pattern_of(self.marker).finditer(text))
        return text[found[-1].end() :] if found else None

    def _first(self, text: str) -> str | None:
        return next(iter(self._all(text)), None)

    def _last(self, text: str) -> str | None:
        return next(reversed(self._all(text)), None)

    def _all(self, text: str) -> list[str]:
        """List everything in a text that could be an answer, as answers are compared."""
        if self.kind == "number":
            numbers = (_number(match) for match in NUMBER.finditer(text))
            return [number for number in numbers if number is not None]
        if self.kind == "function":
            answer = own_function(self.function or "")(text)
            return [] if answer is None else [answer]
        if self.kind == "choice":
            letters = re.escape(self.choices)
            return re.findall(rf"(?<!\w)[{letters}](?![\w'\u2019])", text)
        if self.kind == "pattern":
            matches = re.finditer(self.pattern or "", text)
            return [next(filter(None, match.groups()), match[0]) for match in matches]
        return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


@cache
def _pattern_of(marker: str) -> re.Pattern[str]:
    words = re.findall(r"\w+|[^\w\s]", marker)
    return re.compile(r"\s*".join(map(re.escape, words)), re.IGNORECASE)


@cache
def own_function(function: str) -> Callable[[str], str | None]:
    """Load a function of the user's own, and check what it gives.

    Raises ShowhowError where the file or the function is not there, or when it fails.
    """
    path, _, name = function.rpartition(":")
    try:
        module = load_file(Path(path))
        read = getattr(module, name)
    except AttributeError as problem:
        raise ShowhowError(
            f"{path} has no function {name}; write one, or its right name."
        ) from problem

    def checked(text: str) -> str | None:
        try:
            answer = read(text)
        except Exception as problem:
            raise ShowhowError(
                f"{function} failed for the text {text[:60]!r} ({type(problem).__name__}: "
                f"{problem}); correct it, and have it give None where there is no answer."
            ) from problem
        if answer is not None and not isinstance(answer, str):
            raise ShowhowError(f"{function} gave {answer!r}, which is no text; have it give a str.")
        return answer

    return checked


def _number(match: re.Match) -> str | None:
    """Write a number in the one way in which numbers are compared; None for a division by zero."""
    try:
        value = _decimal(match["top"])
        if match["bottom"]:
            value /= _decimal(match["bottom"])
    except (InvalidOperation, ZeroDivisionError):
        return None
    written = f"{value:f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    negative = value and (match["sign"] or match["minus"])
    return f"-{written}" if negative else written


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))
