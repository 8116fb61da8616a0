"""What all tests share: one thread per test process, and a smoke study that runs once."""

import os
import shutil

import pytest
from filelock import FileLock
from repository_copy import SMOKE, RepositoryCopy, copy_repository

# The suite runs beside other work, and sums are the same anywhere.
os.environ["OMP_NUM_THREADS"] = "1"


@pytest.fixture(scope="session")
def made_once(tmp_path_factory, worker_id):
    """Give a function that fills a folder once for all test processes.

    It takes the folder's name and a function that is told which folder to make.
    """
    temporary = tmp_path_factory.getbasetemp()
    shared = temporary if worker_id == "master" else temporary.parent

    def make(name, fill):
        folder, made = shared / name, shared / f"{name}.made"
        with FileLock(shared / f"{name}.lock"):
            if not made.exists():
                shutil.rmtree(folder, ignore_errors=True)
                fill(folder)
                made.touch()
        return folder

    return make


@pytest.fixture(scope="session")
def smoke_study(made_once):
    """Give a copy in which the smoke study has run; tests only read and plan in it."""
    return RepositoryCopy(made_once("smoke", lambda folder: copy_repository(folder).make(*SMOKE)))
