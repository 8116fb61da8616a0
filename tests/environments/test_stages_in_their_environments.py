"""Each stage runs in its environment of envs/, warm start included, and gives the same results.

A stage that imports what its environment lacks fails here. One study of every stage runs twice:
in the environment of the tests, and with each rule's stage in the environment that the rule names.
"""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml
from activated_copy import FILES, activate_environments, build_environment, stages_of_rules

from small_models import foreign_t5_folder
from tiny_study import workflow_copy
from warm_snakemake import warm_snakemake

pytestmark = pytest.mark.environments
STUDY = yaml.safe_load(Path(__file__).with_name("every_stage.yaml").read_text())
TARGETS = (*STUDY["studies"], "crate", "runs")
NEED_A_HUB = {"download", "download_data", "fetch_package", "convert_gguf"}
# They say what a job cost, which differs between equal runs.
COSTS = ("costs/*", "*-costs.csv", "report*.html", "*.crate.zip")


@pytest.fixture(scope="module")
def environments(tmp_path_factory):
    """Build every environment of envs/, two at a time."""
    folder = tmp_path_factory.mktemp("environments")
    with ThreadPoolExecutor(2) as builders:
        built = list(builders.map(lambda name: build_environment(name, folder / name), FILES))
    return dict(zip(FILES, built, strict=True))


@pytest.fixture(scope="module")
def study(coin, server):
    """Give the configuration, with the address of the server that is asked."""
    service = {"url": f"http://localhost:{server}/v1", "key_variable": "OWN_KEY"}
    told = STUDY["writers"]["coin"] | {"model": str(coin), "service": service}
    return STUDY | {"writers": STUDY["writers"] | {"coin": told}}


def copy_with_own_files(folder: Path, study: dict) -> Path:
    """Copy the workflow, and put the user's own data and model beside it."""
    from datasets import Dataset

    workflow_copy(folder, study)
    rows = [{"question": f"Question {n} : A or B ?", "letter": "AB"[n % 2]} for n in range(40)]
    Dataset.from_list(rows).save_to_disk(folder / "letters")
    foreign_t5_folder(folder / "own-model")
    return folder


def run_study(folder: Path, *targets: str) -> None:
    """Run the study with a warm start of its own: others' have the pythons of others."""
    told = {name: value for name, value in os.environ.items() if not name.startswith("SHOWHOW_")}
    told.pop("PYTHONPATH", None)
    arguments = ("--cores", "2", *targets, "--quiet", "rules", "--show-failed-logs")
    done = warm_snakemake(folder, *arguments, environment=told | {"OWN_KEY": "any"})
    assert done.returncode == 0, done.stdout[-10_000:]


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory, study):
    """Give a copy in which the study has run in the environment of the tests."""
    folder = copy_with_own_files(tmp_path_factory.mktemp("ordinary") / "study", study)
    run_study(folder, *TARGETS)
    return folder


@pytest.fixture(scope="module")
def activated(tmp_path_factory, study, environments):
    """Give a copy in which the study has run with each stage in its own environment."""
    folder = copy_with_own_files(tmp_path_factory.mktemp("activated") / "study", study)
    activate_environments(folder, environments)
    run_study(folder, *TARGETS, *(f"prefixes/{name}" for name in environments))
    return folder


def results(folder: Path) -> dict[str, bytes]:
    """Read every result, by its path in the folder."""
    files = [file for file in (folder / "results").rglob("*") if file.is_file()]
    contents = {str(file.relative_to(folder / "results")): file.read_bytes() for file in files}
    return {
        path: content
        for path, content in contents.items()
        if not any(fnmatch(path, pattern) for pattern in COSTS)
    }


def test_every_stage_has_run(activated):
    ran = {folder.name for folder in (activated / "logs").iterdir()}
    assert stages_of_rules().keys() - ran == NEED_A_HUB


def test_each_environment_has_started_its_own_stages(activated, environments):
    started = {name: (activated / "prefixes" / name).read_text().strip() for name in environments}
    assert started == {name: str(folder) for name, folder in environments.items()}


def test_the_results_are_the_same_to_the_byte(activated, ordinary):
    ours, theirs = results(activated), results(ordinary)
    assert ours.keys() == theirs.keys()
    assert [path for path, content in ours.items() if content != theirs[path]] == []


@pytest.mark.parametrize("study_name", STUDY["studies"])
def test_the_crate_holds_the_same_files(activated, ordinary, study_name):
    ours, theirs = (
        sorted(ZipFile(folder / f"results/{study_name}.crate.zip").namelist())
        for folder in (activated, ordinary)
    )
    assert ours == theirs


@pytest.mark.parametrize("stage", sorted(NEED_A_HUB))
def test_what_fetches_from_a_hub_starts_in_its_environment(environments, ordinary, stage):
    python = environments[stages_of_rules()[stage]] / "bin/python"
    command = [python, "workflow_scripts/run.py", stage, "--help"]
    done = subprocess.run(command, cwd=ordinary, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
