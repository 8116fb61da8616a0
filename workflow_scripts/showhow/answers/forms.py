"""How the final answer stands in a free text, and which texts say the same answer."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property
from itertools import chain, zip_longest
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from showhow.answers.choices import read_choice
from showhow.answers.containment import contains_any
from showhow.answers.markers import Behind, behind_last_word, behind_markers
from showhow.answers.mathematics import read_mathematics, same_mathematics
from showhow.answers.notation import unmarked
from showhow.answers.numbers import read_number
from showhow.answers.programs import is_comment, program_of, read_tests, which_pass
from showhow.base.errors import ShowhowError
from showhow.base.own_files import load_file

AnswerKind = Literal[
    "text", "number", "math", "choice", "pattern", "containing", "function", "program"
]


class AnswerForm(BaseModel):
    """Reads answers; two texts answer alike when what is read of them is equal."""

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))

    kind: AnswerKind = Field(
        default="text",
        description="What an answer is: text (to the end of its line), number (1,080 and $1080.00 "
        "are the same), math (a number or a formula, compared by math-verify), choice (one of "
        "`choices`), pattern (a regular expression), containing (the first line of the text, right "
        "where the answer stands in it), whatever a function of your own reads, or program (Python "
        "that passes the tests which are the answer; it is run, in a sandbox, and only with "
        "`runs_code: true`).",
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
        if self.kind == "program":
            return self._program(text)
        if self.marker is not None:
            found = behind_markers(text, self.marker)
            last = next(found, None)
            answer = self._behind(last, found) if last else None
            answer = self._behind_last_word(text, self.marker) if answer is None else answer
            if last is not None or answer is not None:
                return answer
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
        if self.kind == "math":
            return same_mathematics(read, answers)
        return contains_any(read, answers) if self.kind == "containing" else read in answers

    def are_right(self, read: Sequence[tuple[str | None, Sequence[str]]]) -> list[bool]:
        """Say of what was read of each text whether it is right; programs run side by side."""
        there = [(text, answers) for text, answers in read if text is not None]
        if self.kind == "program":
            verdicts = iter(which_pass(there))
        else:
            verdicts = iter([self.is_right(text, answers) for text, answers in there])
        return [text is not None and next(verdicts) for text, _ in read]

    def _program(self, text: str) -> str | None:
        """Find the program behind the last marker, or else anywhere."""
        if self.marker is not None:
            ends = [len(text) - len(behind.text) for behind in behind_markers(text, self.marker)]
            for end, earlier in zip_longest(ends, ends[1:], fillvalue=0):
                if not is_comment(text, end, earlier):
                    return program_of(text[end:]) or program_of(text)
        return program_of(text)

    def _behind(self, last: Behind, earlier: Iterator[Behind]) -> str | None:
        """Read behind the last marker; one that is only worded like it counts if it has an answer.

        "I hope that the final answer is clear" is no marker. Where anything can be an answer, a
        marker with its own punctuation goes before one that is only worded like it.
        """
        if self.kind not in ("number", "math", "choice"):
            exact = (behind for behind in chain([last], earlier) if behind.exact)
            return self._first(next(exact, last).text)
        for behind in chain([last], earlier):
            answer = self._first(behind.text)
            if answer is not None or behind.exact:
                return answer
        return None

    def _behind_last_word(self, text: str, marker: str) -> str | None:
        """Read behind the marker's last word, where the marker has no answer: "Answer: 2".

        Only where it is there once, or says the same each time.
        """
        if self.kind not in ("number", "math", "choice"):
            return None
        said = {self._first(behind) for behind in behind_last_word(text, marker)} - {None}
        return said.pop() if len(said) == 1 else None

    def _first(self, text: str) -> str | None:
        if self.kind in ("number", "math", "choice"):
            return self._said(text, last=False)
        return next(iter(self._all(text)), None)

    def _last(self, text: str) -> str | None:
        if self.kind in ("number", "math", "choice"):
            return self._said(text, last=True)
        return next(reversed(self._all(text)), None)

    def _said(self, text: str, last: bool) -> str | None:
        if self.kind == "number":
            return read_number(text, last)
        if self.kind == "math":
            return read_mathematics(text, last)
        return read_choice(text, self.choices, last=last)

    def _all(self, text: str) -> list[str]:
        """List everything in a text that could be an answer, as answers are compared."""
        if self.kind == "function":
            answer = own_function(self.function or "")(text)
            return [] if answer is None else [answer]
        if self.kind == "pattern":
            matches = re.finditer(self.pattern or "", text)
            return [next(filter(None, match.groups()), match[0]) for match in matches]
        lines = (" ".join(line.split()) for line in text.splitlines())
        return [said for line in lines if (said := unmarked(line))]


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
