"""Text, JSON and JSON Lines: written whole, and read with a sentence for what is damaged."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from showhow.base.files import whole_file
from showhow.base.wording import damaged, missing

Row = TypeVar("Row")


def write_text(path: Path | str, text: str) -> None:
    """Write `text` as UTF-8, whole or not at all."""
    with whole_file(path) as beside:
        beside.write_text(text, encoding="utf-8")


def write_json(path: Path | str, value: object) -> None:
    """Write `value` as indented JSON with sorted keys, so that equal values give equal bytes.

    What is a dataclass in it is written as an object.
    """
    write_text(path, json.dumps(value, indent=2, sort_keys=True, default=asdict) + "\n")


def write_jsonl(path: Path | str, rows: Iterable[object]) -> None:
    """Write one JSON object a line: a dictionary, or a dataclass by its fields."""
    lines = [json.dumps(row, ensure_ascii=False, default=asdict) + "\n" for row in rows]
    write_text(path, "".join(lines))


def read_text(path: Path | str) -> str:
    """Read UTF-8; a file that is missing or holds something else raises ShowhowError."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except (FileNotFoundError, IsADirectoryError) as problem:
        raise missing(path) from problem
    except UnicodeDecodeError as problem:
        raise damaged(path, f"it is not text: byte {problem.start} is not UTF-8") from problem


def read_json(path: Path | str) -> dict:
    """Read a JSON object (or list); a damaged file raises ShowhowError with path and remedy."""
    text = read_text(path)
    try:
        return json.loads(text)
    except ValueError as problem:
        raise damaged(path, problem if text.strip() else "it is empty") from problem


def read_record(path: Path | str, keys: Iterable[str]) -> dict:
    """Read a JSON object that has these keys; anything else raises ShowhowError."""
    record = read_json(path)
    if not isinstance(record, dict):
        raise damaged(path, "it holds no JSON object")
    absent = [key for key in keys if key not in record]
    if absent:
        raise damaged(path, f"it lacks {', '.join(absent)}")
    return record


def read_jsonl(path: Path | str) -> list[dict]:
    """Read one JSON object a line; a damaged line raises ShowhowError with path, line, remedy."""
    return read_rows(path, dict)


def read_rows(path: Path | str, kind: type[Row]) -> list[Row]:
    """Read one `kind` a line, such as a dataclass; every other line raises ShowhowError.

    So does a file without lines: no stage writes one.
    """
    adapter = _adapter(kind)
    rows = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line:
            continue
        try:
            rows.append(adapter.validate_json(line))
        except ValidationError as problem:
            first = problem.errors(include_url=False, include_input=False)[0]
            key = ".".join(map(str, first["loc"]))
            what = f"{key}: {first['msg']}" if key else first["msg"]
            raise damaged(path, what, f"line {number}") from problem
    if not rows:
        raise damaged(path, "it is empty")
    return rows


@lru_cache
def _adapter(kind: type) -> TypeAdapter:
    return TypeAdapter(kind)
