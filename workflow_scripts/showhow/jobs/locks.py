"""Locks of files between processes; the system frees them when a process ends, however it ends."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

LOCK = "lock"

log = logging.getLogger(__name__)


def lock_of(path: Path, on_acquired: Callable[[int], None] | None = None) -> FileLock:
    """Give the lock of a file, to be taken.

    Where the file system has no such locks that is an error: filelock's other kind, a file that is
    there, would outlive a process that is killed.
    """
    return FileLock(path, fallback_to_soft=False, on_acquired=on_acquired)


class _Removed(Exception):
    """The folder of a lock was removed by whoever held the lock before."""


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder, which whoever has it may remove."""

    def check(handle: int) -> None:
        try:
            is_there = os.path.samestat(os.fstat(handle), os.stat(folder / LOCK))
        except FileNotFoundError:
            is_there = False
        if not is_there:
            raise _Removed

    lock = lock_of(folder / LOCK, check)
    told = False
    while not lock.is_locked:
        try:
            lock.acquire(timeout=-1 if told else 0)
        except Timeout:
            log.warning("Another process works on %s; waiting until it has ended.", folder)
            told = True
        except (_Removed, FileNotFoundError):
            continue
    try:
        yield
    finally:
        lock.release()
