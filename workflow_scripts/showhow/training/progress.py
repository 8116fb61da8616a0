"""How far a training has come: a file beside its log that it appends to and anybody may read.

One JSON object a line, written at the points of the loss curve and, as a sign of life, between
them. No locks: a training is the only writer of its file, a reader leaves out a line that is not
whole yet, and each line carries its time, so that the file says the same on every node of a
cluster. It is no result: what it holds differs between equal runs.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

WRITE_SECONDS = 2.0
SIGN_OF_LIFE_SECONDS = 15.0

log = logging.getLogger(__name__)


def progress_file(job_log: Path | str) -> Path:
    """Name the progress file of the job that writes this log."""
    return Path(job_log).with_suffix(".progress.jsonl")


@dataclass(frozen=True)
class Progress:
    """How far a training has come.

    time: of the last sign of life, in seconds since 1970. loss_curve: (step, mean loss since the
    point before). tokens_per_second and seconds_left are None until they are known. ended: it said
    that it does not go on; a killed one says nothing.
    """

    time: float
    step: int
    steps: int
    loss_curve: tuple[tuple[int, float], ...]
    tokens_per_second: float | None
    seconds_left: float | None
    ended: bool = False


class Pace:
    """The speed of a training since it was started or resumed."""

    def __init__(self, steps: int, tokens: int, clock: Callable[[], float] = time.monotonic):
        self.steps = steps
        self.tokens_per_step = tokens / steps
        self.clock = clock

    def begin(self, step: int) -> None:
        self.started = self.clock(), step

    def steps_per_second(self, step: int) -> float | None:
        start, first = self.started
        elapsed = self.clock() - start
        return (step - first) / elapsed if step > first and elapsed > 0 else None

    def tokens_per_second(self, step: int) -> float | None:
        speed = self.steps_per_second(step)
        return None if speed is None else speed * self.tokens_per_step

    def seconds_left(self, step: int) -> float | None:
        speed = self.steps_per_second(step)
        return None if speed is None else (self.steps - step) / speed


class ProgressWriter:
    """Appends to a progress file: new points at most every two seconds, or a sign of life.

    What the disk refuses is told once and does not stop the training.
    """

    def __init__(self, path: Path, pace: Pace, clock: Callable[[], float] = time.time):
        self.path = path
        self.pace = pace
        self.clock = clock
        self.waiting: list[str] = []
        self.refused = False

    def begin(self, step: int, loss_curve: list[tuple[int, float]]) -> None:
        """Begin the file anew, with the curve so far: a resumed training has its checkpoint's."""
        self.pace.begin(step)
        self.waiting.clear()
        points = [self._line(at, loss) for at, loss in loss_curve]
        self._write([*points, self._line(step)], "w")

    def add_loss(self, step: int, loss: float) -> None:
        self.waiting.append(self._line(step, loss))

    def step_done(self, step: int) -> None:
        """Write what is due."""
        silent = self.clock() - self.written
        if silent >= SIGN_OF_LIFE_SECONDS or (self.waiting and silent >= WRITE_SECONDS):
            self._write_waiting(self._line(step))

    def end(self, step: int) -> None:
        """Write what is there, and that the training does not go on."""
        self._write_waiting(self._line(step, ended=True))

    def _write_waiting(self, last: str) -> None:
        self._write([*self.waiting, last], "a")
        self.waiting.clear()

    def _line(self, step: int, loss: float | None = None, ended: bool | None = None) -> str:
        line = {
            "time": round(self.clock(), 2),
            "step": step,
            "steps": self.pace.steps,
            "loss": loss,
            "tokens_per_second": self.pace.tokens_per_second(step),
            "seconds_left": self.pace.seconds_left(step),
            "ended": ended,
        }
        return json.dumps({key: value for key, value in line.items() if value is not None}) + "\n"

    def _write(self, lines: list[str], mode: str) -> None:
        self.written = self.clock()
        if self.refused:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with open(self.path, mode, encoding="utf-8") as file:
                file.write("".join(lines))
        except OSError as problem:
            self.refused = True
            log.warning("The progress is not told any further: %s.", problem)


def read_progress(path: Path) -> Progress | None:
    """Read a progress file; None where nobody has written one yet."""
    try:
        written = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return None
    lines = [line for line in map(_parsed, written) if line is not None]
    if not lines:
        return None
    last = lines[-1]
    return Progress(
        time=last["time"],
        step=last["step"],
        steps=last["steps"],
        loss_curve=tuple((line["step"], line["loss"]) for line in lines if "loss" in line),
        tokens_per_second=last.get("tokens_per_second"),
        seconds_left=last.get("seconds_left"),
        ended=last.get("ended", False),
    )


def _parsed(line: str) -> dict | None:
    """Give a line's object; None for one that is not whole, or not one of ours."""
    try:
        value = json.loads(line)
    except ValueError:
        return None
    whole = isinstance(value, dict) and {"time", "step", "steps"} <= value.keys()
    return value if whole else None
