"""Answers that are programs: where one stands in a free text, and the tests that it has to pass."""

import json
import re
from ast import literal_eval
from collections.abc import Sequence
from itertools import islice
from textwrap import dedent, indent
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

from showhow.answers.sandbox import Program, run_all
from showhow.base.errors import ShowhowError

FENCED = re.compile(r"^[ \t]*```[^\n`]*\n(.*?)(?:^[ \t]*```|\Z)", re.MULTILINE | re.DOTALL)
# How a program begins that stands among prose; prose itself seldom does.
BEGINNING = re.compile(
    r"^(?:(?:async )?def \w+ ?\(|class \w+ ?[(:]|@\w|from [\w.]+ import |import [\w.]+(?: as \w+)?"
    r"(?:, ?[\w.]+)*[ \t]*$|[A-Za-z_]\w* ?=[^=])",
    re.MULTILINE,
)
INDENTED = re.compile(r"(?:[ \t]*\n)+[ \t]+\S|[ \t]{2,}\S|\t\S")


def program_of(text: str) -> str | None:
    """Find the program in a text: the last fenced block, or what begins as code; None for neither.

    An indented text goes on where the prompt ends, and is taken as a whole. Prose behind a program
    is left to the sandbox, which alone reads it as Python.
    """
    text = text.replace("\r\n", "\n")
    blocks = [block for block in FENCED.findall(text) if block.strip()]
    if blocks:
        return blocks[-1].strip("\n")
    if INDENTED.match(text):
        return text.strip("\n").rstrip()
    text = text.lstrip()
    beginning = BEGINNING.search(text)
    return text[beginning.start() :].rstrip() if beginning else None


def is_comment(text: str, end: int, earlier: int) -> bool:
    """Say whether the marker that ends there is a comment of a program and not in front of one.

    earlier: where the marker before it ends. "# Final Answer:" between an import and the function
    that needs it is part of the program; at the top of a text it is a heading of Markdown.
    """
    start = text.rfind("\n", 0, end) + 1
    if not text[start:end].lstrip().startswith("#"):
        return False
    within_fence = len(re.findall(r"^[ \t]*```", text[:start], re.MULTILINE)) % 2 == 1
    return within_fence or (earlier > 0 and _is_code(text[earlier:start]))


def _is_code(text: str) -> bool:
    return BEGINNING.match(text.lstrip()) is not None or INDENTED.match(text) is not None


def _indented_under(prompt: str, text: str) -> str:
    """Indent a body as the prompt's last line is, however far it was indented by itself."""
    last = prompt.rpartition("\n")[2]
    wanted = last[: len(last) - len(last.lstrip())]
    lines = text.split("\n")
    if not wanted or not lines[0][:1].isspace():
        return text
    behind = (number for number, line in enumerate(lines) if line and not line[0].isspace())
    end = next(behind, len(lines))
    body = indent(dedent("\n".join(lines[:end])), wanted)
    return text if body.startswith(lines[0]) else "\n".join([body, *lines[end:]])


class Tests(BaseModel):
    """The tests of one question, under the names that they have in MBPP and HumanEval.

    prompt: the beginning of the program, where answers go on from it. entry_point: the function
    that the prompt begins, which `test` defines `check` for.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    prompt: str = ""
    entry_point: str = ""
    test_imports: tuple[str, ...] = ()
    test_setup_code: str = ""
    test_list: tuple[str, ...] = ()
    test: str = ""

    @field_validator("test_setup_code", "test", mode="before")
    @classmethod
    def _nothing_is_empty(cls, value: Any) -> Any:
        return "" if value is None else value

    @property
    def code(self) -> str:
        """Write everything that is run behind a program."""
        called = f"check({self.entry_point})" if self.entry_point else ""
        parts = (*self.test_imports, self.test_setup_code, *self.test_list, self.test, called)
        return "\n".join(part.replace("\r\n", "\n") for part in parts if part.strip())

    def program(self, text: str) -> Program:
        """Complete what was read of an answer: a whole function, or what follows the prompt."""
        prompt, whole = self.prompt.replace("\r\n", "\n"), dedent(text)
        if not prompt:
            return Program(whole, self.code)
        entry = re.compile(rf"^(?:async )?def {re.escape(self.entry_point)}\b", re.MULTILINE)
        if self.entry_point and entry.search(whole) and not whole[:1].isspace():
            begun = entry.search(prompt)
            return Program((prompt[: begun.start()] if begun else "") + whole, self.code)
        return Program(f"{prompt.rstrip()}\n{_indented_under(prompt.rstrip(), text)}", self.code)


def tests_of(answer: str) -> Tests:
    """Read tests: Python text, a JSON list of such texts, or a JSON object by the names of Tests.

    Raises ShowhowError where there is nothing that could fail.
    """
    try:
        told = _literal(answer.strip()) if answer.lstrip()[:1] in ("[", "{") else [answer]
        tests = Tests.model_validate(told if isinstance(told, dict) else {"test_list": told})
    except (ValueError, SyntaxError, RecursionError, MemoryError) as problem:
        raise ShowhowError(
            f"The tests {answer[:80]!r} cannot be read; write Python, a JSON list of asserts, or a "
            f"JSON object with some of {', '.join(Tests.model_fields)}, each of them text."
        ) from problem
    if not any(part.strip() for part in (*tests.test_list, tests.test)):
        raise ShowhowError(
            f"The tests {answer[:80]!r} test nothing, so that every program would be right; name "
            "the column with the tests as the `answer`."
        )
    return tests


def _literal(text: str) -> Any:
    """Read JSON, or the way in which Python writes a list, as tables saved from Python hold it."""
    try:
        return json.loads(text)
    except ValueError:
        return literal_eval(text)


def read_tests(text: str) -> str | None:
    """Give the tests in a cell of a data file as they are kept; None where there are none."""
    return text if text.strip() and tests_of(text) else None


def which_pass(answers: Sequence[tuple[str, Sequence[str]]]) -> list[bool]:
    """Say of each program, as it was read, whether it passes one of the tests beside it.

    All run side by side, each in a sandbox (showhow.answers.sandbox).
    """
    programs = [tests_of(one).program(text) for text, tests in answers for one in tests]
    passed = iter([ending.verdict == "passed" for ending in run_all(programs)])
    return [any(list(islice(passed, len(tests)))) for _, tests in answers]
