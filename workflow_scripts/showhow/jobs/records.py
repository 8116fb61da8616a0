"""The record of a job, under results/costs: what it cost, and where its results come from."""

import platform
import sys
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from showhow.base.rows import write_json
from showhow.jobs import provenance
from showhow.jobs.attempts import Attempts, spent_so_far
from showhow.jobs.options import StageOptions


@dataclass(frozen=True)
class Work:
    """What a stage says of its job for the record: the tokens it processed, and its attempts."""

    tokens: int = 0
    attempts: Attempts = field(default_factory=Attempts)


@dataclass(frozen=True)
class Beginning:
    """When a stage begins, its command line read."""

    startup_cpu_seconds: float = field(default_factory=time.process_time)
    clock: float = field(default_factory=time.perf_counter)
    moment: datetime = field(default_factory=lambda: datetime.now(UTC))


def write_record(options: StageOptions, began: Beginning, work: Work) -> None:
    """Write the record of a job that has ended, if its options say where."""
    if options.cost is not None:
        origin = provenance.origin_of(options, began.moment)
        write_json(options.cost, {**_measure(options.cost, began, work), "provenance": origin})


def _measure(cost: Path, began: Beginning, work: Work) -> dict[str, Any]:
    """Say what the job cost: seconds, MB of resident memory, tokens processed (0: has none).

    `startup_cpu_seconds` is what the process spent on itself before its stage began: the
    interpreter, the imports, the command line. Of a job that was killed and started again,
    `attempts` says how often it was started and `resumed` whether the last attempt went on from a
    checkpoint (or a batch); seconds and memory are those of all attempts, of the killed ones up to
    the last thing that they left.
    """
    last = replace(spent_so_far(), wall_seconds=time.perf_counter() - began.clock)
    spent = work.attempts.earlier.and_then(last)
    return {
        "stage": Path(sys.argv[0]).stem,
        "target": str(cost.with_suffix("")).partition("costs/")[2],
        "wall_seconds": round(spent.wall_seconds, 3),
        "cpu_seconds": round(spent.cpu_seconds, 3),
        "startup_cpu_seconds": round(began.startup_cpu_seconds, 3),
        "peak_memory_mb": round(spent.peak_memory_mb, 1),
        "tokens": work.tokens,
        "attempts": work.attempts.number,
        "resumed": work.attempts.resumed,
        "machine": f"{platform.machine()} {platform.system()}",
    }
