"""Runs of the smoke study itself by two processes: the curve of one, and resumed after a kill."""

import json
import signal

import pytest
from repository_copy import SMOKE, copy_of
from small_runs import assert_the_same_but_for_rounding, result

from started_jobs import Jobs, in_surroundings
from tiny_study import options_of_record

# The encoder-decoder's recipe accumulates its batches of 8 from micro-batches of 4.
RUNS = {
    "t5": "explanations/parity/medium/t5-tiny/n40/seed1",
    "decoder": "explanations/listops/medium/decoder-tiny/n40/seed1",
}
STEPS = 60


@pytest.fixture(scope="module")
def study(smoke_study, tmp_path_factory):
    """Give a copy in which Snakemake has made the runs' weights again, each by one process."""
    copy = copy_of(smoke_study, tmp_path_factory.mktemp("smoke") / "study")
    folders = [f"results-smoke/runs/{run}" for run in RUNS.values()]
    copy.make(
        *(f"{folder}/{made}" for folder in folders for made in ("model", "train.json")), *SMOKE
    )
    return copy


def by_two(copy, name, seconds=60, **changed) -> list[str]:
    """Give the command line of a run, from the record of its job, for two processes."""
    record = copy.folder / f"results-smoke/costs/fine_tune/{RUNS[name]}.json"
    options = json.loads(record.read_text())["provenance"]["options"]
    read = {key: copy.folder / options[key] for key in ("base", "responses")}
    written = {"model_output": "run/model", "output": "run/train.json", "log": None}
    options = options_of_record(record, **read, **written, gpus=2, **changed)
    return [in_surroundings(checkpoint_seconds=seconds), "fine_tune", *options]


@pytest.mark.parametrize("name", RUNS)
def test_two_processes_follow_the_curve_of_one(name, study, tmp_path):
    job = Jobs(tmp_path).run(*by_two(study, name))
    assert job.status == 0, job.log
    one = study.folder / f"results-smoke/runs/{RUNS[name]}"
    assert_the_same_but_for_rounding(one, tmp_path / "run")


@pytest.fixture(scope="module")
def longer_recipe(study):
    """Give the encoder-decoder's recipe with more steps, so that there is a middle."""
    record = study.folder / f"results-smoke/costs/fine_tune/{RUNS['t5']}.json"
    recipe = json.loads(record.read_text())["provenance"]["options"]["recipe"]
    return {**recipe, "min_steps": STEPS}


def test_killed_in_the_middle_they_go_on(study, longer_recipe, tmp_path):
    def by_two_for(seconds):
        return by_two(study, "t5", seconds, recipe=longer_recipe)

    undisturbed, killed = (Jobs(tmp_path / name) for name in ("undisturbed", "killed"))
    for jobs in (undisturbed, killed):
        jobs.folder.mkdir()
    assert undisturbed.run(*by_two_for(1000)).status == 0
    stopped = killed.kill(signal.SIGTERM, lambda: killed.newest_step() > 0, *by_two_for(0.001))
    assert stopped.status == 143, stopped.log
    assert 0 < killed.newest_step() < STEPS
    last = killed.run(*by_two_for(0.001))
    assert last.status == 0, last.log
    assert last.log.count("Going on from the checkpoint") == 1
    assert result(killed.folder / "run") == result(undisturbed.folder / "run")
