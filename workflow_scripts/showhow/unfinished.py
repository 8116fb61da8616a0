"""What a killed job leaves for the next one: a folder named by all that determines the result.

It lies outside the declared outputs, which Snakemake deletes when a job fails.
"""

import fcntl
import hashlib
import json
import logging
import os
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

from showhow.artifacts import read_json, remove_folder, remove_leftovers
from showhow.errors import ShowhowError

IDENTITY = "identity.json"
LOCK = "lock"
SCORES = "scores.json"
KEEPER = "kept-by"
KEEP_VARIABLE = "SHOWHOW_KEPT_BY"
"""The environment variable with the name of a job of many runs, which keeps what it finishes."""
LIBRARIES = ("torch", "transformers", "accelerate", "peft", "tokenizers", "safetensors")

log = logging.getLogger(__name__)


@contextmanager
def unfinished_work(
    folder: Path, target: Path, determined_by: Mapping[str, object]
) -> Iterator[Path]:
    """Give the folder in `folder` where work on `target` is kept until it is done.

    Its name is a hash of the target, of `determined_by` (JSON values by name) and of the versions
    of the libraries: with any of these changed, nothing made before is found. It belongs to this
    process alone; a second one waits. When the block ends it is removed, together with what an
    earlier configuration left for the same target; when the block raises it stays. So it does
    where KEEP_VARIABLE names a job of many runs: one that was stopped is done again as a whole, and
    what was finished in it goes on from its end.
    """
    identity = {name: _digest(value) for name, value in determined_by.items()}
    identity |= {f"version of {name}": metadata.version(name) for name in LIBRARIES}
    identity["target"] = str(target)
    mine = folder / _digest(identity)[:32]
    with _alone_in(mine):
        remove_leftovers(mine)
        (mine / IDENTITY).write_text(json.dumps(identity, indent=2))
        stale = list(_stale(folder, mine, identity))
        if work_is_kept():
            (mine / KEEPER).write_text(os.environ[KEEP_VARIABLE])
        yield mine
        for done in (*stale, *([] if work_is_kept() else [mine])):
            remove_folder(done)


def work_is_kept() -> bool:
    """Say whether this process is one of many in a job that may be done again as a whole."""
    return KEEP_VARIABLE in os.environ


def remove_used(folder: Path, running: Container[str] = ()) -> None:
    """Remove finished work whose run has newer scores, but for that of jobs that are `running`."""
    for work in folder.iterdir() if folder.is_dir() else ():
        try:
            target = Path(read_json(work / IDENTITY)["target"])
            newest = max(path.stat().st_mtime for path in work.rglob("*"))
            scored = (target.parent / SCORES).stat().st_mtime > newest
            if scored and (work / KEEPER).read_text() not in running:
                remove_folder(work)
        except (ShowhowError, OSError, KeyError):  # not scored, or somebody else removes it
            continue


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _stale(folder: Path, mine: Path, identity: dict[str, str]) -> Iterator[Path]:
    """Find what was kept for the same target under another configuration, and say so."""
    for other in sorted(folder.iterdir()):
        if other == mine or not (other / IDENTITY).is_file():
            continue
        try:
            theirs = read_json(other / IDENTITY)
        except (ShowhowError, FileNotFoundError):  # damaged, or its run is done just now
            continue
        if theirs.get("target") == identity["target"]:
            names = sorted({*theirs, *identity})
            changed = [name for name in names if theirs.get(name) != identity.get(name)]
            log.warning("%s is stale (changed: %s) and not used.", other, ", ".join(changed))
            yield other


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold the folder's lock. The system frees it when the process ends, however it ends."""
    handle = _open_lock(folder)
    while not _locked(handle, folder):
        os.close(handle)
        handle = _open_lock(folder)
    try:
        yield
    finally:
        os.close(handle)


def _open_lock(folder: Path) -> int:
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            return os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        except FileNotFoundError:  # whoever was done removed the folder just now
            continue


def _locked(handle: int, folder: Path) -> bool:
    """Wait for the lock; False when it is no longer the folder's, because that was removed."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        log.warning("Another process works on %s; waiting until it has ended.", folder)
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        return os.path.samestat(os.fstat(handle), os.stat(folder / LOCK))
    except FileNotFoundError:
        return False
