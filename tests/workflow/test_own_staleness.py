"""The staleness matrix of own data: what is selected counts, and not the file's bytes."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from own_edits import EDITS
from own_study import finish_own_study
from small_study import jobs_taken, planned_jobs


@pytest.fixture(scope="module")
def own(made_once):
    return made_once("own", finish_own_study)


@pytest.fixture(scope="module")
def plans(own, tmp_path_factory):
    """What Snakemake plans after each edit."""
    copies = tmp_path_factory.mktemp("copies")

    def plan(number, change):
        folder = shutil.copytree(own, copies / f"{number}", symlinks=True)
        change(folder)
        jobs = planned_jobs(folder)
        shutil.rmtree(folder)
        return jobs

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield {
            name: pool.submit(plan, number, change)
            for number, (name, (change, _)) in enumerate(EDITS.items())
        }


def test_a_finished_study_of_own_data_has_nothing_to_do(own):
    assert planned_jobs(own) == set()


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_of_own_data_makes_exactly_what_takes_it_stale(name, plans, own):
    jobs = jobs_taken(own)
    _, stale = EDITS[name]
    expected = set().union(*(selected(jobs) for selected in stale))
    planned = plans[name].result()
    assert sorted(planned - expected) == [], "too many"
    assert sorted(expected - planned) == [], "too few"
