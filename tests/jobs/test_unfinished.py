"""What is kept of unfinished work: found by the same work only, gone once its result is read."""

import os
import subprocess
import sys

import pytest

from showhow.base.files import remove_folder
from showhow.jobs.attempts import (
    LOG,
    Attempts,
    log_progress,
    log_resumption,
    log_start,
    read_attempts,
    spent_so_far,
)
from showhow.jobs.unfinished import forget_done_work, forget_work_on, unfinished_work
from started_jobs import SCRIPTS


def work_on(folder, target, end=True):
    """Do some work; it ends, or is broken off."""
    if end:
        with unfinished_work(folder, target, {}) as kept:
            return kept
    with pytest.raises(KeyboardInterrupt), unfinished_work(folder, target, {}) as kept:
        raise KeyboardInterrupt
    return kept


def test_work_that_is_done_stays_until_its_result_is_read(tmp_path):
    done, other = work_on(tmp_path, "model"), work_on(tmp_path, "other")
    assert work_on(tmp_path, "model") == done
    forget_work_on(tmp_path, "model")
    assert not done.exists() and other.exists()


def test_unfinished_work_stays_when_the_study_is_done(tmp_path):
    done, broken_off = work_on(tmp_path, "one"), work_on(tmp_path, "two", end=False)
    begun_anew = work_on(tmp_path, "three")
    work_on(tmp_path, "three", end=False)
    forget_done_work(tmp_path)
    assert not done.exists()
    assert broken_off.exists() and begun_anew.exists()


def test_what_a_killed_process_was_removing_goes_as_well(tmp_path, monkeypatch):
    kept = work_on(tmp_path, "model")
    monkeypatch.setattr("os.getpid", lambda: 2**22 + 1)
    monkeypatch.setattr("shutil.rmtree", lambda *_, **__: None)
    remove_folder(kept)
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) != []
    forget_work_on(tmp_path, "another")
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_was_kept_nothing_is_forgotten(tmp_path):
    forget_work_on(tmp_path / "checkpoints", "model")
    forget_done_work(tmp_path / "checkpoints")
    assert list(tmp_path.iterdir()) == []


def test_attempts_add_up_to_what_each_left(tmp_path):
    before = spent_so_far()
    log_start(tmp_path)
    log_progress(tmp_path)
    log_progress(tmp_path)
    log_start(tmp_path)  # killed before it left anything
    log_start(tmp_path)
    log_resumption(tmp_path)
    log_progress(tmp_path)
    after = spent_so_far()
    attempts = read_attempts(tmp_path)
    assert (attempts.number, attempts.resumed) == (3, True)
    assert before.cpu_seconds <= attempts.earlier.cpu_seconds <= after.cpu_seconds
    assert before.wall_seconds <= attempts.earlier.wall_seconds <= after.wall_seconds
    log_start(tmp_path)
    attempts = read_attempts(tmp_path)
    assert (attempts.number, attempts.resumed) == (4, False)
    assert attempts.earlier.wall_seconds > after.wall_seconds


def test_an_entry_that_was_cut_off_is_not_counted(tmp_path):
    log_start(tmp_path)
    log_progress(tmp_path)
    file = tmp_path / LOG
    file.write_bytes(file.read_bytes()[:-5])
    log_start(tmp_path)
    assert read_attempts(tmp_path) == Attempts(2, False)


def test_a_job_that_nobody_started_before_has_one_attempt(tmp_path):
    assert read_attempts(tmp_path) == Attempts(1, False)


WORKER = """
import sys, time
from pathlib import Path
from showhow.base.files import remove_folder
from showhow.jobs.locks import alone_in
folder, journal = Path(sys.argv[1]), Path(sys.argv[2])
for _ in range(6):
    with alone_in(folder):
        with open(journal, "a") as file:
            print("begins", folder.is_dir(), file=file, flush=True)
            time.sleep(0.01)
            print("ends", folder.is_dir(), file=file, flush=True)
        remove_folder(folder)
"""


def test_a_folder_is_one_process_s_own_though_who_had_it_before_removes_it(tmp_path):
    folder, journal = tmp_path / "checkpoints/work", tmp_path / "journal"
    command = [sys.executable, "-c", WORKER, folder, journal]
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS)}
    workers = [subprocess.Popen(command, env=environment) for _ in range(3)]
    assert [worker.wait(timeout=120) for worker in workers] == [0, 0, 0]
    assert journal.read_text().splitlines() == ["begins True", "ends True"] * 18
