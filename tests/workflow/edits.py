"""An edit of the staleness matrix: a change, and exactly the jobs that must run again after it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from selections import Selection

EDITS = {}


@dataclass(frozen=True)
class Edit:
    change: Callable[[Path], Path | None]
    stale: list[Selection]


def edit(name: str, stale: list[Selection]) -> Callable:
    def keep(change: Callable[[Path], Path | None]) -> None:
        assert name not in EDITS
        EDITS[name] = Edit(change, stale)

    return keep
