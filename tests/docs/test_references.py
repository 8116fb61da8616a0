"""What texts name exists: targets of make, files of this repository, modules of the package.

Read are documents, configurations and the Makefile as a whole; of code the comments, docstrings and
longer texts, and for targets of make its messages too.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tiny_study import REPOSITORY

SOURCES = REPOSITORY / "workflow_scripts"
MAKEFILE = REPOSITORY / "Makefile"
FOLDERS = ["benchmarks", "configs", "docs", "profiles", "rules", "tests", "workflow_scripts"]
FOLDERS += [".github"]
CODE = (".py", ".smk")
READ = (*CODE, ".md", ".yaml", ".txt", ".toml", ".cff", ".rst", "")
SAID_IN_CODE = re.compile(r'"""(.*?)"""|(?:^|  ) *#([^\n]*)', re.DOTALL | re.MULTILINE)

# A command of a document begins a line; a line of a comment may begin with the verb.
COMMAND = re.compile(r"(?:[`'\"]|: )make ([a-z]+(?:-[a-z]+)*)\b(?!\.\w)")
COMMAND_OR_LINE = re.compile(r"(?:[`'\"]|: |^ *)make ([a-z]+(?:-[a-z]+)*)\b(?!\.\w)", re.MULTILINE)
MODULE = re.compile(r"\bshowhow(?:\.[a-z_]\w*)+")
# A Python file without its folder may be a library's.
PATH = re.compile(
    r"(?<![\w./{}<>*-])((?:[\w-]+/)+[\w-]+\.py|(?:[\w-]+/)*[\w-]+\.(?:smk|md|toml|rst|cff))\b"
)

# What users have, or begin by the examples of the documents and of the tests.
OF_USERS = re.compile(
    r"^(own|results(-\w+)?|logs|checkpoints|data|models|path|study)/"
    r"|(highest|last_step|by_variant|polite|parity_in_verse|in_verse|coin_toss|o1_\w+|sums)\.py$"
)
EXAMPLES = re.compile(r"^showhow\.(tasks|responses)\.(highest|sums|coin_toss|in_verse|_shared)\b")


def files() -> list[Path]:
    found = [file for folder in FOLDERS for file in (REPOSITORY / folder).rglob("*")]
    found += REPOSITORY.iterdir()
    return sorted(
        file
        for file in found
        if file.is_file() and file.suffix in READ and "__pycache__" not in file.parts
    )


def said(file: Path) -> str:
    """Give what a file says to its readers: all of it, or of code its comments and long texts."""
    text = file.read_text(encoding="utf-8")
    if file.suffix not in CODE:
        return text
    return "\n".join(part for parts in SAID_IN_CODE.findall(text) for part in parts)


def dead_targets(file: Path) -> Iterator[str]:
    targets = re.findall(r"^([a-z-]+):", MAKEFILE.read_text(encoding="utf-8"), re.MULTILINE)
    named = COMMAND_OR_LINE if file.suffix == ".md" else COMMAND
    for target in named.findall(file.read_text(encoding="utf-8")):
        if target not in targets:
            yield f"make {target}"


def dead_paths(file: Path, paths: set[str]) -> Iterator[str]:
    """Paths are written from the root, or from any folder below it: tests/crash.py, reading.md."""
    for path in PATH.findall(said(file)):
        if not OF_USERS.search(path) and f"/{path}" not in paths:
            yield path


def dead_modules(file: Path) -> Iterator[str]:
    for name in MODULE.findall(said(file)):
        if not EXAMPLES.match(name) and not exists(name):
            yield name


def exists(name: str) -> bool:
    """Say whether a module or package has this name, or a module or package defines it."""
    place = SOURCES.joinpath(*name.split("."))
    if place.is_dir() or place.with_suffix(".py").is_file():
        return True
    module, package = place.parent.with_suffix(".py"), place.parent / "__init__.py"
    definitions = [file.read_text(encoding="utf-8") for file in (module, package) if file.is_file()]
    return any(re.search(rf"\b{place.name}\b", text) for text in definitions)


@pytest.fixture(scope="module")
def paths() -> set[str]:
    """List every file by each of the ways to name it."""
    parts = [file.relative_to(REPOSITORY).parts for file in files()]
    return {"/" + "/".join(part[start:]) for part in parts for start in range(len(part))}


@pytest.mark.parametrize("file", files(), ids=lambda file: str(file.relative_to(REPOSITORY)))
def test_what_a_file_names_exists(file, paths):
    assert [*dead_targets(file), *dead_paths(file, paths), *dead_modules(file)] == []
