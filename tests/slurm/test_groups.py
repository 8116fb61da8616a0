"""Runs that share a SLURM job: when it is killed, each of them goes on from its checkpoint."""

from itertools import combinations

import pytest
from cluster import eventually, fill_in_profile, pack_smallest_models, queued_jobs, run, submitted
from interrupted_study import (
    CONFIGURED,
    assert_the_results_are_the_same,
    run_with,
    training_with,
    without_runs,
)

pytestmark = pytest.mark.slurm

SEEDS = (1, 2, 3, 4)


def test_a_job_of_many_runs_that_is_killed_goes_on_with_each(undisturbed, tmp_path):
    copy = without_runs(undisturbed, tmp_path / "study")
    fill_in_profile(copy)
    pack_smallest_models(copy)
    grouped = ("--cores", "2", "--group-components", f"runs-up-to-5M={len(SEEDS)}", "--")
    trainings = [training_with(copy, seed) for seed in SEEDS]

    def three_with_checkpoints():
        begun = [training for training in trainings if training.checkpoint() is not None]
        return begun if len(begun) > 2 else None

    scores = [f"{training.directory}/scores.json" for training in trainings]
    with submitted(copy, *CONFIGURED, *grouped, *scores):
        begun = eventually("a checkpoint of a third run", three_with_checkpoints)
        [job] = queued_jobs()
        run("scontrol", "requeue", job)
    for training in begun:
        assert "Going on from the checkpoint" in training.log
    made = [training.record["provenance"] for training in trainings]
    assert {run["hardware"]["slurm_job"] for run in made} == {job}
    assert any(
        one["started"] < other["ended"] and other["started"] < one["ended"]
        for one, other in combinations(made, 2)
    ), "one after the other"
    results = [f"{run_with(seed)}/*" for seed in SEEDS]
    assert_the_results_are_the_same(undisturbed, copy, *results)
