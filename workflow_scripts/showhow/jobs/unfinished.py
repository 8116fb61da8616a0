"""What a killed job leaves for the next one: a folder named by all that determines the result.

It lies outside the declared outputs, which Snakemake deletes when a job fails. It stays when the
job is done, too: a Snakemake that is killed before it has taken note has the job done once more,
and that goes on from here. The first job that reads the result is the sign that it has; it removes
the folder with `forget_work_on`.
"""

import hashlib
import json
import logging
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

from showhow.base.errors import ShowhowError
from showhow.base.files import remove_folder, remove_leftovers
from showhow.base.rows import read_json
from showhow.base.surroundings import surroundings
from showhow.jobs.attempts import log_start
from showhow.jobs.locks import alone_in

IDENTITY = "identity.json"
DONE = "done"
SCORES = "scores.json"
KEEPER = "kept-by"
LIBRARIES = ("torch", "transformers", "accelerate", "peft", "tokenizers", "safetensors")

log = logging.getLogger(__name__)


@contextmanager
def unfinished_work(
    folder: Path, target: Path, determined_by: Mapping[str, object]
) -> Iterator[Path]:
    """Give the folder in `folder` where work on `target` is kept.

    Its name is a hash of the target, of `determined_by` (JSON values by name) and of the versions
    of the libraries: with any of these changed, nothing made before is found. It belongs to this
    process alone; a second one waits. When the block ends, what an earlier configuration left for
    the same target is removed, and the folder counts as done.
    """
    identity = {name: _digest(value) for name, value in determined_by.items()}
    identity |= {f"version of {name}": metadata.version(name) for name in LIBRARIES}
    identity["target"] = str(target)
    mine = folder / _digest(identity)[:32]
    with alone_in(mine):
        (mine / DONE).unlink(missing_ok=True)
        (mine / IDENTITY).write_text(json.dumps(identity, indent=2))
        stale = list(_stale(folder, mine, identity))
        log_start(mine)
        if keeper := surroundings().kept_by:
            (mine / KEEPER).write_text(keeper)
        yield mine
        (mine / DONE).touch()
        for other in stale:
            remove_folder(other)


def forget_work_on(folder: Path, target: Path) -> None:
    """Remove what was kept for `target`: who reads a result knows that Snakemake took note of it.

    Several jobs that read one result may do so at the same time. Not so in a job of many runs: one
    that was stopped is done again as a whole, and what was finished in it goes on from its end.
    """
    if work_is_kept():
        return
    for other in _identified(folder):
        if _read_identity(other).get("target") == str(target):
            remove_folder(other)
    remove_leftovers(folder)


def forget_done_work(folder: Path) -> None:
    """Remove what was kept of all work that is done, once Snakemake took note of everything."""
    for other in _identified(folder):
        if (other / DONE).exists():
            remove_folder(other)
    remove_leftovers(folder)


def work_is_kept() -> bool:
    """Say whether this process is one of many in a job that may be done again as a whole."""
    return surroundings().kept_by is not None


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
    for other in _identified(folder):
        theirs = _read_identity(other)
        if other != mine and theirs.get("target") == identity["target"]:
            names = sorted({*theirs, *identity})
            changed = [name for name in names if theirs.get(name) != identity.get(name)]
            log.warning("%s is stale (changed: %s) and not used.", other, ", ".join(changed))
            yield other


def _identified(folder: Path) -> list[Path]:
    return sorted(file.parent for file in folder.glob(f"[!.]*/{IDENTITY}"))


def _read_identity(folder: Path) -> dict[str, str]:
    try:
        return read_json(folder / IDENTITY)
    except (ShowhowError, FileNotFoundError):  # damaged, or removed just now
        return {}
