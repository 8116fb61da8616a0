"""One finished tiny study for all tests that only read it."""

import pytest

from tiny_study import snakemake, workflow_copy


@pytest.fixture(scope="session")
def finished_study(tmp_path_factory):
    """A copy of the workflow whose study is done. Copy it before changing it."""
    folder = workflow_copy(tmp_path_factory.mktemp("finished") / "study")
    done = snakemake(folder, "--quiet", "rules")
    assert done.returncode == 0, done.stdout
    return folder
