"""Files and folders that appear whole or not at all."""

import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from showhow.base.errors import ShowhowError
from showhow.base.wording import refusal


def check_writable(folder: Path | str) -> None:
    """Raise ShowhowError where a folder is there but takes no new files."""
    if not Path(folder).exists():
        return
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as problem:
        problem.filename = str(folder)
        raise ShowhowError(refusal(problem) or f"{folder} cannot be used: {problem}.") from problem


def state_of(path: Path) -> list[tuple[str, int, int]]:
    """Give name, size in bytes and date of change (ns) of a file, or of each file in a folder."""
    files = visible_files(path) if path.is_dir() else [path]
    stats = [(file, file.stat()) for file in files]
    return [(str(file), stat.st_size, stat.st_mtime_ns) for file, stat in stats]


@contextmanager
def whole_file(path: Path | str) -> Iterator[Path]:
    """Give a temporary path beside `path`; what is there when the block ends becomes `path`.

    The file is flushed to the disk and renamed, so a reader sees the old content or the new one,
    never a part. When the block raises, `path` stays as it was.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(path.parent, path.name)
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


def remove_leftovers(folder: Path, of: str | None = None) -> None:
    """Remove what killed processes of this machine left in `folder`, of all files or of one."""
    names = ".*" if of is None else re.escape(of)
    by_process = re.compile(rf"\.{names}\.{_host()}-(\d+)-")
    for name in os.listdir(folder) if folder.is_dir() else ():
        written = by_process.match(name)
        if written and not is_alive(int(written[1])):
            leftover = folder / name
            if leftover.is_dir():
                shutil.rmtree(leftover, ignore_errors=True)
            else:
                leftover.unlink(missing_ok=True)


def is_alive(process: int) -> bool:
    """Say whether a process with that id is there."""
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
    remove_leftovers(path.parent, path.name)
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
