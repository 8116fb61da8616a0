"""What was selected of the user's own files, remembered by their content."""

import json
import os
import time
from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import Path

from showhow.base.files import state_of
from showhow.base.hashing import content_hash
from showhow.base.rows import write_text
from showhow.tasks.own_data.reading import check_is_there

FOLDER = Path(".snakemake/selections")
CONTENTS = "contents.json"
SETTLED_SECONDS = 2.0
"""A file that changed so shortly before it was hashed may change again with the same date."""


class SelectionMemory:
    """Digests by a key that names all they follow from; and files' hashes, by size and date."""

    def __init__(self, folder: Path = FOLDER):
        self.folder = folder
        self._known: dict[str, MutableMapping[str, str]] = {}
        self._recorded: dict[str, dict[str, str]] = {}
        self._contents: dict[str, list] = _read(folder / CONTENTS)
        self._hashed: dict[Path, str] = {}
        self._changed = False

    def of(self, key: str) -> MutableMapping[str, str]:
        """Give what is remembered for a key, by name; what is added is kept by `record`."""
        if key not in self._known:
            self._recorded[key] = _read(self.folder / f"{key}.json")
            self._known[key] = dict(self._recorded[key])
        return self._known[key]

    def content_of(self, path: Path) -> str:
        """Hash a file or a folder, once for each size and date; raises ShowhowError if absent."""
        if path not in self._hashed:
            self._hashed[path] = self._content_of(path)
        return self._hashed[path]

    def _content_of(self, path: Path) -> str:
        check_is_there(path, path.exists())
        found_as = state_of(path)
        state = [list(of_file) for of_file in found_as]
        name = os.path.abspath(path)
        remembered = self._contents.get(name)
        if remembered is not None and remembered[0] == state:
            return remembered[1]
        found = content_hash(path)
        if time.time() - max(date for _, _, date in found_as) / 1e9 > SETTLED_SECONDS:
            self._contents[name] = [state, found]
            self._changed = True
        return found

    def record(self) -> None:
        """Write down what came to be known, where one may: a plan of another's study only reads."""
        with suppress(OSError):
            self._record()

    def _record(self) -> None:
        for key, known in self._known.items():
            if known != self._recorded[key]:
                write_text(self.folder / f"{key}.json", json.dumps(known) + "\n")
                self._recorded[key] = dict(known)
        if self._changed:
            write_text(self.folder / CONTENTS, json.dumps(self._contents) + "\n")
            self._changed = False


def _read(path: Path) -> dict:
    with suppress(OSError, ValueError):
        read = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(read, dict):
            return read
    return {}
