"""Checkpoints that are whole: written aside, checksummed, flushed, renamed; or refused."""

import json
import logging
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from showhow.base.files import flush, flush_folder, remove_folder
from showhow.base.hashing import content_hash
from showhow.jobs.attempts import log_progress, log_resumption

MANIFEST = "manifest.json"
KEPT = 2
# A checkpoint that takes long is written more rarely: at most a tenth of the time goes into them.
LONGEST_SHARE = 0.1

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checkpoints:
    """The checkpoints of one run, `step-<n>` in a folder whose name is the run's key."""

    folder: Path

    @property
    def writing(self) -> Path:
        """Where the trainer writes; nothing here counts."""
        return self.folder / "writing"

    def keep(self, written: Path, step: int) -> None:
        """Make a checkpoint of the folder `written`, and forget all but the last two."""
        files = {file.name: content_hash(file) for file in written.iterdir()}
        manifest = {"key": self.folder.name, "step": step, "files": files}
        (written / MANIFEST).write_text(json.dumps(manifest, indent=2))
        flush_folder(written)
        kept = self.folder / f"step-{step:09d}"
        remove_folder(kept)
        written.rename(kept)
        flush(self.folder)
        log_progress(self.folder)
        for old in self._newest_first()[KEPT:]:
            remove_folder(old)

    def last_good(self) -> Path | None:
        """Give the newest checkpoint that is whole and this run's; refuse and remove newer ones.

        What a killed process was writing or removing goes as well: the folder is this process's.
        """
        for unfinished in (self.writing, *self.folder.glob(".step-*")):
            shutil.rmtree(unfinished, ignore_errors=True)
        for checkpoint in self._newest_first():
            fault = fault_of(checkpoint, self.folder.name)
            if fault is None:
                log_resumption(self.folder)
                return checkpoint
            log.warning("Checkpoint %s is refused: %s.", checkpoint, fault)
            remove_folder(checkpoint)
        return None

    def _newest_first(self) -> list[Path]:
        return sorted(self.folder.glob("step-*"), reverse=True)


def fault_of(checkpoint: Path, key: str) -> str | None:
    """Say why a checkpoint is not whole or not of the run with this key; None where it is both."""
    manifest = checkpoint / MANIFEST
    if not manifest.is_file():
        return f"it has no {MANIFEST}"
    try:
        described = json.loads(manifest.read_bytes())
        theirs, step, files = described["key"], described["step"], dict(described["files"])
    except (ValueError, KeyError, TypeError):
        return f"its {MANIFEST} is damaged"
    if theirs != key:
        return (
            "it belongs to another run, or to this one with other settings, data or code "
            f"(key {theirs}, not {key})"
        )
    if checkpoint.name != f"step-{step:09d}":
        return f"it is that of step {step}"
    for name, written in files.items():
        if not (checkpoint / name).exists():
            return f"{name} is missing"
        if content_hash(checkpoint / name) != written:
            return f"{name} is not what was written"
    return None


class CheckpointTimer:
    """Says when the next checkpoint is due."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic):
        self.seconds = seconds
        self.clock = clock
        self.due_at = clock() + seconds

    def due(self) -> bool:
        return self.clock() >= self.due_at

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Wait for the set time after the block, or longer if the block took long."""
        started = self.clock()
        yield
        ended = self.clock()
        self.due_at = ended + max(self.seconds, (ended - started) / LONGEST_SHARE)


@dataclass
class StopRequest:
    """The signal that asked this process to stop, once one has."""

    signal: int | None = None

    def receive(self, number: int, frame: FrameType | None) -> None:
        self.signal = number


@contextmanager
def stop_at_step_boundary() -> Iterator[StopRequest]:
    """Have SIGTERM, SIGINT and SIGUSR1 (a scheduler's warning) ask for a stop, not take it.

    A stop in the middle of a forward pass would leave random states that no undisturbed run has.
    """
    request = StopRequest()
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)
    before = {number: signal.signal(number, request.receive) for number in numbers}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
