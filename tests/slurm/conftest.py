"""A real SLURM has to be there: these tests are asked for by name (`make test-slurm`)."""

import shutil

import pytest
from cluster import START, run
from interrupted_study import make_undisturbed
from repository_copy import SMOKE, copy_repository


@pytest.fixture(scope="session", autouse=True)
def cluster():
    """Have both nodes up before the first test, or say what to do."""
    if shutil.which("slurmctld") is None:
        pytest.fail(f"There is no SLURM on this machine; as root, start it with {START}.")
    run(START)


@pytest.fixture(scope="session")
def smoke_study(tmp_path_factory):
    """Give a copy in which the smoke study has run without a cluster."""
    copy = copy_repository(tmp_path_factory.mktemp("local"))
    copy.make("tables", "claims", *SMOKE)
    return copy


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory):
    """Give a copy in which the study to interrupt has run without a cluster."""
    return make_undisturbed(copy_repository(tmp_path_factory.mktemp("undisturbed")))
