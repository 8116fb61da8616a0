"""Rows of JSON, JSON Lines, CSV and Parquet files."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TextIO

from showhow.base.errors import ShowhowError

Row = Mapping[str, object]
LONGEST_FIELD = LONGEST_LINE = 1 << 24
"""No text of a person or a model has so many characters: a line break or a quote is missing."""
DELIMITERS = {".csv": ",", ".tsv": "\t"}
OTHER_DELIMITERS = (";", "\t", "|", ",")
SAVED_FOLDER = "dataset_info.json"


def read_file(path: Path, columns: Iterable[str] | None, delimiter: str | None = None) -> list[Row]:
    """Read these columns of a file's rows, which it has to have; or all of them (None).

    By its name: .json (a list of objects), .jsonl (one a line), .csv or .tsv (with a header line),
    .parquet, or a folder that `datasets` saved. delimiter: of a .csv or .tsv, where it is another
    than the name says. Raises ShowhowError for a file that is missing, empty, in another format or
    encoding, without one of the columns, or with a line that is longer than any text.
    """
    wanted = None if columns is None else list(columns)
    if (path / SAVED_FOLDER).is_file():
        return _with_columns(path, _saved_folder(path), wanted)
    with _told_what_is_wrong(path):
        return _with_columns(path, _rows_of(path, wanted, delimiter), wanted)


def columns_of_file(path: Path, delimiter: str | None = None) -> list[str]:
    """Name the columns of a file by its first row, reading no more of it than that takes.

    Raises ShowhowError where it cannot be read.
    """
    if (path / SAVED_FOLDER).is_file():
        return list(map(str, _saved_folder(path)[0]))
    with _told_what_is_wrong(path):
        first = next(iter(_rows_of(path, None, delimiter)), None)
    if first is None:
        raise ShowhowError(f"{path} has no rows.")
    return list(map(str, first))


def _rows_of(path: Path, columns: list[str] | None, delimiter: str | None) -> Iterable[Row]:
    """Open a file as its name says; the rows of all but .json are read one by one."""
    separator = delimiter or DELIMITERS.get(path.suffix, ",")
    readers = {
        ".json": _json,
        ".jsonl": _json_lines,
        ".csv": partial(_csv, delimiter=separator),
        ".tsv": partial(_csv, delimiter=separator),
        ".parquet": partial(_parquet, columns=columns),
    }
    if path.suffix not in readers:
        raise ShowhowError(
            f"{path} should end in {', '.join(readers)}, or be a folder that the save_to_disk of "
            "datasets wrote; save the data as one of these."
        )
    check_is_there(path, path.is_file())
    return readers[path.suffix](path)


@contextmanager
def _told_what_is_wrong(path: Path) -> Iterator[None]:
    """Say in a sentence why a file cannot be read."""
    try:
        yield
    except UnicodeDecodeError as problem:
        raise ShowhowError(
            f"{path} is not UTF-8 (byte {problem.start}); save it as UTF-8."
        ) from problem
    except (ValueError, csv.Error, OSError) as problem:
        kind = path.suffix.removeprefix(".")
        raise ShowhowError(f"{path} cannot be read as {kind}: {problem}.") from problem


def check_is_there(path: Path, there: bool) -> None:
    """Raise ShowhowError where a data file is not there."""
    if not there:
        raise ShowhowError(
            f"There is no data file {path}; put it there, or write its path into the task's "
            "settings (folder, file)."
        )


def _with_columns(path: Path, rows: Iterable[Row], columns: list[str] | None) -> list[Row]:
    """Take the columns of each row; the others need no memory."""
    if columns is None:
        taken = list(rows)
    else:
        numbered = enumerate(rows, start=1)
        taken = [_columns_of(path, number, row, columns) for number, row in numbered]
    if not taken:
        raise ShowhowError(f"{path} has no rows.")
    return taken


def _columns_of(path: Path, number: int, row: Row, columns: list[str]) -> Row:
    try:
        return {column: row[column] for column in columns}
    except KeyError:
        absent = [column for column in columns if column not in row]
        raise ShowhowError(
            f"{path}, row {number}, has no column {', '.join(absent)}; it has: "
            f"{', '.join(map(str, row))}.{_other_delimiter(path, list(row), absent)}"
        ) from None


def _other_delimiter(path: Path, there: list[str], absent: list[str]) -> str:
    """Say what seems to separate the columns where the whole header was read as one."""
    for delimiter in OTHER_DELIMITERS:
        if path.suffix in DELIMITERS and len(there) == 1 and absent[0] in there[0].split(delimiter):
            return f" They seem to be separated by {delimiter!r}: write delimiter: {delimiter!r}."
    return ""


def text_of(value: object) -> str:
    """Write a cell as text; a cell without a value is empty, and lists and mappings are JSON."""
    if value is None or value != value:  # NaN
        return ""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str) else str(value)


def _json(path: Path) -> list[Row]:
    rows = json.loads(path.read_text(encoding="utf-8-sig"))
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("it is not a list of objects")
    return rows


def _json_lines(path: Path) -> Iterator[Row]:
    with open(path, encoding="utf-8-sig") as file:
        for number, line in enumerate(_lines(file), start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as problem:
                raise ValueError(f"line {number}: {problem}") from problem
            if not isinstance(row, dict):
                raise ValueError(f"line {number} is not an object")
            yield row


def _lines(file: TextIO) -> Iterator[str]:
    """Read line by line, and never more than a line may have."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise ValueError(
                f"line {number} has more than {LONGEST_LINE:,} characters; is a line break missing?"
            )
        yield line


def _csv(path: Path, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_FIELD)
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(_lines(file), delimiter=delimiter, strict=True)
        for number, row in enumerate(rows, start=2):
            if None in row:
                raise ValueError(f"line {number} has more fields than the header")
            short = [column for column, cell in row.items() if cell is None]
            if short:
                raise ValueError(f"line {number} has fewer fields than the header: no {short[0]}")
            yield row


def _parquet(path: Path, columns: list[str] | None) -> Iterator[Row]:
    import pyarrow.parquet

    file = pyarrow.parquet.ParquetFile(path)
    there = file.schema_arrow.names
    # Where one is absent, the rows are read with all they have, for the message.
    wanted = columns if columns is not None and set(columns) <= set(there) else there
    for batch in file.iter_batches(batch_size=1000, columns=wanted):
        yield from batch.to_pylist()


def _saved_folder(path: Path) -> list[Row]:
    from datasets import Dataset, load_from_disk

    try:
        loaded = load_from_disk(str(path))
        if not isinstance(loaded, Dataset):
            raise ValueError("it holds several splits; name the folder of one of them")
        return loaded.to_list()
    except (ValueError, OSError, KeyError) as problem:
        raise ShowhowError(
            f"{path} cannot be read as a folder of datasets: {problem}."
        ) from problem
