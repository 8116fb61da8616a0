"""Jobs that are cancelled, requeued, out of time, out of memory, or on a node that is lost.

Every run goes on from its checkpoint, and the study ends with the results of an undisturbed one.
"""

import json
import os
import re
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from cluster import (
    START,
    Held,
    Training,
    eventually,
    fill_in_profile,
    hold,
    kill_node,
    restart_controller,
    run,
    submitted,
)
from repository_copy import copy_of, copy_repository

pytestmark = pytest.mark.slurm

STUDY = {
    "tasks": {
        "bits": {
            "kind": "parity",
            "settings": {"bits_max": 8, "longer_bits": None},
            "test_size": {"test": 6},
        }
    },
    "models": {"tiny": {"kind": "ladder", "hidden": 16, "layers": 1, "heads": 2}},
    "corpus": {"examples": 40},
    "pretraining": {"steps": 2, "batch_size": 4},
    "training": {"batch_size": 4, "min_steps": 500},
    "keeping": {"checkpoint_seconds": 0},
    "evaluation": {"max_new_tokens": 8},
    "analysis": {"resamples": 20},
}
GRID = {"name": "all", "tasks": ["bits"], "variants": ["none"], "models": ["tiny"], "n_train": [8]}
CONFIGURED = ("--configfile", "study.yaml")
SEEDS = {"cancelled": 1, "requeued": 2, "time": 3, "memory": 4, "node": 5, "controller": 6}
RESULTS = ("results/runs/**/*", "results/tables/study*")
HUNGRY = Path(__file__).with_name("hungry")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Give a copy in which the study has run without a cluster."""
    copy = copy_repository(tmp_path_factory.mktemp("undisturbed"))
    grids = [{**GRID, "seeds": list(SEEDS.values())}]
    study = {**STUDY, "studies": {"study": {"claims": [], "figures": [], "grids": grids}}}
    (copy.folder / "study.yaml").write_text(yaml.safe_dump(study))
    copy.make("tables", *CONFIGURED)
    return copy


@pytest.fixture(scope="module")
def disturbed(undisturbed, tmp_path_factory):
    """Give a copy in which data and base model are made, with the profile filled in."""
    copy = copy_of(undisturbed, tmp_path_factory.mktemp("disturbed") / "study")
    for made in ("results/runs", "results/tables", "results/costs/fine_tune"):
        shutil.rmtree(copy.folder / made)
    fill_in_profile(copy)
    table = copy.folder / "profiles/resources.yaml"
    table.write_text(table.read_text().replace("memory_mb: 4000", "memory_mb: 2000"))
    return copy


def training_of(copy, name):
    return Training(copy, f"results/runs/study/bits/none/tiny/n8/seed{SEEDS[name]}")


# What is done to a job whose training stands still, with a checkpoint behind it.


def cancel(held):
    run("scancel", held.job)


def requeue(held):
    run("scontrol", "requeue", held.job)


def run_out_of_time(held):
    """SLURM looks at times every 30 s, and warns 300 s before the limit, as the profile says."""
    run("scontrol", "update", f"JobId={held.job}", "TimeLimit=6")
    eventually("the warning", held.is_warned)
    held.go_on()


def need_more_memory(held):
    os.kill(held.process, signal.SIGUSR2)
    held.go_on()
    eventually("a killed job", lambda: not Path(f"/proc/{held.process}").exists())


@dataclass(frozen=True)
class Disturbances:
    """What each job was when it was disturbed, and what Snakemake said of the first four."""

    held: dict[str, Held]
    said: str


@pytest.fixture(scope="module")
def disturbances(disturbed):
    """Disturb the jobs of four runs, then lose a node, then the controller; let the study end."""
    disturb = {
        "cancelled": cancel,
        "requeued": requeue,
        "time": run_out_of_time,
        "memory": need_more_memory,
    }
    trainings = {name: training_of(disturbed, name) for name in SEEDS}
    scores = {name: f"{training.directory}/scores.json" for name, training in trainings.items()}
    wanted = [scores[name] for name in disturb]
    with submitted(disturbed, *wanted, *CONFIGURED, PYTHONPATH=str(HUNGRY)) as study:
        held = hold({name: trainings[name] for name in disturb}, study)
        for name, happens in disturb.items():
            happens(held[name])
    said = (disturbed.folder / "said.txt").read_text()
    with submitted(disturbed, scores["node"], *CONFIGURED) as study:
        held |= hold({"node": trainings["node"]}, study)
        kill_node(held["node"].node)
        eventually("another node", lambda: trainings["node"].process() is not None)
        run(START)
    with submitted(disturbed, "tables", *CONFIGURED) as study:
        held |= hold({"controller": trainings["controller"]}, study)
        restart_controller()
        held["controller"].go_on()
    return Disturbances(held, said)


@pytest.mark.parametrize("name", ["cancelled", "requeued", "time", "memory", "node"])
def test_a_disturbed_run_goes_on_from_its_checkpoint(disturbed, disturbances, name):
    log = training_of(disturbed, name).log
    resumed = re.findall(r"Going on from the checkpoint \S+/(step-\d+)", log)
    assert resumed and resumed[0] >= disturbances.held[name].checkpoint, log


def test_a_run_goes_on_while_the_controller_is_started_again(disturbed, disturbances):
    assert "Going on from" not in training_of(disturbed, "controller").log


def test_the_results_are_those_of_the_undisturbed_study(undisturbed, disturbed, disturbances):
    expected, found = (copy.contents(*RESULTS) for copy in (undisturbed, disturbed))
    assert "results/tables/study.csv" in expected
    assert found.keys() == expected.keys()
    assert [path for path, content in expected.items() if content != found[path]] == []


def test_nothing_is_left_of_the_checkpoints(disturbed, disturbances):
    assert disturbed.files("checkpoints/**/*") == []


def job_of(disturbed, name):
    """Read from a run's record as which SLURM job it ended."""
    run_name = training_of(disturbed, name).directory.removeprefix("results/runs/")
    record = disturbed.folder / f"results/costs/fine_tune/{run_name}.json"
    return json.loads(record.read_text())["provenance"]["hardware"]["slurm_job"]


@pytest.mark.parametrize("name", ["requeued", "time", "node"])
def test_slurm_starts_the_same_job_again(disturbed, disturbances, name):
    assert job_of(disturbed, name) == disturbances.held[name].job


@pytest.mark.parametrize("name", ["cancelled", "memory"])
def test_snakemake_submits_a_job_that_failed_again(disturbed, disturbances, name):
    assert job_of(disturbed, name) != disturbances.held[name].job


def test_a_job_out_of_memory_gets_more(disturbed, disturbances):
    submitted_as = (
        rf"^rule fine_tune:\n(?: .*\n)*? +wildcards: .*seed={SEEDS['memory']}\n"
        r" +resources: .*\bmem_mb=(\d+)"
    )
    asked = re.findall(submitted_as, disturbances.said, re.MULTILINE)
    assert asked == ["2000", "4000"]
