"""Copies of the repository that the workflow's tests share; each study runs once."""

import shutil

import pytest
from repository_copy import copy_of, copy_repository
from small_study import finish_study, jobs_taken

from tiny_study import RUN, snakemake, workflow_copy


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


@pytest.fixture
def unfinished_study(finished_study, tmp_path):
    """The finished study without one of its runs and what is made of all, for a test to go on with.

    What is left to do is a job of every stage after the data and the base model.
    """
    study = shutil.copytree(finished_study, tmp_path / "study", symlinks=True)
    shutil.rmtree((study / RUN).parents[1])
    for made_of_runs in ("tables", "claims", "figures"):
        shutil.rmtree(study / "results" / made_of_runs)
    (study / "results/report.html").unlink()
    return study


def finish(folder):
    done = snakemake(folder, "--quiet", "rules")
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="session")
def finished(made_once):
    """The folder of a finished study, and the jobs that it took."""
    folder = made_once("small", finish_study)
    return folder, jobs_taken(folder)
