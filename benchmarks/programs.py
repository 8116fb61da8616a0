"""How many solutions that came with MBPP and HumanEval pass their own tests, and why others do not.

    python benchmarks/programs.py --data data/ren2024

The folder is that of the second paper's repository, with MBPP/ and CODE/. Every file is counted:
the gold solutions, and the responses by each model.
"""

import json
import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from materials import print_table

from showhow.answers.forms import AnswerForm
from showhow.answers.programs import tests_of
from showhow.answers.sandbox import Ending, Program, run_all

GOLD = {"MBPP": "code", "CODE": "canonical_solution"}
SHARED = {
    "MBPP": ("test_setup_code", "test_list"),
    "CODE": ("prompt", "test", "entry_point"),
}
FORM = AnswerForm(kind="program")


def programs_in(rows: list[dict], folder: str, column: str) -> list[tuple[str, Program | None]]:
    """Give each row's program, None where none was read, by the row's name."""
    found = []
    for row in rows:
        tests = tests_of(json.dumps({name: row[name] for name in SHARED[folder]}))
        # A gold solution is the program itself.
        text = row[column] if column in GOLD.values() else FORM.read(row[column])
        found.append((str(row["task_id"]), None if text is None else tests.program(text)))
    return found


def endings_of(found: list[tuple[str, Program | None]]) -> list[tuple[str, Ending | None]]:
    """Run what was read."""
    endings = iter(run_all([program for _, program in found if program is not None]))
    return [(name, None if program is None else next(endings)) for name, program in found]


def _said(ending: Ending | None) -> str:
    return f"{ending.verdict}, {ending.reason}" if ending else "not read"


def main(
    data: Annotated[Path, typer.Option(help="The folder with MBPP and CODE.")],
    why: Annotated[int, typer.Option(help="Failures told of each file.")] = 20,
) -> None:
    """Count the programs that pass."""
    table, told = [], []
    for folder, gold in GOLD.items():
        for path in sorted((data / folder).glob("*.json")):
            rows = json.loads(path.read_text(encoding="utf-8"))
            columns = [gold] if path.stem.startswith(("test", "groundtruth")) else []
            columns += [] if path.stem.startswith("test") else ["answer"]
            for column in columns:
                begun = time.monotonic()
                endings = endings_of(programs_in(rows, folder, column))
                seconds = time.monotonic() - begun
                counts = Counter(ending.verdict if ending else "not read" for _, ending in endings)
                name = f"{folder}/{path.stem}"
                others = ", ".join(f"{n} {kind}" for kind, n in counts.items() if kind != "passed")
                table.append(
                    [name, column, str(len(rows)), str(counts["passed"]), others, f"{seconds:.0f}"]
                )
                wrong = [each for each in endings if each[1] is None or each[1].verdict != "passed"]
                told += [f"{name} {column} {task}: {_said(ending)}" for task, ending in wrong[:why]]
    print("\n".join(told))
    header = ["file", "column", "rows", "passed", "others", "seconds"]
    print_table("Programs and their own tests", header, table)


if __name__ == "__main__":
    typer.run(main)
