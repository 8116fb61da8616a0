"""Files that appear whole or not at all."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from showhow.errors import ShowhowError


@contextmanager
def whole_file(path: Path | str) -> Iterator[Path]:
    """Give a temporary path beside `path`; what is there when the block ends becomes `path`.

    The file is flushed to the disk and renamed, so a reader sees the old content or the new one,
    never a part. When the block raises, `path` stays as it was.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
    os.close(handle)
    beside = Path(name)
    try:
        yield beside
        with open(beside, "rb") as written:
            os.fsync(written.fileno())
        beside.chmod(0o666 & ~_umask())
        beside.rename(path)
    finally:
        beside.unlink(missing_ok=True)


def _umask() -> int:
    """Read the process's file mode mask; the system call can only read it by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_text(path: Path | str, text: str) -> None:
    """Write `text` as UTF-8, whole or not at all."""
    with whole_file(path) as beside:
        beside.write_text(text, encoding="utf-8")


def write_json(path: Path | str, value: object) -> None:
    """Write `value` as indented JSON with sorted keys, so that equal values give equal bytes."""
    write_text(path, json.dumps(value, indent=2, sort_keys=True) + "\n")


def write_jsonl(path: Path | str, rows: list[dict]) -> None:
    """Write one JSON object a line."""
    write_text(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def read_json(path: Path | str) -> dict:
    """Read a JSON object; a damaged file raises ShowhowError with the path and the remedy."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except ValueError as problem:
        raise ShowhowError(
            f"{path} is damaged ({problem}). Make it anew with: snakemake --cores 2 --force {path}"
        ) from problem


def read_jsonl(path: Path | str) -> list[dict]:
    """Read one JSON object a line; a damaged line raises ShowhowError with path, line, remedy."""
    rows = []
    lines = Path(path).read_text(encoding="utf-8").split("\n")
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            rows.append(json.loads(line))
        except ValueError as problem:
            raise ShowhowError(
                f"{path}, line {number}, is damaged ({problem}). "
                f"Make it anew with: snakemake --cores 2 --force {path}"
            ) from problem
    return rows


def visible_files(folder: Path | str) -> list[Path]:
    """List the files in a folder and below, sorted, without what tools hide there."""
    folder = Path(folder)
    files = (file for file in folder.rglob("*") if file.is_file())
    return sorted(
        file
        for file in files
        if not any(part.startswith(".") for part in file.relative_to(folder).parts)
    )


@contextmanager
def whole_folder(path: Path | str) -> Iterator[Path]:
    """Give a temporary folder beside `path`; when the block ends it becomes `path`.

    An earlier folder of that name is replaced. When the block raises, `path` stays as it was.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        yield beside
        beside.chmod(0o777 & ~_umask())
        if path.exists():
            shutil.rmtree(path)
        beside.rename(path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
