"""Rows of JSON, JSON Lines, CSV and Parquet files."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path

from showhow.errors import ShowhowError

Row = dict[str, object]
LONGEST_FIELD = 1 << 24


def read_file(path: Path, columns: Iterable[str]) -> list[Row]:
    """Read the rows of a file, which has to have these columns.

    By its name: .json (a list of objects), .jsonl (one a line), .csv or .tsv (with a header line),
    .parquet. Raises ShowhowError for a file that is missing, empty, in another format or encoding,
    or without one of the columns.
    """
    readers = {
        ".json": _json,
        ".jsonl": _json_lines,
        ".csv": _csv,
        ".tsv": _csv,
        ".parquet": _parquet,
    }
    if path.suffix not in readers:
        raise ShowhowError(f"{path} should end in {', '.join(readers)}; save the data as one.")
    if not path.is_file():
        raise ShowhowError(
            f"There is no data file {path}; put it there, or write its path into the task's "
            "settings (folder, file)."
        )
    try:
        rows = readers[path.suffix](path)
    except UnicodeDecodeError as problem:
        raise ShowhowError(
            f"{path} is not UTF-8 (byte {problem.start}); save it as UTF-8."
        ) from problem
    except (ValueError, csv.Error, OSError) as problem:
        kind = path.suffix.removeprefix(".")
        raise ShowhowError(f"{path} cannot be read as {kind}: {problem}.") from problem
    if not rows:
        raise ShowhowError(f"{path} has no rows.")
    for number, row in enumerate(rows, start=1):
        absent = [column for column in columns if column not in row]
        if absent:
            there = ", ".join(map(str, row))
            raise ShowhowError(
                f"{path}, row {number}, has no column {', '.join(absent)}; it has: {there}."
            )
    return rows


def text_of(value: object) -> str:
    """Write a cell as text; a cell without a value is empty."""
    if value is None or value != value:  # NaN
        return ""
    return value if isinstance(value, str) else str(value)


def _json(path: Path) -> list[Row]:
    rows = json.loads(path.read_text(encoding="utf-8-sig"))
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("it is not a list of objects")
    return rows


def _json_lines(path: Path) -> list[Row]:
    rows = []
    with open(path, encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as problem:
                raise ValueError(f"line {number}: {problem}") from problem
            if not isinstance(row, dict):
                raise ValueError(f"line {number} is not an object")
            rows.append(row)
    return rows


def _csv(path: Path) -> list[Row]:
    csv.field_size_limit(LONGEST_FIELD)
    delimiter = "\t" if path.suffix == ".tsv" else ","
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=delimiter, strict=True))
    for number, row in enumerate(rows, start=2):
        if None in row:
            raise ValueError(f"line {number} has more fields than the header")
    return rows


def _parquet(path: Path) -> list[Row]:
    import pyarrow.parquet

    return pyarrow.parquet.read_table(path).to_pylist()
