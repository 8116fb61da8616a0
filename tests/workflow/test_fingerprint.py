"""Which edits make a stage stale: on a small repository, copied and changed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from showhow.base.errors import ShowhowError
from showhow.staleness.fingerprint import Known, take_fingerprint
from showhow.staleness.fingerprint_records import MEANINGS, record_meanings, recorded_meanings

REPOSITORY = Path(__file__).parents[2]
FILES = {
    "stage.py": '''
"""The stage."""

from pathlib import Path

from study.work import compute

# How often.
TIMES = 3


def main() -> list[int]:
    """Do the work."""
    return [compute(number) for number in range(TIMES)]
''',
    "study/__init__.py": "",
    "study/work/__init__.py": "from study.work.sums import compute\n",
    "study/work/sums.py": '''
from typing import TYPE_CHECKING

from . import rounding
from ..settings import base

if TYPE_CHECKING:
    from study.unrelated import Nothing

DATA_FILES = ("words.txt",)


class Sum:
    """A sum."""

    start = 0


def compute(number: int) -> int:
    return rounding.nearest(number + base() + Sum.start)
''',
    "study/work/rounding.py": "def nearest(number):\n    return round(number, 2)\n",
    "study/work/words.txt": "one\ntwo\n",
    "study/settings/__init__.py": """
def base():
    from study.settings.late import BASE

    return BASE
