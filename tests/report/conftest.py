import pytest
from reported_study import Reported, draw
from simulated_study import runs_table, small_study


@pytest.fixture(scope="session")
def runs():
    return runs_table(small_study())


@pytest.fixture
def folder(tmp_path):
    """The figures of a study."""
    draw(tmp_path, "overview")
    views = ("listops--all", "addition--all", "listops--decoder-600k", "listops--decoder-40k")
    draw(tmp_path, "accuracy_over_n", *views)
    return tmp_path


@pytest.fixture
def report(runs, folder):
    return Reported(folder, runs)
