"""What a task makes: problems with their solutions, and the files that hold them."""

from dataclasses import asdict, dataclass
from pathlib import Path

from showhow.artifacts import read_jsonl, write_jsonl
from showhow.errors import ShowhowError


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


def problem_id(split: str, index: int) -> str:
    """Name the problem at `index` (from 0) of a split; names sort in the split's order."""
    return f"{split}-{index:06d}"


def write_problems(path: Path | str, problems: list[Problem]) -> None:
    """Write one problem a line as JSON, the whole file or nothing."""
    write_jsonl(path, [asdict(problem) for problem in problems])


def read_problems(path: Path | str) -> list[Problem]:
    """Read what `write_problems` wrote; other content raises ShowhowError with path and line."""
    problems = []
    for number, row in enumerate(read_jsonl(path), start=1):
        try:
            steps = tuple(
                Step(**{**step, "operands": tuple(step["operands"])}) for step in row["steps"]
            )
            problems.append(Problem(**{**row, "steps": steps}))
        except (KeyError, TypeError) as reason:
            raise ShowhowError(
                f"{path}, line {number}, is not a problem ({reason}). "
                f"Make it anew with: snakemake --cores 2 --force {path}"
            ) from reason
    return problems
