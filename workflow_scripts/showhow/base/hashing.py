"""Hashes: of what a file or a folder holds, and as an order by chance."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def content_hash(path: Path | str) -> str:
    """Hash a file's bytes, or the names and bytes of all files in a folder (SHA-256, hex)."""
    path = Path(path)
    if not path.is_dir():
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    files = sorted(file for file in path.rglob("*") if file.is_file())
    hashes = [f"{file.relative_to(path).as_posix()} {content_hash(file)}" for file in files]
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()


def shuffled(names: Iterable[str], seed: int | str) -> list[str]:
    """Put the names in an order that depends on the seed and on each of them alone."""
    return sorted(names, key=lambda name: hashlib.sha256(f"{seed} {name}".encode()).digest())
