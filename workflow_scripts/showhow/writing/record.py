"""What a writer replied, one line a reply, in a file that is only ever added to.

It lies outside the results, so that neither a failed job nor a deleted result loses what was paid
for. A request is known by everything that it says; one that was answered is never made again.
"""

import fcntl
import hashlib
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import FileIO
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from showhow.base.errors import ShowhowError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """One attempt at a response. writer: what is said of it that can change what it writes."""

    writer: str
    text: str
    attempt: int

    @property
    def key(self) -> str:
        """Give the request's name: SHA-256 over all of it, in hexadecimal digits."""
        said = json.dumps([self.writer, self.text, self.attempt])
        return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class Reply:
    """What came of a request.

    ended: it came to its end, and was neither cut off nor nonsense. Tokens are those that are paid
    for: the server's count, or the most that it can be where it told none. retries: how often the
    request was repeated before it was answered.
    """

    text: str
    ended: bool
    prompt_tokens: int
    completion_tokens: int
    retries: int = 0


@dataclass(frozen=True)
class Line:
    """A line of the file."""

    key: str
    reply: Reply


LINE = TypeAdapter(Line)


class Record:
    """The replies so far; made by `open_record`."""

    def __init__(self, file: FileIO, replies: dict[str, Reply]):
        self._file = file
        self._replies = replies

    def of(self, request: Request) -> Reply | None:
        """Give the reply to a request, None where there is none yet."""
        return self._replies.get(request.key)

    def all_replies(self) -> list[Reply]:
        """Give every reply that was paid for, to whatever request."""
        return list(self._replies.values())

    def add(self, request: Request, reply: Reply) -> None:
        """Write a reply down as one whole line, and have the disk hold it, before going on."""
        line = json.dumps(asdict(Line(request.key, reply)), ensure_ascii=False) + "\n"
        self._file.write(line.encode())
        os.fsync(self._file)
        self._replies[request.key] = reply


@contextmanager
def open_record(path: Path) -> Iterator[Record]:
    """Open a file of replies for this process alone; another one waits until it has ended.

    What a killed process left of its last line is cut off. A line in the middle that is no reply
    raises ShowhowError: somebody changed the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "ab", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield Record(file, _read(path, file))


def _read(path: Path, file: FileIO) -> dict[str, Reply]:
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        log.warning("%s ends in half a line, which is cut off.", path)
        file.truncate(whole)
    replies = {}
    for number, text in enumerate(content[:whole].splitlines(), start=1):
        try:
            line = LINE.validate_json(text)
        except ValidationError as problem:
            what = problem.errors(include_url=False, include_input=False)[0]["msg"]
            raise ShowhowError(
                f"{path}, line {number}, is no reply of a writer ({what}); remove that line, and "
                "only it: its question is asked again, those of the other lines are not."
            ) from problem
        replies[line.key] = line.reply
    return replies
