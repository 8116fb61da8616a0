"""The staleness matrix: an edit to a finished study, and exactly the jobs that must run again."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import code_edits  # noqa: F401 (an edit is there when its file is imported)
import configuration_edits  # noqa: F401
import file_edits  # noqa: F401
import pytest
from edits import EDITS
from selections import GRID, Jobs
from small_study import configuration, planned_jobs, write_configuration


@pytest.fixture(scope="module")
def plans(finished, tmp_path_factory):
    """What Snakemake plans after each edit; on every core one dry run at a time."""
    study, _ = finished
    copies = tmp_path_factory.mktemp("copies")

    def plan(number: int, change: Callable[[Path], Path | None]) -> Jobs:
        folder = copies / f"{number}"
        shutil.copytree(study, folder, symlinks=True)
        folder = change(folder) or folder
        jobs = planned_jobs(folder, folder / "site")
        shutil.rmtree(folder)
        return jobs

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        planned = {
            name: pool.submit(plan, number, edit.change)
            for number, (name, edit) in enumerate(EDITS.items())
        }
        yield planned


def test_a_finished_study_has_nothing_to_do(finished):
    folder, jobs = finished
    assert len(jobs) == 86
    assert planned_jobs(folder) == set()


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_makes_exactly_what_depends_on_it_stale(name, plans, finished):
    _, jobs = finished
    expected = set().union(*(selected(jobs) for selected in EDITS[name].stale))
    planned = plans[name].result()
    assert not planned - expected, "too many"
    assert not expected - planned, "too few"


def begin(folder: Path, kind: str, name: str) -> None:
    """Begin one of the user's own as docs/own.md says."""
    script = folder / "workflow_scripts/run.py"
    subprocess.run([sys.executable, script, "new", kind, name], cwd=folder, check=True)


def test_a_task_and_a_variant_of_ones_own_plan_their_own_runs_and_no_others(finished, tmp_path):
    study, jobs = finished
    folder = shutil.copytree(study, tmp_path / "study", symlinks=True)
    begin(folder, "task", "highest")
    begin(folder, "variant", "last_step")
    assert planned_jobs(folder) == set()
    content = configuration()
    content["tasks"]["highest"] = {"kind": "highest", "test_size": {"test": 8}}
    own = {"name": "highest", "tasks": ["highest"], "variants": ["none", "last_step"]}
    content["studies"]["small"]["grids"].append(
        {**own, "models": ["tiny"], "n_train": [8], "seeds": [1]}
    )
    write_configuration(folder, content)
    planned = planned_jobs(folder)
    of_the_task = {job for job in planned if "task=highest" in job[1].split()}
    of_the_study = set().union(*(selected(jobs) for selected in GRID))
    assert planned - of_the_task == of_the_study
    trained = sorted(job[1] for job in of_the_task if job[0] == "fine_tune")
    assert [("variant=last_step" in told, "variant=none" in told) for told in trained] == [
        (True, False),
        (False, True),
    ]
