"""Artefacts are whole or not there, whatever happens while they are written."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from showhow.base.files import whole_file, whole_folder
from showhow.base.hashing import content_hash
from showhow.base.rows import write_text

WRITE_A_FOLDER = """
import os, signal, sys
from pathlib import Path
from showhow.base.files import whole_folder

calls = int(sys.argv[1])
def count(event, arguments):
    global calls
    if event in ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "open"):
        calls -= 1
        if calls == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
with whole_folder("model") as folder:
    for name in ("config", "weights"):
        (folder / name).write_text("new")
"""
OUT_OF_ROOM = """
import resource, signal
from pathlib import Path
from showhow.base.rows import write_text
from showhow.jobs.options import StageOptions
from showhow.jobs.stage import run_stage

def write(options) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    write_text("table.csv", "1,2,3\\n" * 1000)

run_stage(write, StageOptions)
"""
STOPPED = """
import time
from showhow.base.files import whole_folder
from showhow.jobs.options import StageOptions
from showhow.jobs.stage import run_stage

def write(options) -> None:
    with whole_folder("model") as folder:
        (folder / "config").write_text("new")
        print("writing", flush=True)
        time.sleep(60)

run_stage(write, StageOptions)
"""


def python(folder: Path, program: str, *arguments: object) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "workflow_scripts")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def contents(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in folder.iterdir()}


def test_a_process_that_dies_between_two_writes_leaves_the_old_folder_the_new_one_or_none(tmp_path):
    old, new = (dict.fromkeys(("config", "weights"), text) for text in ("old", "new"))
    seen = []
    for calls in range(1, 60):
        folder = tmp_path / "model"
        with whole_folder(folder) as written:
            for name in old:
                (written / name).write_text("old")
        assert sorted(path.name for path in tmp_path.iterdir()) == ["model"], "leftovers"
        process = python(tmp_path, WRITE_A_FOLDER, calls)
        process.communicate()
        seen.append(contents(folder) if folder.exists() else None)
        if process.returncode == 0:
            break
    assert process.returncode == 0
    assert [state for state in seen if state not in (old, new, None)] == []
    assert old in seen
    assert seen[-1] == new


def test_a_disk_without_room_is_said_in_a_sentence_and_leaves_nothing(tmp_path):
    process = python(tmp_path, OUT_OF_ROOM)
    _, error = process.communicate()
    assert process.returncode == 1
    assert "could not be written" in error
    assert "Traceback" not in error
    assert list(tmp_path.iterdir()) == []


def test_sigterm_leaves_nothing_half_written(tmp_path):
    process = python(tmp_path, STOPPED)
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 143
    assert list(tmp_path.iterdir()) == []


def test_what_a_living_process_writes_is_left_alone(tmp_path):
    with whole_file(tmp_path / "table.csv") as first:
        first.write_text("first")
        write_text(tmp_path / "table.csv", "second")
        assert first.exists()
    assert (tmp_path / "table.csv").read_text() == "first"


def test_a_block_that_raises_changes_nothing(tmp_path):
    for make in (whole_file, whole_folder):
        with pytest.raises(ZeroDivisionError), make(tmp_path / "artefact"):
            raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_folders_hash_is_that_of_names_and_contents(tmp_path):
    def folder(name, **files):
        (tmp_path / name).mkdir()
        for file, text in files.items():
            (tmp_path / name / file).write_text(text)
        return content_hash(tmp_path / name)

    assert folder("one", a="1", b="2") == folder("two", b="2", a="1")
    assert len({content_hash(tmp_path / "one"), folder("x", a="1"), folder("y", a="12", b="")}) == 3
