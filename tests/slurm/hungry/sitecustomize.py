"""Read by every Python that has this folder in PYTHONPATH: a training that needs more memory.

SIGUSR2 makes the process take 2 GB and go no further, as a model too large for its job would.
"""

import signal
import sys
import time

HOARD = []


def take_memory(number, frame):
    HOARD.append(b"x" * (2 * 10**9))
    time.sleep(60)


if "fine_tune" in sys.orig_argv:
    signal.signal(signal.SIGUSR2, take_memory)
