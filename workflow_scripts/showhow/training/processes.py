"""Several processes that train one model: which of them this is, and what they agree on.

torchrun starts them; without it there is one. accelerate knows how they talk to each other: nccl
where there are GPUs, gloo where there are none.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import TypeVar, cast

import psutil
import torch
from accelerate import PartialState
from accelerate.utils import broadcast_object_list, set_seed
from transformers import PreTrainedModel

from showhow.base.files import is_alive
from showhow.base.surroundings import surroundings, tell
from showhow.jobs.signals import PROCESS_VARIABLE
from showhow.jobs.stage import RUN

Value = TypeVar("Value")

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)
WATCH_SECONDS = 0.2


def spread_over(gpus: int) -> None:
    """Go on as one process for each GPU, unless this is one of them or there is nothing to spread.

    The process that calls this only waits for the others and passes signals on to them; it ends
    with SystemExit and their status.
    """
    there = torch.cuda.device_count() or gpus
    if min(gpus, there) > 1 and PROCESS_VARIABLE not in os.environ:
        raise SystemExit(_run_processes(min(gpus, there)))


def _run_processes(count: int) -> int:
    """Have torchrun start this script `count` times; pass signals on; give the exit status."""
    command = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={count}", "--"]
    stage = [str(RUN), "--warm", "models", *sys.argv]
    tell(started_by=os.getpid())
    torchrun = subprocess.Popen([sys.executable, *command, *stage], preexec_fn=_leave_signals)
    told: set[psutil.Process] = set()
    received: list[int] = []
    for number in SIGNALS:
        signal.signal(number, lambda number, _: received.append(number))
    while (status := _status(torchrun)) is None:
        if received:
            _tell_children(torchrun.pid, received[0], told)
    if status and received:  # torchrun itself says 1 then
        return 128 + received[0]
    return status if status >= 0 else 128 - status


def _leave_signals() -> None:
    """Leave signals to the process that started this one.

    A scheduler signals every process of a job. torchrun would end on the second signal, and with
    it the job, before the last checkpoint is written.
    """
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _status(process: subprocess.Popen) -> int | None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        return process.wait(timeout=WATCH_SECONDS)
    return None


def _tell_children(parent: int, number: int, told: set[psutil.Process]) -> None:
    """Send a signal to the children of a process that were not told yet, and note them."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in set(psutil.Process(parent).children()) - told:
            told.add(child)
            child.send_signal(number)


def these_processes() -> PartialState:
    """Join the other processes of this training, if there are any, and say which one this is."""
    return PartialState(cpu=not torch.cuda.is_available())


def told_by_the_first(give: Callable[[], Value]) -> Value:
    """Have the first process compute a value (any that pickles) and tell the others."""
    value = [give() if these_processes().is_main_process else None]
    return cast(Value, broadcast_object_list(value)[0])


def largest_of_all(*values: int) -> list[int]:
    """Give, for each value, the largest that any process has."""
    processes = these_processes()
    if processes.num_processes == 1:
        return list(values)
    largest = torch.tensor(values, device=processes.device)
    torch.distributed.all_reduce(largest, op=torch.distributed.ReduceOp.MAX)
    return largest.tolist()


def weights_in_parts(model: PreTrainedModel) -> dict[str, torch.Tensor] | None:
    """Collect the weights that the processes hold in parts; None where there is one process.

    All processes call this, and the first of them gets the weights, in main memory.
    """
    if these_processes().num_processes == 1:
        return None
    # Slow to import, and few trainings need it.
    from torch.distributed.checkpoint.state_dict import StateDictOptions, get_model_state_dict

    whole = StateDictOptions(full_state_dict=True, cpu_offload=True)
    return cast(dict[str, torch.Tensor], get_model_state_dict(model, options=whole))


def draw_apart(seed: int) -> None:
    """Give each of several processes random numbers of its own; one alone keeps its state."""
    if these_processes().num_processes > 1:
        set_seed(seed, device_specific=True)


class Launcher:
    """What started this process, torchrun or the warm start, and what started torchrun.

    When one of them is killed, it tells nobody; torchrun ends with the processes it started.
    """

    def __init__(self) -> None:
        self.process = os.getppid()
        self.starter = surroundings().started_by or os.getpid()

    def signal(self) -> int:
        """Give SIGTERM once one is gone, else 0; a process alone may outlive who started it."""
        if these_processes().num_processes == 1:
            return 0
        gone = os.getppid() != self.process or not is_alive(self.starter)
        return signal.SIGTERM if gone else 0
