"""Jobs that are cancelled, requeued, out of time, out of memory, or on a node that is lost.

Every run goes on from its checkpoint, and the study ends with the results of an undisturbed one.
"""

import os
import re
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest
from cluster import (
    START,
    Held,
    eventually,
    fill_in_profile,
    hold,
    kill_node,
    limit_time,
    queued_jobs,
    restart_controller,
    run,
    submitted,
)
from interrupted_study import (
    CONFIGURED,
    RESULTS,
    assert_the_results_are_the_same,
    training_with,
    without_runs,
)

pytestmark = pytest.mark.slurm

# What happens to the run of each seed.
SEEDS = {"controller": 1, "cancelled": 2, "requeued": 3, "time": 4, "memory": 5, "node": 6}
HUNGRY = Path(__file__).with_name("hungry")
MEMORY_MB = 2000


@pytest.fixture(scope="module")
def disturbed(undisturbed, tmp_path_factory):
    """Give a copy in which nothing is trained yet, with the profile filled in."""
    copy = without_runs(undisturbed, tmp_path_factory.mktemp("disturbed") / "study")
    fill_in_profile(copy)
    table = copy.folder / "profiles/resources.yaml"
    table.write_text(table.read_text().replace("memory_mb: 4000", f"memory_mb: {MEMORY_MB}"))
    return copy


# What is done to a job whose training stands still, with a checkpoint behind it.


def cancel(held):
    run("scancel", held.job)


def requeue(held):
    run("scontrol", "requeue", held.job)


def run_out_of_time(held):
    """SLURM looks at times every 30 s, and warns 300 s before the limit, as the profile says."""
    limit_time(held.job, minutes=5)
    eventually("the warning", held.is_warned)
    limit_time(held.job, minutes=60)  # enough for what is left of it, on any machine
    held.go_on()


def need_more_memory(held):
    os.kill(held.process, signal.SIGUSR2)
    held.go_on()
    eventually("a killed job", lambda: not Path(f"/proc/{held.process}").exists())


def go_on_without_controller(held):
    restart_controller()
    held.go_on()


DISTURBANCES = {
    "controller": go_on_without_controller,
    "cancelled": cancel,
    "requeued": requeue,
    "time": run_out_of_time,
    "memory": need_more_memory,
}


@dataclass(frozen=True)
class Disturbances:
    """What each job was when it was disturbed, and what Snakemake said."""

    held: dict[str, Held]
    said: str


@pytest.fixture(scope="module")
def disturbances(disturbed):
    """Hold all trainings at a checkpoint and disturb each, the node's last: what runs there dies.

    The rest of the study is then done without a cluster.
    """
    trainings = {name: training_with(disturbed, seed) for name, seed in SEEDS.items()}
    models = [f"{training.directory}/model" for training in trainings.values()]
    with submitted(disturbed, *CONFIGURED, "--", *models, PYTHONPATH=str(HUNGRY)) as study:
        held = hold(trainings, study)
        for name, happens in DISTURBANCES.items():
            happens(held[name])
        others = [trainings[name] for name in DISTURBANCES]
        eventually("the end of the other jobs", lambda: are_over(others, held["node"], study))
        kill_node(held["node"].node)
        eventually("another node", lambda: trainings["node"].process() is not None)
        run(START)
    said = (disturbed.folder / "said.txt").read_text()
    disturbed.make("tables", *CONFIGURED)
    return Disturbances(held, said)


def are_over(trainings, held, study):
    """Say whether trainings are done and no job but the one of the held training is left."""
    assert study.poll() is None, "the study ended before its last node could be lost"
    return all(training.is_done for training in trainings) and queued_jobs() == {held.job}


@pytest.fixture
def training(disturbed, disturbances, name):
    return training_with(disturbed, SEEDS[name])


@pytest.mark.parametrize("name", [name for name in SEEDS if name != "controller"])
def test_a_disturbed_run_goes_on_from_its_checkpoint(training, disturbances, name):
    assert (training.record["attempts"], training.record["resumed"]) == (2, True)
    [resumed] = re.findall(r"Going on from the checkpoint \S+/(step-\d+)", training.log)
    assert resumed >= disturbances.held[name].checkpoint


@pytest.mark.parametrize("name", ["controller"])
def test_a_run_goes_on_while_the_controller_is_started_again(training):
    assert (training.record["attempts"], training.record["resumed"]) == (1, False)


def test_the_results_are_those_of_the_undisturbed_study(undisturbed, disturbed, disturbances):
    assert "results/tables/tiny.csv" in undisturbed.contents(*RESULTS)
    assert_the_results_are_the_same(undisturbed, disturbed, *RESULTS)


def test_nothing_is_left_of_the_checkpoints(disturbed, disturbances):
    assert disturbed.files("checkpoints/**/*") == []


def job_of(training):
    return training.record["provenance"]["hardware"]["slurm_job"]


@pytest.mark.parametrize("name", ["controller", "requeued", "time", "node"])
def test_slurm_starts_the_same_job_again(training, disturbances, name):
    assert job_of(training) == disturbances.held[name].job


@pytest.mark.parametrize("name", ["cancelled", "memory"])
def test_snakemake_submits_a_job_that_failed_again(training, disturbances, name):
    assert job_of(training) != disturbances.held[name].job


def test_a_lost_nodes_job_goes_on_on_another(disturbed, disturbances):
    node = training_with(disturbed, SEEDS["node"]).record["provenance"]["hardware"]["node"]
    assert node != disturbances.held["node"].node


def test_a_job_out_of_memory_gets_more(disturbances):
    submitted_as = (
        rf"^rule fine_tune:\n(?: .*\n)*? +wildcards: .*seed={SEEDS['memory']}\n"
        r" +resources: .*\bmem_mb=(\d+)"
    )
    # Of a job that failed Snakemake shows the log as well, where it says this once more.
    asked = dict.fromkeys(re.findall(submitted_as, disturbances.said, re.MULTILINE))
    assert list(asked) == [str(MEMORY_MB), str(2 * MEMORY_MB)]
