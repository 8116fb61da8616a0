"""A finished study, made once and copied by every test that changes something in it."""

import pytest
from small_study import finish_study


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """The folder of a finished study, and the jobs that it took."""
    folder = tmp_path_factory.mktemp("finished") / "study"
    folder.mkdir()
    return folder, finish_study(folder)
