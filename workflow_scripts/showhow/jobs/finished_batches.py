"""Work in batches of like length; those that are done stay, so that a killed stage goes on."""

import hashlib
import json
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Generic, TypeVar

from tqdm import tqdm

from showhow.jobs.attempts import log_progress, log_resumption

log = logging.getLogger(__name__)

Row = TypeVar("Row")


class FinishedBatches(Generic[Row]):
    """One line a batch, with its checksum, in a file that is only ever added to.

    kind: the dataclass of a row.
    """

    def __init__(self, path: Path, kind: type[Row]):
        self.path = path
        self.kind = kind

    def read(self) -> list[list[Row]]:
        """Give the rows of the first batches; what follows the first damage is cut off."""
        if not self.path.is_file():
            return []
        batches: list[list[Row]] = []
        whole = 0
        content = self.path.read_bytes()
        for line in content.splitlines(keepends=True):
            batch = self._read_line(line, number=len(batches))
            if batch is None:
                break
            batches.append(batch)
            whole += len(line)
        if whole < len(content):
            log.warning(
                "%s is damaged after batch %d; what follows is refused.", self.path, len(batches)
            )
            os.truncate(self.path, whole)
        if batches:
            log_resumption(self.path.parent)
        return batches

    def add(self, number: int, batch: list[Row]) -> None:
        """Add the rows of batch `number`, counted from 0."""
        rows = json.dumps({"batch": number, "rows": batch}, default=asdict)
        with open(self.path, "ab") as file:
            file.write(f"{_checksum(rows)} {rows}\n".encode())
        log_progress(self.path.parent)

    def _read_line(self, line: bytes, number: int) -> list[Row] | None:
        """Give the rows of a line; None when it is not whole or not that of batch `number`."""
        checksum, _, rows = line.decode(errors="replace").partition(" ")
        if not rows.endswith("\n") or _checksum(rows[:-1]) != checksum:
            return None
        written = json.loads(rows)
        if written["batch"] != number:
            return None
        return [self.kind(**row) for row in written["rows"]]


def in_batches_by_length(
    work: Callable[[list[int]], list[Row]],
    lengths: Sequence[int],
    batch_size: int,
    finished: FinishedBatches[Row] | None,
    doing: str,
    unit: str,
) -> list[Row]:
    """Have `work` give a row for each of a batch's indices; the rows come in the given order.

    The shortest come first. `finished` holds the batches that an interrupted call with the same
    arguments has done; they are not done again, and each further one is added to it. `doing` and
    `unit` stand in the progress bar.
    """
    shortest_first = sorted(range(len(lengths)), key=lambda index: lengths[index])
    rows = [row for batch in (finished.read() if finished else []) for row in batch]
    bar = tqdm(total=len(lengths), initial=len(rows), desc=doing, unit=unit, mininterval=2.0)
    with bar:
        for start in range(len(rows), len(lengths), batch_size):
            batch = work(shortest_first[start : start + batch_size])
            if finished:
                finished.add(start // batch_size, batch)
            rows += batch
            bar.update(len(batch))
    in_order = dict(zip(shortest_first, rows, strict=True))
    return [in_order[index] for index in range(len(lengths))]


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
