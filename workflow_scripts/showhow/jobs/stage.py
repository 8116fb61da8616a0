"""How every stage is run: its command line, its errors for the user, and the record of its job."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from showhow.base.errors import ShowhowError
from showhow.base.wording import refusal
from showhow.jobs.devices import take_gpus
from showhow.jobs.options import ComputingOptions, StageOptions
from showhow.jobs.records import Beginning, Work, write_record
from showhow.jobs.signals import end_on_signals, is_first_process, requeued_before_the_limit

RUN = Path(__file__).parents[2] / "run.py"
"""The script that starts a stage: its path comes first, or its name, then its options."""

Told = TypeVar("Told", bound=StageOptions)


def run_stage(stage: Callable[[Told], Work | int | None], options: type[Told]) -> None:
    """Run `stage` as a command line program with the options of its class.

    One that computes with a model gets its GPUs and threads first. A stage may return Work, or the
    number of tokens it processed, for the record of its job. A ShowhowError, and what the machine
    refuses (a full disk, a read-only folder), is printed as one sentence without a traceback, and
    the exit status is 1. SIGTERM ends the stage as an exception would, so that it leaves nothing
    half-written behind, with status 143. So does SIGUSR1 (a scheduler's warning), with status 138,
    and SLURM is asked to start the job again.
    """
    end_on_signals()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    with requeued_before_the_limit(), in_a_sentence():
        told = options.of_command_line(Path(sys.argv[0]).stem, sys.argv[1:])
        began = Beginning()
        if isinstance(told, ComputingOptions):
            import torch  # not in the environment of tables and figures

            take_gpus(told.gpus)
            torch.set_num_threads(told.threads)
        done = stage(told) or 0
        if is_first_process():
            write_record(told, began, Work(done) if isinstance(done, int) else done)


@contextmanager
def in_a_sentence() -> Iterator[None]:
    """End the process with a sentence where that says all: a ShowhowError, a refusing machine.

    Libraries in Rust raise errors of their own, even bare Exceptions, for a full disk; so it looks
    at every error and lets all others pass.
    """
    try:
        yield
    except BaseException as error:
        sentence = str(error) if isinstance(error, ShowhowError) else refusal(error)
        if not sentence:
            raise
        print(f"\nError: {sentence}", file=sys.stderr)
        raise SystemExit(1) from None
