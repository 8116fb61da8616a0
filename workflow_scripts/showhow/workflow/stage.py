"""How every stage is run: its command line, its errors for the user, and the record of its cost."""

import errno
import functools
import inspect
import json
import logging
import platform
import resource
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from showhow.artifacts import write_json
from showhow.errors import ShowhowError

CostOption = Annotated[
    Path | None, typer.Option(help="Where to write what this job cost: time, memory, tokens.")
]


CodeOption = Annotated[str, typer.Option(help="The fingerprint of this stage's code.")]
CheckpointsOption = Annotated[
    Path, typer.Option(help="The folder for what a killed job leaves to the next one.")
]
CheckpointSecondsOption = Annotated[
    float, typer.Option(help="Seconds between two checkpoints.", min=0)
]
CHECKPOINTS = Path("checkpoints")
CHECKPOINT_SECONDS = 60.0
UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM)


@dataclass(frozen=True)
class Cost:
    """What one job cost. Seconds, MB of resident memory, and tokens processed (0: does not apply).

    `startup_cpu_seconds` is what the process spent on itself before its stage began: the
    interpreter, the imports, the command line.
    """

    stage: str
    target: str
    wall_seconds: float
    cpu_seconds: float
    startup_cpu_seconds: float
    peak_memory_mb: float
    tokens: int
    machine: str


def run_stage(stage: Callable) -> None:
    """Run `stage` as a command line program made from its signature, and exit.

    A stage may return the number of tokens it processed. `--cost PATH` is added to its options.
    A ShowhowError is printed as its one sentence, without a traceback, and the exit status is 1;
    so is a disk that is full or not to be written. SIGTERM ends the stage as an exception would,
    so that it leaves nothing half-written behind, with status 143.
    """
    signal.signal(signal.SIGTERM, _terminate)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    try:
        typer.run(_with_cost(stage))
    except ShowhowError as error:
        print(f"\nError: {error}", file=sys.stderr)
        raise SystemExit(1) from None
    except OSError as problem:
        if problem.errno not in UNWRITABLE:
            raise
        print(
            f"\nError: {problem.filename or 'A file'} could not be written: {problem.strerror}. "
            "Make room or give write permission, and start again; what was done is kept.",
            file=sys.stderr,
        )
        raise SystemExit(1) from None


def _terminate(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _with_cost(stage: Callable) -> Callable:
    """Add the option `--cost` to `stage`, and write the record when the stage has ended."""

    @functools.wraps(stage)
    def measured(*arguments, cost: Path | None = None, **options):
        startup = time.process_time()
        started = time.perf_counter()
        tokens = stage(*arguments, **options)
        if cost is not None:
            write_json(cost, asdict(_measure(cost, startup, started, tokens or 0)))

    signature = inspect.signature(stage)
    parameter = inspect.Parameter(
        "cost", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=CostOption
    )
    measured.__signature__ = signature.replace(
        parameters=[*signature.parameters.values(), parameter]
    )
    measured.__annotations__ = {**stage.__annotations__, "cost": CostOption}
    return measured


def _measure(cost: Path, startup: float, started: float, tokens: int) -> Cost:
    return Cost(
        stage=Path(sys.argv[0]).stem,
        target=str(cost.with_suffix("")).partition("costs/")[2],
        wall_seconds=round(time.perf_counter() - started, 3),
        cpu_seconds=round(time.process_time(), 3),
        startup_cpu_seconds=round(startup, 3),
        peak_memory_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        tokens=tokens,
        machine=f"{platform.machine()} {platform.system()}",
    )


def parse_json_option(text: str) -> dict:
    """Read an option that holds a JSON object, such as a recipe."""
    try:
        value = json.loads(text)
    except ValueError as problem:
        raise ShowhowError(f"The option {text!r} is not JSON: {problem}.") from problem
    if not isinstance(value, dict):
        raise ShowhowError(f"The option {text!r} should be a JSON object in braces.")
    return value
