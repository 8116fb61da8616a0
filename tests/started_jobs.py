"""The real scripts as processes that can be killed, started warm as the workflow does."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from showhow.base.surroundings import VARIABLE, in_words, surroundings

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

    def start(self, *words: str) -> subprocess.Popen:
        """Start a script: its name and options; before it, as in a shell, VARIABLE=value."""
        variables = dict(word.split("=", 1) for word in takewhile(is_variable, words))
        return subprocess.Popen(
            [sys.executable, SCRIPTS / "run.py", "--warm", "models", *words[len(variables) :]],
            cwd=self.folder,
            env={**os.environ, **variables},
            stderr=self.log.open("w"),
        )

    def run(self, *words: str) -> Ended:
        return self.ended(self.start(*words))

    def kill(self, number: signal.Signals, when: Callable[[], bool], *words: str) -> Ended:
        """Start a script and send it a signal once `when` is true, or let it end before."""
        job = self.start(*words)
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


def is_variable(word: str) -> bool:
    return re.match(r"[A-Z_]+=", word) is not None


def in_surroundings(**told: object) -> str:
    """Write the word of a command line that tells a stage of its surroundings."""
    return f"{VARIABLE}={in_words(replace(surroundings(), **told))}"


def after(seconds: float) -> Callable[[], bool]:
    """Give a moment to be killed at: so many seconds from now."""
    start = time.monotonic()
    return lambda: time.monotonic() - start > seconds
