"""How the end of a failed job is told: by its stage's own sentence, once, and the path of its log.

What Snakemake would print of it is its command, of a thousand characters and more, and either
nothing of the log (`--quiet rules`) or all of it. These filters stand before what it prints and
keeps (rules/engine.smk).
"""

import logging
import os
import re
import time
from collections.abc import Sequence
from pathlib import Path

from showhow.base.surroundings import Surroundings, surroundings

TAIL_BYTES = 8192
LONGEST_SENTENCE = 900
MOST_FAILURES = 6
"""How many failed jobs are told of by a sentence each; the others are counted."""
CLOCKS_DIFFER_SECONDS = 60
"""A log on a shared file system may carry the time of another machine."""
NOT_IF_QUIET = ("workflow_started", "resources_info", "run_info", "job_started", "job_finished")
OF_A_COMMAND = "CalledProcessError in file"
END = "Exiting because a job execution failed"
NEEDLESS = re.compile(
    r"(Detailed failure reason unavailable \([^)]*\)\.)?\s*For further error details see .*", re.S
)
"""What a cluster's executor says beside the state in which a job ended."""


def last_sentence(log: Path) -> str:
    """Give the error that a log ends in, or else its last line; "" where there is none."""
    tail = _tail(log)
    _, error, sentence = tail.rpartition("\nError: ")
    if error:
        return " ".join(sentence.split())
    lines = [line.strip() for line in tail.splitlines()]
    return next((line for line in reversed(lines) if line), "")


def _tail(log: Path) -> str:
    try:
        with open(log, "rb") as file:
            file.seek(max(0, os.path.getsize(log) - TAIL_BYTES))
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def job_of_log(log: str) -> str:
    """Name a job by its log: `fine_tune of study/task/…`."""
    folder = surroundings().results
    below = log.removeprefix(f"{folder}/" if folder != Surroundings.results else "")
    stage, _, name = below.removeprefix("logs/").removesuffix(".log").partition("/")
    return f"{stage} of {name}" if name else stage


def told(logs: Sequence[str], said: str, began: float) -> str:
    """Tell of one failed job.

    logs: its stage's own, then the cluster's. said: what the cluster said of it, where it did: that
    counts where the stage came to no sentence of its own, as when the job was killed. Logs of
    before `began` are of an earlier try.
    """
    fresh = [log for log in logs if _written_since(Path(log), began)]
    own = next((log for log in fresh if "\nError: " in _tail(Path(log))), None)
    read = own or next((log for log in fresh if last_sentence(Path(log))), None)
    state = NEEDLESS.sub("", said).strip()
    sentence = state if state and not own else last_sentence(Path(read)) if read else ""
    if len(sentence) > LONGEST_SENTENCE:
        sentence = sentence[:LONGEST_SENTENCE] + " …"
    where = read or (logs[0] if logs else "")
    return f"{sentence or 'it said nothing before its end.'}" + (f" Its log: {where}" * bool(where))


def _written_since(log: Path, moment: float) -> bool:
    try:
        return log.stat().st_mtime >= moment - CLOCKS_DIFFER_SECONDS
    except OSError:
        return False


class FailuresInSentences(logging.Filter):
    """Puts a sentence in the place of what Snakemake logs of a failed job.

    Of the jobs of a group those are told of that came to an error, or else the group.
    """

    def __init__(self) -> None:
        super().__init__()
        self.began = time.time()
        self.sentences: list[str] = []
        self.said_of_group = ""
        """What the cluster said of the group that is told of next: Snakemake leaves it out."""

    def filter(self, record: logging.LogRecord) -> bool:
        event = _event(record)
        if event == "job_error":
            logs = list(map(str, record.__dict__["log"]))
            if record.__dict__["indent"]:
                return False  # told of with its group
            name = job_of_log(logs[0]) if logs else record.__dict__["rule_name"]
            return self._in_place_of(record, [(name, logs, record.__dict__["rule_msg"] or "")])
        if event == "group_error":
            return self._in_place_of(record, self._of_group(record))
        if event == "error":
            return OF_A_COMMAND not in record.getMessage()
        if record.getMessage().startswith(END) and self.sentences:
            record.msg, record.args = self._end(), ()
        return True

    def _of_group(self, record: logging.LogRecord) -> list[tuple[str, list[str], str]]:
        told_of = record.__dict__
        own = [str(log) for info in told_of["job_error_info"] for log in info["log"]]
        wrong = [
            log
            for log in dict.fromkeys(own)
            if _written_since(Path(log), self.began) and "\nError: " in _tail(Path(log))
        ]
        if wrong:
            return [(job_of_log(log), [log], "") for log in wrong]
        said = next((info["rule_msg"] for info in told_of["job_error_info"]), None)
        said, self.said_of_group = said or self.said_of_group, ""
        stages = ", ".join(dict.fromkeys(info["rule_name"] for info in told_of["job_error_info"]))
        return [(f"a job of {stages}", list(map(str, told_of["aux_logs"])), said)]

    def _in_place_of(
        self, record: logging.LogRecord, failed: list[tuple[str, list[str], str]]
    ) -> bool:
        new = [f"{name}: {told(logs, said, self.began)}" for name, logs, said in failed]
        new = [sentence for sentence in dict.fromkeys(new) if sentence not in self.sentences]
        record.__dict__["one_of_many"] = len(self.sentences) >= MOST_FAILURES
        self.sentences += new
        record.msg, record.args = "\n".join(new), ()
        record.__dict__["event"] = None  # so that it is shown with --quiet rules too
        return bool(new)

    def _end(self) -> str:
        more = len(self.sentences) - MOST_FAILURES
        hidden = f"And {more} more; make watch lists them. " if more > 0 else ""
        return f"{hidden}What is done stays: the same command goes on from there."


class FirstFailures(logging.Filter):
    """For a terminal: of many failed jobs the first ones. Snakemake's log file has them all."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not getattr(record, "one_of_many", False)


class QuietTerminal(logging.Filter):
    """For a terminal with `--quiet rules`: no more than a line for each tenth that is done."""

    def __init__(self) -> None:
        super().__init__()
        self.tenth = 0

    def filter(self, record: logging.LogRecord) -> bool:
        event = _event(record)
        if event == "progress":
            tenth = 10 * record.__dict__["done"] // record.__dict__["total"]
            begun, self.tenth = self.tenth, max(tenth, self.tenth)
            return tenth > begun
        return event not in NOT_IF_QUIET and record.getMessage() not in (
            "Select jobs to execute...",
            "Conda environments: ignored",
            "Group jobs: inactive (local execution)",
        )


def _event(record: logging.LogRecord) -> str:
    """Name Snakemake's kind of record, "" where it is just a message."""
    return str(getattr(getattr(record, "event", None), "value", ""))
