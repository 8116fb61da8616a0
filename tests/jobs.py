"""The real scripts as processes that can be killed, started warm as the workflow does."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).parents[1] / "workflow_scripts"
PATIENCE_SECONDS = 600


@dataclass(frozen=True)
class Ended:
    """How a job ended: its exit status and what it logged."""

    status: int
    log: str


@dataclass(frozen=True)
class Jobs:
    """Starts scripts in a folder."""

    folder: Path
    log_name: str = "job.log"

    @property
    def log(self) -> Path:
        return self.folder / self.log_name

    def start(self, script: str, *arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, SCRIPTS / "run.py", "--warm", "models", script, *arguments],
            cwd=self.folder,
            stderr=self.log.open("w"),
        )

    def run(self, script: str, *arguments: str) -> Ended:
        return self.ended(self.start(script, *arguments))

    def kill(
        self, number: signal.Signals, when: Callable[[], bool], script: str, *arguments: str
    ) -> Ended:
        """Start a script and send it a signal once `when` is true, or let it end before."""
        job = self.start(script, *arguments)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not when() and job.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        job.send_signal(number)
        return self.ended(job)

    def ended(self, job: subprocess.Popen) -> Ended:
        status = job.wait(timeout=PATIENCE_SECONDS)
        return Ended(status, self.log.read_text())

    def logged(self, text: str) -> Callable[[], bool]:
        """Give the moment when a job has logged `text`."""
        return lambda: text in self.log.read_text()

    def kept(self) -> Path | None:
        """Give the folder of what a killed job left, if there is one."""
        return next((file.parent for file in self.folder.glob("checkpoints/*/lock")), None)

    def newest_step(self) -> int:
        """Give the step of the newest checkpoint; 0 when there is none."""
        steps = self.folder.glob("checkpoints/*/step-*")
        return max((int(step.name.removeprefix("step-")) for step in steps), default=0)

    def progress_notes(self) -> int:
        """Give how often attempts have noted what they spent."""
        notes = [file.read_text() for file in self.folder.glob("checkpoints/*/attempts.jsonl")]
        return sum(text.count('"progress"') for text in notes)


def after(seconds: float) -> Callable[[], bool]:
    """Give a moment to be killed at: so many seconds from now."""
    start = time.monotonic()
    return lambda: time.monotonic() - start > seconds
