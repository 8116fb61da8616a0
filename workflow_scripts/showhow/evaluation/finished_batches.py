"""The rows of the batches that are done, so that a killed stage goes on after them."""

import hashlib
import json
import logging
import os
from dataclasses import asdict
from pathlib import Path
from typing import Generic, TypeVar

from showhow.attempts import log_progress, log_resumption

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
        rows = json.dumps({"batch": number, "rows": [asdict(row) for row in batch]})
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


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
