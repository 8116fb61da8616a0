"""Copies of the repository that the workflow's tests share; the smoke study runs once."""

import pytest
from repository_copy import SMOKE, copy_of, copy_repository
from small_study import finish_study

from tiny_study import snakemake, workflow_copy


@pytest.fixture(scope="session")
def fresh_copy(tmp_path_factory):
    """Give a copy in which nothing has run and nothing may run: for plans and refusals."""
    return copy_repository(tmp_path_factory.mktemp("fresh"))


@pytest.fixture(scope="session")
def smoke_study(tmp_path_factory):
    """Give a copy in which the smoke study has run; tests only read and plan in it."""
    copy = copy_repository(tmp_path_factory.mktemp("smoke"))
    copy.make(*SMOKE)
    return copy


@pytest.fixture
def moved_study(smoke_study, tmp_path):
    """Give the finished smoke study in another folder, for a test to change."""
    return copy_of(smoke_study, tmp_path / "moved study")


@pytest.fixture(scope="session")
def finished_study(tmp_path_factory):
    """A copy of the workflow whose study is done. Copy it before changing it."""
    folder = workflow_copy(tmp_path_factory.mktemp("finished") / "study")
    done = snakemake(folder, "--quiet", "rules")
    assert done.returncode == 0, done.stdout
    return folder


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """The folder of a finished study, and the jobs that it took."""
    folder = tmp_path_factory.mktemp("finished") / "study"
    folder.mkdir()
    return folder, finish_study(folder)
