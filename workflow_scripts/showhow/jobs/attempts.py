"""What the attempts at a job cost that was killed and started again.

Each attempt adds lines to a file in the job's folder of unfinished work: that it started, that it
goes on from what an earlier one left, and what it has spent whenever it leaves something itself, a
checkpoint or a batch. What it did after that is lost with it, and not counted.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import reduce
from pathlib import Path

LOG = "attempts.jsonl"
STARTED = time.perf_counter()
"""When this process began: a job is a process."""
UNITS_IN_MB = 2**20 if sys.platform == "darwin" else 2**10
"""The system counts a process's memory in bytes on macOS, in KB elsewhere."""


@dataclass(frozen=True)
class Spent:
    """What a process has used so far: seconds, and MB of resident memory at the peak."""

    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory_mb: float = 0.0

    def and_then(self, later: "Spent") -> "Spent":
        """Add what another process used after this one had ended."""
        return Spent(
            self.wall_seconds + later.wall_seconds,
            self.cpu_seconds + later.cpu_seconds,
            max(self.peak_memory_mb, later.peak_memory_mb),
        )


@dataclass(frozen=True)
class Attempts:
    """The attempts at a job. resumed: the last went on from a checkpoint or a batch.

    earlier: what those before the last spent on what they left.
    """

    number: int = 1
    resumed: bool = False
    earlier: Spent = Spent()


def spent_so_far() -> Spent:
    """Measure this process."""
    return Spent(
        wall_seconds=time.perf_counter() - STARTED,
        cpu_seconds=time.process_time(),
        peak_memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / UNITS_IN_MB,
    )


def log_start(folder: Path) -> None:
    """Note in `folder` that another attempt begins."""
    _log(folder, {"event": "started"})


def log_resumption(folder: Path) -> None:
    """Note that this attempt goes on from what an earlier one left."""
    _log(folder, {"event": "resumed"})


def log_progress(folder: Path) -> None:
    """Note what this attempt has spent, now that it has left something."""
    _log(folder, {"event": "progress", **asdict(spent_so_far())})


def read_attempts(folder: Path) -> Attempts:
    """Read the attempts at the work in `folder`, the present one included."""
    spent, resumed = [Spent()], False
    for entry in _entries(folder / LOG):
        event = entry.pop("event")
        if event == "started":
            spent.append(Spent())
            resumed = False
        elif event == "resumed":
            resumed = True
        else:
            spent[-1] = Spent(**entry)
    earlier = reduce(Spent.and_then, spent[:-1], Spent())
    return Attempts(max(1, len(spent) - 1), resumed, earlier)


def _log(folder: Path, entry: dict) -> None:
    # A line break first: what a killed process cut off stays on a line of its own.
    with open(folder / LOG, "a") as file:
        file.write("\n" + json.dumps(entry))


def _entries(path: Path) -> Iterator[dict]:
    """Read the entries but those that were cut off because their process was killed."""
    if not path.is_file():
        return
    for line in path.read_text().splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue
