"""GPUs of a machine without a scheduler: each job gets devices that no other job has.

Snakemake counts GPUs (`--resources gpu=2`) and does not say which is whose. Whoever holds the lock
on a device's file has the device; the system frees it when the process ends, however it ends.
"""

import contextlib
import logging
import os
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from showhow.jobs.locks import lock_of

VISIBLE = "CUDA_VISIBLE_DEVICES"
ASSIGNED = "SHOWHOW_GPUS_ASSIGNED"
"""The environment variable that says that this process's devices have been chosen."""
WAIT_SECONDS = 0.2
HELD: list[FileLock] = []
"""The locks of this process's devices: one that nobody knows any more is let go."""

log = logging.getLogger(__name__)


def take_gpus(count: int) -> None:
    """Make `count` devices this process's own until it ends, and the only ones that CUDA sees.

    To be called before CUDA is initialised. Waits until so many are free. On a machine with fewer
    it takes all there are; where a scheduler or a parent process has chosen, that choice stays.
    """
    if count == 0 or os.environ.get(ASSIGNED):
        return
    there = devices_of_this_machine()
    if len(there) < count:
        log.warning("This job asks for %d GPU(s); there are %d to be used here.", count, len(there))
    taken = take_devices(min(count, len(there)), there, folder_of_locks())
    os.environ[ASSIGNED] = "yes"
    if taken:
        os.environ[VISIBLE] = ",".join(taken)
        log.info("This job has GPU %s.", os.environ[VISIBLE])


def devices_of_this_machine() -> list[str]:
    """List the devices that this process may use, by number or UUID."""
    allowed = os.environ.get(VISIBLE)
    if allowed is None:
        import torch

        return [str(number) for number in range(torch.cuda.device_count())]
    named = [name.strip() for name in allowed.split(",")]
    return [name for name in named if name and not name.startswith("-")]


def gpus_are_here() -> bool:
    """Say whether this machine has GPUs for us, without asking CUDA: importing it takes seconds."""
    if os.environ.get(VISIBLE) is not None:
        return bool(devices_of_this_machine())
    drivers = (*Path("/dev").glob("nvidia[0-9]*"), Path("/dev/kfd"), Path("/dev/dxg"))
    return any(driver.exists() for driver in drivers)


def take_devices(count: int, devices: Sequence[str], folder: Path) -> list[str]:
    """Wait until `count` of `devices` are free, and hold them until this process ends.

    One process chooses at a time: of two that want two devices each, neither can hold one and wait
    for the other's.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with lock_of(folder / "choosing.lock"):
        taken = _lock_free(count, devices, folder)
        while len(taken) < count:
            time.sleep(WAIT_SECONDS)
            others = [device for device in devices if device not in taken]
            taken |= _lock_free(count - len(taken), others, folder)
    HELD.extend(taken.values())
    return list(taken)


def _lock_free(count: int, devices: Iterable[str], folder: Path) -> dict[str, FileLock]:
    """Lock at most `count` devices that nobody holds."""
    locked: dict[str, FileLock] = {}
    for device in devices:
        if len(locked) == count:
            break
        file = folder / f"gpu-{device.replace('/', '_')}.lock"
        # What this process becomes by `exec` has the devices still.
        lock = lock_of(file, lambda handle: os.set_inheritable(handle, True))
        with contextlib.suppress(Timeout):
            locked[device] = lock.acquire(blocking=False).lock
    return locked


def folder_of_locks() -> Path:
    """Name the folder of this user's locks, on a disk of this machine."""
    return Path(tempfile.gettempdir()) / f"showhow-{os.getuid()}" / "gpus"
