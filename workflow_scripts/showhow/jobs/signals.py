"""How a stage ends: on signals, and when a scheduler's time is up."""

import os
import signal
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


class RequeuedBeforeTheLimit:
    """Asks for the same job again when a scheduler's warning has ended the process."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        # Of several processes, the one that started torchrun asks.
        alone = PROCESS_VARIABLE not in os.environ
        if alone and isinstance(error, SystemExit) and error.code == STATUS_OF_A_WARNING:
            requeue_current_job()
