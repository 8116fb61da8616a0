"""What a task makes: problems with their solutions, and the files that hold them."""

from collections.abc import Container
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from showhow.base.rows import read_rows, write_jsonl
from showhow.base.wording import damaged


class AboutProblem(Protocol):
    """A row that says something of the problem with this id."""

    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=AboutProblem)
RARE = ("responses", "beginnings", "aliases")


@dataclass(frozen=True)
class Step:
    """One operation of a solution."""

    operation: str
    operands: tuple[str, ...]
    intermediate: str  # "" when the step has none
    result: str


@dataclass(frozen=True)
class Problem:
    """One item of a task; `steps` solve it in order, innermost first."""

    id: str
    split: str
    prompt: str
    answer: str
    steps: tuple[Step, ...]
    groups: dict[str, int | str]  # what it can be grouped by; always "length"
    last_operand: str  # the answer of someone who copies the end of the prompt
    responses: dict[str, str] = field(default_factory=dict)  # those that came with the data
    beginnings: tuple[str, ...] = ()  # texts that the answer completes, where it is a fact
    aliases: tuple[str, ...] = ()  # other answers that are as right


def problem_id(split: str, index: int) -> str:
    """Name the problem at `index` (from 0) of a split; names sort in the split's order."""
    return f"{split}-{index:06d}"


def write_problems(path: Path | str, problems: list[Problem]) -> None:
    """Write one problem a line as JSON, the whole file or nothing."""
    write_jsonl(path, [row_of(problem, RARE) for problem in problems])


def row_of(written: Any, rare: Container[str]) -> dict:
    """Give a dataclass's values by their names, but not what only some have and this one lacks."""
    return {key: value for key, value in asdict(written).items() if value or key not in rare}


def read_problems(path: Path | str) -> list[Problem]:
    """Read what `write_problems` wrote; other content raises ShowhowError with path and line."""
    return read_rows(path, Problem)


def read_rows_among(problems: list[Problem], path: Path | str, kind: type[Row]) -> list[Row]:
    """Read what a file has for these problems, in their order, beside that for others.

    Raises ShowhowError where it lacks one.
    """
    rows = {row.id: row for row in read_rows(path, kind)}
    lacking = sum(problem.id not in rows for problem in problems)
    if lacking:
        raise damaged(path, f"{lacking} of the {len(problems)} problems are not in it")
    return [rows[problem.id] for problem in problems]


def read_rows_for(problems: list[Problem], path: Path | str, kind: type[Row]) -> list[Row]:
    """Read one `kind` a line, for these problems in their order; else ShowhowError is raised."""
    rows = read_rows(path, kind)
    if [row.id for row in rows] != [problem.id for problem in problems]:
        raise damaged(path, f"its {len(rows)} lines are not those of the {len(problems)} problems")
    return rows
