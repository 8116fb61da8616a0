"""What a result was made from: the graph of jobs, as their records tell it.

Each record says what its job read and wrote. From a study's results one therefore finds every job
that had a part in them, and no other, whatever else lies in the folder.
"""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from showhow.base.errors import ShowhowError
from showhow.base.files import visible_files
from showhow.base.rows import read_json, read_record
from showhow.base.wording import damaged

Record = dict[str, Any]


def records_of_study(
    study: str,
    manifest: Path,
    run_files: Iterable[str],
    results: Iterable[Path],
    folder: Path,
) -> list[Record]:
    """Read the records of the jobs that a study's results come from, in the order they began.

    manifest: the list of its runs, each of which ends in the `run_files`. folder: that of all
    records. Raises ShowhowError where there are none of these jobs.
    """
    runs = [f"{run}/{file}" for run in runs_in(manifest) for file in run_files]
    found = made_from(read_all(folder), [*runs, *map(str, results)])
    if not found:
        raise ShowhowError(
            f"There are no records of the study {study} in {folder}. Run the study first."
        )
    return sorted(found, key=lambda job: (job["provenance"]["started"], job["stage"]))


def record_files(folder: Path) -> list[Path]:
    """List the records in a folder; what a job is writing just now is hidden, and none of them."""
    return [path for path in visible_files(folder) if path.suffix == ".json"]


def read_all(folder: Path) -> list[Record]:
    return [read_record(path, ["stage", "target", "provenance"]) for path in record_files(folder)]


def runs_in(manifest: Path) -> list[str]:
    """Read the folders of a study's runs."""
    entries = read_json(manifest)
    if not isinstance(entries, list) or not all("directory" in entry for entry in entries):
        raise damaged(manifest, "it lists no runs")
    return [entry["directory"] for entry in entries]


def made_from(records: list[Record], results: Iterable[str]) -> list[Record]:
    """Give the records of the jobs that made these files or folders, and of all before them."""
    makers = _Makers(records)
    waiting, seen = list(results), set()
    found: dict[int, Record] = {}
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        for number in makers.of(path) - found.keys():
            found[number] = records[number]
            waiting += records[number]["provenance"]["reads"]
    return list(found.values())


class _Makers:
    """Says which records, by number, wrote a path, something in it, or a folder around it."""

    def __init__(self, records: list[Record]):
        self.wrote: dict[str, set[int]] = defaultdict(set)
        self.wrote_in: dict[str, set[int]] = defaultdict(set)
        for number, record in enumerate(records):
            for path in record["provenance"]["writes"]:
                self.wrote[path].add(number)
                for folder in PurePosixPath(path).parents:
                    self.wrote_in[str(folder)].add(number)

    def of(self, path: str) -> set[int]:
        around = (self.wrote[str(folder)] for folder in PurePosixPath(path).parents)
        return self.wrote[path].union(self.wrote_in[path], *around)
