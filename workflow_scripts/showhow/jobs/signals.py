"""How a stage ends: on signals, and when a scheduler's time is up."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from showhow.jobs.slurm import requeue_current_job

PROCESS_VARIABLE = "RANK"
"""The environment variable in which torchrun says which of several processes this is."""
STATUS_OF_A_WARNING = 128 + signal.SIGUSR1


def end_on_signals() -> None:
    """Have SIGTERM, and SIGUSR1 (a scheduler's warning), end this process as an exception would.

    So it leaves nothing half-written behind; its status is 143, or 138.
    """
    signal.signal(signal.SIGTERM, _terminate)
    signal.signal(signal.SIGUSR1, _terminate)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def is_first_process() -> bool:
    """Say whether this is the first of the processes that torchrun started, or alone."""
    return os.environ.get(PROCESS_VARIABLE, "0") == "0"


@contextmanager
def requeued_before_the_limit() -> Iterator[None]:
    """Ask for the same job again when a scheduler's warning has ended the process."""
    try:
        yield
    except SystemExit as end:
        # Of several processes, the one that started torchrun asks.
        if end.code == STATUS_OF_A_WARNING and PROCESS_VARIABLE not in os.environ:
            requeue_current_job()
        raise
