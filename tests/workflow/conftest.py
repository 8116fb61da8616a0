"""Copies of the repository that the workflow's tests share; each study runs once."""

import shutil

import pytest
from filelock import FileLock
from repository_copy import SMOKE, RepositoryCopy, copy_of, copy_repository
from small_study import finish_study, jobs_taken

from tiny_study import snakemake, workflow_copy


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


@pytest.fixture(scope="session")
def fresh_copy(tmp_path_factory):
    """Give a copy in which nothing has run and nothing may run: for plans and refusals."""
    return copy_repository(tmp_path_factory.mktemp("fresh"))


@pytest.fixture
def moved_study(smoke_study, tmp_path):
    """Give the finished smoke study in another folder, for a test to change."""
    return copy_of(smoke_study, tmp_path / "moved study")


@pytest.fixture(scope="session")
def finished_study(made_once):
    """A copy of the workflow whose study is done. Copy it before changing it."""
    return made_once("tiny", lambda folder: finish(workflow_copy(folder)))


def finish(folder):
    done = snakemake(folder, "--quiet", "rules")
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="session")
def finished(made_once):
    """The folder of a finished study, and the jobs that it took."""
    folder = made_once("small", finish_study)
    return folder, jobs_taken(folder)
