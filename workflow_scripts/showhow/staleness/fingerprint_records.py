"""What the fingerprints of earlier runs were made of, so that a change can be named.

Snakemake records a stage's fingerprint as a parameter of each of its jobs. The parts of that
fingerprint stand beside Snakemake's records, in a file that its digest names. So does what each
file of code means: to find that out again is a fifth of a start at which nothing is to be done.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from showhow.base.hashing import content_hash
from showhow.base.rows import write_text
from showhow.staleness import fingerprint
from showhow.staleness.fingerprint import Fingerprint, ImportStatement, Meaning

FOLDER = Path(".snakemake/fingerprints")
MEANINGS = "meanings.json"


def record_fingerprint(taken: Fingerprint, folder: Path = FOLDER) -> None:
    """Write down what a fingerprint is made of, once."""
    file = folder / f"{taken.digest}.json"
    if not file.is_file():
        write_text(file, json.dumps(asdict(taken)) + "\n")


def recorded_fingerprint(digest: str, folder: Path = FOLDER) -> Fingerprint | None:
    """Read what a fingerprint was made of; None when nothing readable was written about it."""
    try:
        return Fingerprint(**json.loads((folder / f"{digest}.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def record_meanings(meanings: dict[str, Meaning], folder: Path = FOLDER) -> None:
    """Write down what files mean, by the hash of their content."""
    written = {digest: asdict(meaning) for digest, meaning in meanings.items()}
    text = json.dumps({"found_out_by": _finding_out(), "meanings": written})
    write_text(folder / MEANINGS, text + "\n")


def recorded_meanings(folder: Path = FOLDER) -> dict[str, Meaning]:
    """Read what files mean; nothing when it was found out in another way, or is not readable."""
    try:
        recorded = json.loads((folder / MEANINGS).read_text(encoding="utf-8"))
        if recorded["found_out_by"] != _finding_out():
            return {}
        return {digest: _meaning(**written) for digest, written in recorded["meanings"].items()}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _finding_out() -> str:
    """Name the way in which meanings are found out: this Python's syntax trees, and our code."""
    return f"{sys.version} {content_hash(fingerprint.__file__)}"


def _meaning(imports: list[dict], data_files: list[str], **others) -> Meaning:
    statements = (
        ImportStatement(one["level"], one["module"], tuple(one["names"])) for one in imports
    )
    return Meaning(imports=tuple(statements), data_files=tuple(data_files), **others)


def code_changes(old: Fingerprint, new: Fingerprint) -> list[str]:
    """Name what differs: libraries with both versions, functions and constants with their file."""
    changes = []
    for part in sorted(old.parts.keys() | new.parts.keys()):
        before, after = old.parts.get(part), new.parts.get(part)
        if before == after:
            continue
        if part.startswith("library "):
            changes.append(f"{part} {before or 'not counted'} → {after or 'not counted'}")
        elif before is None or after is None:
            changes.append(f"{part} is {'new' if before is None else 'no longer'} among the code")
        else:
            changes.append(_change_in_file(part, old, new))
    return changes


def _change_in_file(part: str, old: Fingerprint, new: Fingerprint) -> str:
    before, after = old.definitions.get(part, {}), new.definitions.get(part, {})
    names = [name for name in before | after if before.get(name) != after.get(name)]
    return f"{part}: {', '.join(names)}" if names else part
