"""How every stage is run: its command line, its errors for the user, and the record of its job."""

import functools
import inspect
import json
import logging
import os
import platform
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from showhow.base.errors import ShowhowError
from showhow.base.rows import write_json
from showhow.base.wording import refusal
from showhow.jobs import provenance
from showhow.jobs.attempts import Attempts, spent_so_far
from showhow.jobs.provenance import Provenance
from showhow.jobs.slurm import requeue_current_job

OPTIONS_OF_THE_RECORD = {
    "cost": Annotated[
        Path | None,
        typer.Option(help="Where to write this job's record: its costs and its provenance."),
    ],
    "code": Annotated[
        str | None, typer.Option(help="The fingerprint of the stage's code, for the record.")
    ],
}
GpusOption = Annotated[int, typer.Option(help="GPUs that this job gets for itself.", min=0)]
CodeOption = Annotated[str, typer.Option(help="The fingerprint of this stage's code.")]
CheckpointsOption = Annotated[
    Path, typer.Option(help="The folder for what a killed job leaves to the next one.")
]
CheckpointSecondsOption = Annotated[
    float,
    typer.Option(
        help="Seconds between two checkpoints.", min=0, envvar="SHOWHOW_CHECKPOINT_SECONDS"
    ),
]
LogOption = Annotated[
    Path | None,
    typer.Option(help="The job's log; how far the training has come is written beside it."),
]
TrackersOption = Annotated[
    list[str],
    typer.Option(help="Trackers that the training reports to.", envvar="SHOWHOW_TRACKERS"),
]
PROCESS_VARIABLE = "RANK"
"""The environment variable in which torchrun says which of several processes this is."""
RUN = Path(__file__).parents[2] / "run.py"
"""The script that starts a stage: its path comes first, or its name, then its options."""
CHECKPOINTS = Path("checkpoints")
CHECKPOINT_SECONDS = 60.0
STATUS_OF_A_WARNING = 128 + signal.SIGUSR1


@dataclass(frozen=True)
class Cost:
    """What one job cost. Seconds, MB of resident memory, and tokens processed (0: does not apply).

    `startup_cpu_seconds` is what the process spent on itself before its stage began: the
    interpreter, the imports, the command line. Of a job that was killed and started again,
    `attempts` says how often it was started and `resumed` whether the last attempt went on from a
    checkpoint (or a batch); seconds and memory are those of all attempts, of the killed ones up to
    the last thing that they left.
    """

    stage: str
    target: str
    wall_seconds: float
    cpu_seconds: float
    startup_cpu_seconds: float
    peak_memory_mb: float
    tokens: int
    attempts: int
    resumed: bool
    machine: str


ONE_ATTEMPT = Attempts()


@dataclass(frozen=True)
class Work:
    """What a stage says of its job for the record: the tokens it processed, and its attempts."""

    tokens: int = 0
    attempts: Attempts = ONE_ATTEMPT


def run_stage(stage: Callable) -> None:
    """Run `stage` as a command line program made from its signature, and exit.

    A stage may return Work, or the number of tokens it processed, for the record of its job.
    `--cost PATH` and `--code FINGERPRINT` are added to its options. A ShowhowError, and what the
    machine refuses (a full disk, a read-only folder), is printed as one sentence without a
    traceback, and the exit status is 1. SIGTERM ends the stage as an exception would, so that it
    leaves nothing half-written behind, with status 143. So does SIGUSR1 (a scheduler's warning),
    with status 138, and SLURM is asked to start the job again.
    """
    signal.signal(signal.SIGTERM, _terminate)
    signal.signal(signal.SIGUSR1, _terminate)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    with RequeuedBeforeTheLimit(), InASentence():
        typer.run(_with_record(stage))


def _terminate(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


class RequeuedBeforeTheLimit:
    """Asks for the same job again when a scheduler's warning has ended the process."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        # Of several processes, the one that started torchrun asks.
        alone = PROCESS_VARIABLE not in os.environ
        if alone and isinstance(error, SystemExit) and error.code == STATUS_OF_A_WARNING:
            requeue_current_job()


class InASentence:
    """Ends the process with a sentence where that says all: a ShowhowError, a refusing machine.

    Libraries in Rust raise errors of their own, even bare Exceptions, for a full disk; so it looks
    at every error and lets all others pass.
    """

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        sentence = str(error) if isinstance(error, ShowhowError) else error and refusal(error)
        if sentence:
            print(f"\nError: {sentence}", file=sys.stderr)
            raise SystemExit(1) from None


def _with_record(stage: Callable) -> Callable:
    """Add the options of the record to `stage`, and write it when the stage has ended."""

    signature = inspect.signature(stage)
    reads_code = "code" in signature.parameters

    @functools.wraps(stage)
    def measured(*arguments, cost: Path | None = None, **options):
        startup, started = time.process_time(), time.perf_counter()
        code = options["code"] if reads_code else options.pop("code", None)
        began, before = datetime.now(UTC), provenance.state_of(provenance.paths_in(options))
        done = stage(*arguments, **options) or 0
        work = Work(done) if isinstance(done, int) else done
        if cost is not None and os.environ.get(PROCESS_VARIABLE, "0") == "0":
            measurement = asdict(_measure(cost, startup, started, work))
            origin = asdict(_origin(options, code, began, before))
            write_json(cost, {**measurement, "provenance": origin})

    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=option)
        for name, option in OPTIONS_OF_THE_RECORD.items()
        if name not in signature.parameters
    ]
    measured.__signature__ = signature.replace(parameters=[*signature.parameters.values(), *added])
    measured.__annotations__ = {**OPTIONS_OF_THE_RECORD, **stage.__annotations__}
    return measured


def _origin(
    options: dict[str, Any], code: str | None, began: datetime, before: provenance.State
) -> Provenance:
    told = provenance.readable_options(options)
    revision, dirty = provenance.revision()
    written = provenance.written_between(before, provenance.state_of(provenance.paths_in(options)))
    return Provenance(
        started=began.isoformat(timespec="milliseconds"),
        ended=datetime.now(UTC).isoformat(timespec="milliseconds"),
        options=told,
        seeds=provenance.seeds_in(told),
        reads=sorted(str(path) for path in before if str(path) not in written),
        writes=written,
        revision=revision,
        dirty=dirty,
        fingerprint=code,
        libraries=provenance.library_versions(),
        hardware=provenance.hardware(),
    )


def _measure(cost: Path, startup: float, started: float, work: Work) -> Cost:
    last = replace(spent_so_far(), wall_seconds=time.perf_counter() - started)
    spent = work.attempts.earlier.and_then(last)
    return Cost(
        stage=Path(sys.argv[0]).stem,
        target=str(cost.with_suffix("")).partition("costs/")[2],
        wall_seconds=round(spent.wall_seconds, 3),
        cpu_seconds=round(spent.cpu_seconds, 3),
        startup_cpu_seconds=round(startup, 3),
        peak_memory_mb=round(spent.peak_memory_mb, 1),
        tokens=work.tokens,
        attempts=work.attempts.number,
        resumed=work.attempts.resumed,
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
