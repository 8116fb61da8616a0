"""Files that appear whole or not at all, and what is said when one is damaged."""

import errno
import hashlib
import json
import os
import re
import shlex
import shutil
import socket
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from showhow.errors import ShowhowError

COMMAND_VARIABLE = "SHOWHOW_COMMAND"
"""The environment variable with the command that runs this workflow, its configuration included."""

Row = TypeVar("Row")

REFUSALS = {
    errno.ENOSPC: "the disk is full; free some space",
    errno.EDQUOT: "the disk quota is used up; free some space",
    errno.EFBIG: "it is larger than a file may be here; raise the limit (ulimit -f)",
    errno.EROFS: "the file system is read-only; make it writable",
    errno.EACCES: "permission is denied; give yourself the permission",
    errno.EPERM: "permission is denied; give yourself the permission",
}


def make_anew(path: Path | str) -> str:
    """Write the command that makes a result again."""
    command = os.environ.get(COMMAND_VARIABLE, "snakemake --cores 2")
    return f"{command} --force {shlex.quote(str(path))}"


def damaged(path: Path | str, what: object, where: str = "") -> ShowhowError:
    """Give the error for a result that cannot be read: which, what is wrong, how to make it anew.

    where: a place in the file, such as "line 3".
    """
    place = f", {where}, " if where else " "
    reason = " ".join(str(what).split())
    return ShowhowError(f"{path}{place}is damaged ({reason}); make it anew with: {make_anew(path)}")


def missing(path: Path | str) -> ShowhowError:
    """Give the error for a result that is not there."""
    return ShowhowError(f"There is no {path}; make it with: {make_anew(path)}")


def refusal(error: BaseException) -> str | None:
    """Say in a sentence what the machine refused; None when it is something else."""
    number = getattr(error, "errno", None)
    told = [code for code in REFUSALS if f"(os error {code})" in str(error)]
    number = told[0] if number is None and told else number
    path = getattr(error, "filename", None)
    if number == errno.ENOENT and path:
        return str(missing(path))
    if number not in REFUSALS:
        return None
    where = f"{path} could not be written" if path else "A file could not be written"
    return f"{where}: {REFUSALS[number]}, then run the same command again: what is done stays."


def check_writable(folder: Path | str) -> None:
    """Raise ShowhowError where a folder is there but takes no new files."""
    if not Path(folder).exists():
        return
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as problem:
        problem.filename = str(folder)
        raise ShowhowError(refusal(problem) or f"{folder} cannot be used: {problem}.") from problem


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
    _remove_left(path.parent, re.compile(rf"\.{re.escape(path.name)}\.{_host()}-(\d+)-"))


def remove_leftovers_in(folder: Path) -> None:
    """Remove everything that processes of this machine that were killed left in `folder`."""
    if folder.is_dir():
        _remove_left(folder, re.compile(rf"\..*\.{_host()}-(\d+)-"))


def _remove_left(folder: Path, by_process: re.Pattern) -> None:
    for name in os.listdir(folder):
        written = by_process.match(name)
        if written and not _alive(int(written[1])):
            leftover = folder / name
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
    with suppress(FileNotFoundError):  # another process removed it just now
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
