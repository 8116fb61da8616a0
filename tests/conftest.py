"""What holds for a test process, and all that it starts.

One thread: the suite runs beside other work, and sums are the same anywhere. One warm start
(showhow/jobs/warm_start), and not one for each start of Snakemake.
"""

import os
import shutil

import pytest
from filelock import FileLock
from repository_copy import SMOKE, RepositoryCopy, copy_repository

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["SHOWHOW_WARM_START"] = str(os.getpid())

WHOLE_STUDIES = {"workflow", "docs"}
"""Folders of tests that run whole studies."""


def pytest_collection_modifyitems(items):
    """Begin with the longest tests: one that is left to the end has a core idle beside it."""
    items.sort(key=lambda item: item.path.parent.name not in WHOLE_STUDIES)


# Studies that are run once and shared: who changes one takes a copy.


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
