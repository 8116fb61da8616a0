"""Files and folders that appear whole or not at all, also after a kill or a power cut."""

import hashlib
import json
import os
import shutil
import socket
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
    remove_leftovers(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_prefix(path), suffix=path.suffix)
    os.close(handle)
    beside = Path(name)
    try:
        yield beside
        beside.chmod(0o666 & ~_umask())
        flush(beside)
        beside.rename(path)
        flush(path.parent)
    finally:
        beside.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Have the disk hold a file's content, or a folder's list of names, before going on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_folder(folder: Path) -> None:
    """Have the disk hold a folder and all that is in it."""
    for path in sorted(folder.rglob("*")):
        flush(path)
    flush(folder)


def _prefix(path: Path) -> str:
    """Name the process that writes a temporary file, so that a later one sees whether it lives."""
    return f".{path.name}.{_host()}-{os.getpid()}-"


def _host() -> str:
    return socket.gethostname().replace("-", "_")


def remove_leftovers(path: Path) -> None:
    """Remove what processes of this machine that were killed left beside `path`."""
    begin = f".{path.name}.{_host()}-"
    for name in os.listdir(path.parent):
        process = name.removeprefix(begin).partition("-")[0]
        if name.startswith(begin) and process.isdigit() and not _alive(int(process)):
            leftover = path.parent / name
            if leftover.is_dir():
                shutil.rmtree(leftover, ignore_errors=True)
            else:
                leftover.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


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


@contextmanager
def whole_folder(path: Path | str) -> Iterator[Path]:
    """Give a temporary folder beside `path`; when the block ends it becomes `path`.

    An earlier folder of that name is replaced; at no time is there a part of either. When the
    block raises, `path` stays as it was.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(path)
    beside = Path(tempfile.mkdtemp(dir=path.parent, prefix=_prefix(path)))
    try:
        yield beside
        beside.chmod(0o777 & ~_umask())
        flush_folder(beside)
        remove_folder(path)
        beside.rename(path)
        flush(path.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def remove_folder(path: Path) -> None:
    """Remove a folder if it is there; its name goes first, so nobody finds a part of it."""
    if not path.exists():
        return
    grave = Path(tempfile.mkdtemp(dir=path.parent, prefix=_prefix(path)))
    path.rename(grave / path.name)
    shutil.rmtree(grave, ignore_errors=True)


def content_hash(path: Path | str) -> str:
    """Hash a file's bytes, or the names and bytes of all files in a folder (SHA-256, hex)."""
    path = Path(path)
    if not path.is_dir():
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    files = sorted(file for file in path.rglob("*") if file.is_file())
    hashes = [f"{file.relative_to(path).as_posix()} {content_hash(file)}" for file in files]
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()
