"""How many answers are read as a person reads them, by this project's readers and by math-verify.

    python benchmarks/answers.py --wrong                     # texts that were labelled by hand
    python benchmarks/answers.py --data path/to/ren2024      # the second paper's files as well
    python benchmarks/answers.py --data path/to/ren2024 --only MATH --draw 50 [--right]

The labelled texts are tests/answers/labelled.yaml and fresh.yaml. Of the paper's files
(benchmarks/responses.py) it is counted for each source of responses how many answers are read and
how many are right; --draw shows some of those counted wrong, for a person to read, or of those
counted right. The programs of MBPP and HumanEval are run in the sandbox.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from repository import REPOSITORY

from responses import DATA_SETS, counts_of, drawn, responses_of
from showhow.answers.forms import AnswerForm

LABELLED = [REPOSITORY / f"tests/answers/{name}.yaml" for name in ("labelled", "fresh")]
# How much is shown of a drawn question, and of the response to it.
LENGTH = 700


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under a header; materials.py has the same, and would have torch imported."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    print(f"\n{title}\n")
    for row in (header, ["-" * width for width in widths], *rows):
        print("  ".join(map(str.ljust, row, widths)).rstrip(), flush=True)


@dataclass(frozen=True)
class Reading:
    """What one text was read as, beside what it should have been."""

    text: str
    read: str | None
    right: str | None
    correct: bool


def form_of(kind: str, row: dict[str, Any]) -> AnswerForm:
    """Give the form in which a labelled text is to be read."""
    named = {key: row[key] for key in ("marker", "choices") if key in row}
    return AnswerForm(**{"kind": kind, **named})


def with_ours(kind: str, row: dict[str, Any]) -> Reading:
    """Read a labelled text with this project's reader."""
    form = form_of(kind, row)
    text, right = row["text"], row["right"]
    read = form.read(text)
    gold = None if right is None else form.read(right, alone=True)
    same = read is gold is None or (
        read is not None and gold is not None and form.is_right(read, [gold])
    )
    return Reading(text, read, right, same)


def with_math_verify(kind: str, row: dict[str, Any]) -> Reading:
    """Read a labelled text with math-verify alone, as its own documentation does it."""
    from math_verify import StringExtractionConfig, parse, verify

    text, right = row["text"], row["right"]
    if kind == "choice":
        letters = tuple(row.get("choices", "ABCDE"))
        read = parse(text, [StringExtractionConfig(strings=letters)], "no_fallback")
        return Reading(text, str(read), right, read == ([] if right is None else [right.lower()]))
    read = parse(text, fallback_mode="no_fallback")
    if right is None:
        return Reading(text, str(read), right, not read)
    return Reading(text, str(read), right, verify(parse(f"${right}$"), read))


def count_labelled(file: Path, wrong: bool) -> None:
    """Print how many of a file's labelled texts are read rightly, by kind."""
    readers: dict[str, Callable] = {"ours": with_ours, "math-verify alone": with_math_verify}
    table, shown = [], []
    for kind, rows in yaml.safe_load(file.read_text()).items():
        counts = []
        for name, reader in readers.items():
            readings = [reader(kind, row) for row in rows]
            counts.append(sum(reading.correct for reading in readings))
            shown += [(name, kind, r) for r in readings if not r.correct]
        table.append((kind, len(rows), *counts))
    total = [sum(row[column] for row in table) for column in (1, 2, 3)]
    rows = [list(map(str, row)) for row in (*table, ("all", *total))]
    print_table(
        f"{file.name}: texts read as a person reads them", ("kind", "texts", *readers), rows
    )
    if wrong:
        for name, kind, reading in shown:
            print(f"{name}, {kind}: {reading.text!r} read {reading.read}, right {reading.right}")


def count_sources(data: Path, only: Sequence[str], draw: int, right: bool, seed: int) -> None:
    """Print how many responses of each source are read and right, and some of those counted so."""
    table, told = [], []
    for data_set in DATA_SETS:
        if only and data_set.name not in only:
            continue
        for kind in data_set.kinds:
            for source, responses in responses_of(data, data_set, kind):
                table.append((data_set.name, kind, source, *counts_of(responses)))
                for number, response in enumerate(drawn(responses, right, draw, seed), 1):
                    name = f"{data_set.name}, {kind}, {source}, {number}"
                    told.append(f"===== {name}\n{response.told(LENGTH)}")
    header = ("data", "kind", "source", "rows", "questions", "read", "right")
    print("\n".join(told))
    print_table("The second paper's responses", header, [list(map(str, row)) for row in table])


def measure_speed(copies: int) -> None:
    """Print how long a million texts take, reader by reader."""
    table = []
    for kind, rows in yaml.safe_load(LABELLED[0].read_text()).items():
        readers = [(form_of(kind, row), row["text"]) for row in rows]
        for form, text in readers:
            form.read(text)
        started = time.process_time()
        for _ in range(copies):
            for form, text in readers:
                form.read(text)
        seconds = time.process_time() - started
        table.append((kind, f"{seconds / copies / len(readers) * 1e6:.1f}"))
    print_table("Speed", ("kind", "CPU seconds a million texts"), table)


def main(
    data: Annotated[Path | None, typer.Option(help="The folder of the second paper.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Of its data sets, these.")] = None,
    draw: Annotated[int, typer.Option(help="How many counted wrong to show, of each source.")] = 0,
    right: Annotated[bool, typer.Option(help="Show those counted right instead.")] = False,
    seed: Annotated[int, typer.Option(help="Which are drawn.")] = 0,
    wrong: Annotated[
        bool, typer.Option(help="Show the labelled texts that are read wrong.")
    ] = False,
    copies: Annotated[int, typer.Option(help="How often each text is read to time it.")] = 5,
) -> None:
    """Count, draw and time."""
    logging.getLogger("math_verify").setLevel(logging.ERROR)
    for file in LABELLED:
        count_labelled(file, wrong)
    if data is not None:
        count_sources(data, only or (), draw, right, seed)
    measure_speed(copies)


if __name__ == "__main__":
    typer.run(main)
