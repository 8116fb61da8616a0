"""What the files of a running study say: Snakemake's own records, outputs, logs, progress.

Everything is read and nothing written, so that any number of people may look, from any machine
that shares the file system.
"""

import base64
import os
import platform
import re
import time
from pathlib import Path

import psutil

from showhow.jobs.failures import last_sentence
from showhow.training.progress import progress_file, read_progress
from showhow.watch.states import Signs, View, WatchedJob, state_of, view_of

HOST = re.compile(rb"^ *Host: (.+)$", re.MULTILINE)
ERROR_OF_JOB = re.compile(rb"^\w+ of .+ Its log: (logs/.+)$", re.MULTILINE)
"""How showhow.jobs.failures tells of one."""


class StudyFiles:
    """The files of a study in a folder, whose jobs were planned at `planned_at` (since 1970)."""

    def __init__(self, folder: Path, jobs: list[WatchedJob], planned_at: float):
        self.folder = folder
        self.jobs = jobs
        self.planned_at = planned_at
        self.done = {job for job in jobs if job.planned == "reused"}
        self.told = ToldBySnakemake(folder)

    def look(self) -> View:
        """Read what there is now; a job that was found done is not looked at again."""
        now = time.time()
        self.told.read()
        alive = snakemake_is_at_work(self.folder, self.told.host)
        begun = begun_outputs(self.folder)
        looked_at = [(job, self._signs(job, begun)) for job in self.jobs]
        self.done |= {job for job, signs in looked_at if state_of(signs, alive, now) == "done"}
        sentences = {log: last_sentence(self.folder / log) for log in self.told.failed_logs}
        return view_of(looked_at, sentences, alive, now)

    def _signs(self, job: WatchedJob, begun: dict[str, float]) -> Signs:
        marks = [begun[output] for output in job.outputs if output in begun]
        if job in self.done and not marks:
            return Signs(made=True)
        log = self.folder / job.log
        written = _modified(log) if job.log else None
        return Signs(
            made=not marks and self._made(job),
            begun=bool(marks),
            at_work=bool(marks) and written is not None and written >= max(marks),
            error=job.log in self.told.failed_logs,
            progress=None if written is None else read_progress(progress_file(log)),
        )

    def _made(self, job: WatchedJob) -> bool:
        """Look for all outputs; those that were out of date have to be newer than the plan."""
        modified = [_modified(self.folder / output) for output in job.outputs]
        there = [moment for moment in modified if moment is not None]
        if len(there) < len(modified):
            return False
        return job.planned != "stale" or max(there) >= self.planned_at


def _modified(path: Path) -> float | None:
    try:
        return path.stat().st_mtime
    except OSError:
        return None


def begun_outputs(folder: Path) -> dict[str, float]:
    """List the outputs that Snakemake marks as begun and not ended, with the time of the mark.

    Each mark is a file whose name is the output's path in base 64; a long name is cut into folders
    that begin with @.
    """
    records = folder / ".snakemake" / "incomplete"
    begun = {}
    for within, _, names in os.walk(records):
        for name in names:
            mark = Path(within, name)
            parts = [part.removeprefix("@") for part in mark.relative_to(records).parts]
            try:
                output = base64.urlsafe_b64decode("".join(parts)).decode()
                begun[output] = mark.stat().st_mtime
            except (ValueError, FileNotFoundError):  # no mark, or the job has just ended
                continue
    return begun


class ToldBySnakemake:
    """Follows the log of the last Snakemake in a folder.

    host: the machine that it was started on. failed_logs: of the jobs whose failure it told.
    """

    def __init__(self, folder: Path):
        self.logs = folder / ".snakemake" / "log"
        self._begin(None)

    def _begin(self, newest: Path | None) -> None:
        self.newest = newest
        self.position = 0
        self.host = ""
        self.failed_logs: set[str] = set()

    def read(self) -> None:
        """Read what was written since the last time, up to its last whole line."""
        newest = max(self.logs.glob("*.snakemake.log"), default=None)
        if newest != self.newest:
            self._begin(newest)
        if newest is None:
            return
        with open(newest, "rb") as file:
            file.seek(self.position)
            written, newline, _ = file.read().rpartition(b"\n")
        self.position += len(written) + len(newline)
        if not self.host and (found := HOST.search(written)):
            self.host = found[1].decode(errors="replace")
        for log in ERROR_OF_JOB.findall(written):
            self.failed_logs.add(log.decode(errors="replace"))


def snakemake_is_at_work(folder: Path, host: str) -> bool:
    """Say whether a Snakemake holds the folder's locks; one that was killed left them behind.

    Whether it lives can be seen on its own host alone; elsewhere its locks are believed.
    """
    if not any((folder / ".snakemake" / "locks").glob("*.lock")):
        return False
    return host != platform.node() or any(
        _is_snakemake(process, folder.resolve()) for process in psutil.process_iter()
    )


def _is_snakemake(process: psutil.Process, folder: Path) -> bool:
    try:
        called = any(Path(part).name == "snakemake" for part in process.cmdline()[:4])
        return called and Path(process.cwd()) == folder
    except psutil.Error:
        return False