""",
    "study/settings/late.py": "BASE = 1\n",
    "study/unrelated.py": "class Nothing:\n    pass\n",
}


@pytest.fixture
def sources(tmp_path):
    """A folder with a stage and the package that it imports."""
    folder = tmp_path / "sources"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def edit(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def digest_of(roots, libraries=()):
    return take_fingerprint(roots, libraries).digest


def of(sources, *others):
    return digest_of([sources / "stage.py", *(sources / other for other in others)])


CHANGES_NOTHING = {
    "a comment": ("stage.py", "# How often.", "# How many times,\n# at most.\n"),
    "no comment": ("stage.py", "# How often.\n", ""),
    "a module docstring": ("stage.py", "The stage.", "What is run."),
    "no module docstring": ("stage.py", '"""The stage."""\n', ""),
    "a function docstring": ("stage.py", "Do the work.", "Work."),
    "a new function docstring": ("study/work/rounding.py", ":\n    ", ':\n    """R."""\n    '),
    "a class docstring": ("study/work/sums.py", '    """A sum."""\n', ""),
    "a docstring of a constant": ("study/settings/late.py", "1\n", '1\n"""The base."""\n'),
    "layout": ("stage.py", "range(TIMES)]", "range(\n        TIMES,\n    )]"),
    "quotes": ("study/work/sums.py", '"words.txt"', "'words.txt'"),
    "a number's spelling": ("study/settings/late.py", "1", "0x1"),
    "line ends": ("study/settings/late.py", "\n", "\r\n"),
    "a module that nothing imports": ("study/unrelated.py", "pass", "size = 3"),
    "what only type checkers import": ("study/work/sums.py", "import Nothing", "import Other"),
}
CHANGES = {
    "a constant": ("stage.py", "TIMES = 3", "TIMES = 4"),
    "a string": ("study/work/sums.py", "start = 0", "start = ''"),
    "an operator": ("study/work/sums.py", "number + base", "number - base"),
    "a default": ("study/work/rounding.py", "(number)", "(number=1)"),
    "a function two imports deep": ("study/work/rounding.py", "2)", "3)"),
    "a module imported inside a function": ("study/settings/late.py", "BASE = 1", "BASE = 2"),
    "a package": ("study/__init__.py", "", "LEVEL = 1\n"),
    "a package on the way": ("study/work/__init__.py", "compute\n", "compute\nMORE = 1\n"),
    "an import": ("stage.py", "from pathlib import Path", "from pathlib import PurePath as Path"),
    "a data file": ("study/work/words.txt", "two", "three"),
}


@pytest.mark.parametrize("change", CHANGES_NOTHING)
def test_what_means_the_same_has_the_same_fingerprint(sources, change):
    before = of(sources)
    file, old, new = CHANGES_NOTHING[change]
    edit(sources / file, old, new)
    assert of(sources) == before


@pytest.mark.parametrize("change", CHANGES)
def test_what_can_do_something_else_has_another_fingerprint(sources, change):
    before = of(sources)
    file, old, new = CHANGES[change]
    edit(sources / file, old, new)
    changed = of(sources)
    edit(sources / file, new, old)
    assert changed != before == of(sources)


def test_touching_and_moving_change_nothing(sources, tmp_path):
    before = of(sources)
    for file in sources.rglob("*"):
        file.touch()
    assert of(sources) == before
    moved = shutil.copytree(sources, tmp_path / "elsewhere" / "with a space")
    shutil.rmtree(sources)
    assert of(moved) == before


def test_where_the_process_runs_changes_nothing(sources, monkeypatch):
    before = of(sources)
    monkeypatch.chdir(sources)
    assert digest_of([Path("stage.py")]) == before


def test_the_order_of_roots_and_libraries_changes_nothing(sources):
    roots = [sources / "stage.py", sources / "study/unrelated.py"]
    assert digest_of(roots, ("pytest", "pydantic")) == digest_of(
        roots[::-1], ("pydantic", "pytest")
    )


def test_a_further_root_counts(sources):
    before = of(sources, "study/unrelated.py")
    assert before != of(sources)
    edit(sources / "study/unrelated.py", "pass", "size = 3")
    assert of(sources, "study/unrelated.py") != before


def test_a_new_module_counts_only_when_something_imports_it(sources):
    before = of(sources)
    (sources / "study/added.py").write_text("ADDED = 1\n")
    assert of(sources) == before
    edit(sources / "stage.py", "TIMES = 3", "from study.added import ADDED\n\nTIMES = 3")
    imported = of(sources)
    edit(sources / "study/added.py", "1", "2")
    assert len({before, imported, of(sources)}) == 3


def test_the_parts_say_what_changed(sources):
    roots = [sources / "stage.py"]
    before = take_fingerprint(roots).parts
    edit(sources / "study/work/rounding.py", "2)", "3)")
    after = take_fingerprint(roots).parts
    assert {name for name in before if before[name] != after[name]} == {"study/work/rounding.py"}
    assert set(before) == set(FILES) - {"study/unrelated.py"}


def install(folder, version):
    """Put a library that is nothing but its name and version where python finds it."""
    described = folder / "little_library.dist-info" / "METADATA"
    described.parent.mkdir(parents=True, exist_ok=True)
    described.write_text(f"Metadata-Version: 2.1\nName: little-library\nVersion: {version}\n")


def test_a_named_librarys_version_counts(sources, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path / "site")
    roots, libraries = [sources / "stage.py"], ("little-library",)
    install(tmp_path / "site", "1.0+cpu")
    first = digest_of(roots, libraries)
    install(tmp_path / "site", "1.0+cu130")
    same_release = digest_of(roots, libraries)
    install(tmp_path / "site", "1.1")
    assert first == same_release
    assert len({first, digest_of(roots, libraries), digest_of(roots)}) == 3


def test_what_cannot_be_fingerprinted_is_said(sources):
    with pytest.raises(ShowhowError, match="absent-library is not installed"):
        digest_of([sources / "stage.py"], ("absent-library",))
    with pytest.raises(ShowhowError, match=r"There is no file .*missing\.py"):
        of(sources, "missing.py")
    (sources / "study/work/words.txt").unlink()
    with pytest.raises(ShowhowError, match=r"sums\.py names words\.txt in DATA_FILES"):
        of(sources)
    edit(sources / "study/work/sums.py", "class Sum:", "class Sum")
    with pytest.raises(ShowhowError, match=r"sums\.py, line \d+, is not Python"):
        of(sources)


def test_a_task_of_this_repository_counts_without_the_other_tasks():
    folder = REPOSITORY / "workflow_scripts"
    parts = take_fingerprint([folder / "showhow/tasks/listops.py"]).parts
    assert {"showhow/__init__.py", "showhow/tasks/__init__.py", "showhow/tasks/task.py"} <= set(
        parts
    )
    assert "showhow/tasks/parity.py" not in parts


def test_what_is_known_of_files_changes_no_fingerprint_and_is_never_out_of_date(sources, tmp_path):
    roots, known = [sources / "stage.py"], Known()
    first = take_fingerprint(roots, known=known)
    record_meanings(known.meanings, tmp_path)
    remembered = recorded_meanings(tmp_path)
    assert remembered == known.meanings
    assert take_fingerprint(roots, known=Known(meanings=remembered)) == first
    edit(sources / "study/work/rounding.py", "2)", "3)")
    after_edit = take_fingerprint(roots, known=Known(meanings=remembered))
    assert after_edit == take_fingerprint(roots) != first


@pytest.mark.parametrize(
    "change", [("found_out_by", "another way"), ("{", ""), ("data_files", "files")]
)
def test_a_record_of_meanings_that_is_foreign_or_damaged_is_not_used(sources, tmp_path, change):
    known = Known()
    take_fingerprint([sources / "stage.py"], known=known)
    record_meanings(known.meanings, tmp_path)
    edit(tmp_path / MEANINGS, *change)
    assert recorded_meanings(tmp_path) == {}
    record_meanings(known.meanings, tmp_path)
    assert recorded_meanings(tmp_path) == known.meanings


# What versions of Python write differently in their syntax trees, and what they might.
OF_EVERY_KIND = r'''
from __future__ import annotations

import asyncio
from functools import wraps as wrapping

EMPTY, NOTHING, TEXT = [], {}, f""
LETTERS: list[str] = ["é", "\U0001fae8", u"u", "joined" f"{EMPTY}" "text", r"\d", b"\x00"]
NUMBERS = (0x10, 1_000, 1.5e300, 2j, -1, ..., None, True)
PADDED = f"{LETTERS!r:>{NUMBERS[0]}}{TEXT}{NUMBERS = }{{}}{f'{TEXT:{EMPTY}{NOTHING}}'}"
DATED = f"{NUMBERS:%Y-%m}" f"{TEXT!s:{NUMBERS}x}" "end"


def decorated(repeat=3, /, *more: int, step: float = 0.5, last, **others) -> int:  # type: ignore
    """Say nothing."""
    total = 0  # type: int
    while (total := total + 1) < repeat:
        continue
    else:
        del others[last]
    return lambda first, *rest, key=None: {**others, "a": [*rest, *more], "b": {*rest}}


@wrapping(decorated)
class Kept(dict, metaclass=type):
    def nothing(self): ...

    async def wait(self, *, given=None):
        global LETTERS
        async with asyncio.timeout(1) as limit, asyncio.Lock():
            found = [x async for x in self if x if not limit]
        yield await asyncio.sleep(0, found)


def read(value, rows):
    match value:
        case {"kind": "a" | "b" as kind, **rest} if rest:
            return kind, rest
        case [Kept(size=1), *_, None, -1]:
            raise ValueError from None
        case _:
            pass
    try:
        first, *rest = rows[1:2, ...]
        for index, *_ in zip(*rows):
            assert index, "none"
    except* OSError as problem:
        print(problem, file=(yield))
    finally:
        rows[*rest] = first if first is not None else ~index
'''
ITS_DIGEST = "67633b00d39173c9333acf771d48de212e2d7f590b88610c46ac6265a4ebc9ad"


def test_the_python_that_reads_the_code_changes_nothing(tmp_path):
    (tmp_path / "stage.py").write_text(OF_EVERY_KIND, encoding="utf-8")
    assert digest_of([tmp_path / "stage.py"]) == ITS_DIGEST


OF_THIS_REPOSITORY = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from showhow.staleness.fingerprint import Known, take_fingerprint
known = Known()
for file in sorted(Path(sys.argv[1]).rglob("*.py")):
    print(file, take_fingerprint([file], known=known).digest)
"""


def other_pythons() -> list[str]:
    """Name the Pythons of this machine that run; pyenv has commands for some that do not."""
    found = [shutil.which(f"python{version}") for version in ("3.11", "3.12", "3.13")]
    there = [python for python in found if python]
    return [
        python
        for python in there
        if subprocess.run([python, "-c", ""], capture_output=True).returncode == 0
    ]


@pytest.mark.parametrize("python", other_pythons())
def test_every_python_gives_the_code_of_this_repository_the_same_fingerprint(python):
    command = ["-c", OF_THIS_REPOSITORY, REPOSITORY / "workflow_scripts"]
    theirs, ours = (
        subprocess.run([each, *command], capture_output=True, text=True, check=True).stdout
        for each in (python, sys.executable)
    )
    assert theirs == ours
