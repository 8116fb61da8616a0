"""A training that several processes share is the training of one, and is killed and resumed so."""

import signal
import time
from pathlib import Path

import psutil
import pytest
from small_runs import assert_the_same_but_for_rounding, copied_numbers, fine_tuning, result
from transformers import AutoModelForSeq2SeqLM

from showhow.base.rows import write_jsonl
from showhow.jobs.unfinished import DONE
from showhow.models.loading import save_base
from small_models import foreign_t5_folder, ladder_base
from started_jobs import PATIENCE_SECONDS, Jobs

STEPS = 40
TWO = ("--gpus=2",)
IN_PARTS = ("--gpus=2", "--sharded=1")
RECIPE = {"min_steps": STEPS, "micro_batch_size": 2}
RECIPES = {
    "decoder": {"optimizer": "muon"},
    "t5": {"optimizer": "adamw", "learning_rate": 0.003},
}


@pytest.fixture(scope="module")
def materials(tmp_path_factory):
    """A decoder, a T5 with and one without dropout, and responses of very different lengths."""
    folder = tmp_path_factory.mktemp("materials")
    save_base(ladder_base("decoder"), folder / "decoder")
    foreign_t5_folder(folder / "t5", dropout=0.0)
    foreign_t5_folder(folder / "t5-dropout")
    write_jsonl(folder / "responses.jsonl", copied_numbers(lambda digit: 1 + 3 * digit))
    return folder


def command_of(materials, base, *options, seconds=1000, **changed) -> list[str]:
    recipe = {**RECIPE, **RECIPES[base.partition("-")[0]], **changed}
    responses = materials / "responses.jsonl"
    return fine_tuning(
        materials / base, responses, recipe, seconds, "--cost=costs/run.json", *options
    )


@pytest.fixture(scope="module")
def trained(materials, tmp_path_factory):
    """Give the folder of a run that nobody killed; each made once."""
    made = {}

    def by(base, *options, **changed):
        key = (base, *options, *changed.items())
        if key not in made:
            made[key] = tmp_path_factory.mktemp("trained")
            job = Jobs(made[key]).run(*command_of(materials, base, *options, **changed))
            assert job.status == 0, job.log
        return made[key] / "run"

    return by


@pytest.mark.parametrize("base", RECIPES)
def test_micro_batches_change_nothing_but_rounding(base, trained):
    assert_the_same_but_for_rounding(trained(base), trained(base, micro_batch_size=None))


@pytest.mark.parametrize("base", RECIPES)
def test_two_processes_follow_the_curve_of_one(base, trained):
    assert_the_same_but_for_rounding(trained(base), trained(base, *TWO))


def test_of_two_processes_one_writes(trained):
    run = trained("decoder", *TWO)
    (work,) = (run.parent / "checkpoints").iterdir()
    assert (work / DONE).exists()
    assert sorted(path.name for path in run.iterdir()) == ["model", "train.json"]
    assert (run.parent / "costs/run.json").is_file()


def test_a_model_held_in_parts_is_trained_and_written_as_one(trained):
    parts, one = trained("t5", *IN_PARTS), trained("t5")
    assert_the_same_but_for_rounding(one, parts)
    files = [sorted(file.name for file in (run / "model").iterdir()) for run in (one, parts)]
    assert files[0] == files[1]
    AutoModelForSeq2SeqLM.from_pretrained(parts / "model")


def test_an_optimiser_of_whole_matrices_is_not_for_parts(materials, tmp_path):
    refused = Jobs(tmp_path).run(*command_of(materials, "decoder", "--sharded=1"))
    assert refused.status == 1
    assert "Error: The optimiser muon cannot be sharded" in refused.log


@pytest.mark.parametrize("base, options", [("t5-dropout", TWO), ("t5", IN_PARTS)])
def test_asked_to_stop_they_stop_together_and_go_on(base, options, materials, tmp_path, trained):
    jobs = Jobs(tmp_path)
    command = command_of(materials, base, *options, seconds=0.1)
    stopped = jobs.kill(signal.SIGTERM, lambda: jobs.newest_step() > 0, *command)
    assert stopped.status == 143, stopped.log
    assert 0 < jobs.newest_step() < STEPS
    assert stopped.log.count("the next start goes on from here") == 1
    last = jobs.run(*command)
    assert last.status == 0, last.log
    assert last.log.count("Going on from the checkpoint") == 1
    assert result(tmp_path / "run") == result(trained(base, *options))


def test_one_that_is_killed_takes_the_others_along(materials, tmp_path, trained):
    jobs = Jobs(tmp_path)
    command = command_of(materials, "t5-dropout", *TWO, seconds=0.1)
    job = jobs.start(*command)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not jobs.newest_step() and time.monotonic() < deadline:
        time.sleep(0.01)
    workers_in(tmp_path)[1].kill()
    assert jobs.ended(job).status != 0
    assert 0 < jobs.newest_step() < STEPS
    assert jobs.run(*command).status == 0
    assert result(tmp_path / "run") == result(trained("t5-dropout", *TWO))


def workers_in(folder: Path) -> list[psutil.Process]:
    """Find the processes of a training in a folder, in their order."""
    there = [
        process for process in psutil.process_iter(["cwd"]) if process.info["cwd"] == str(folder)
    ]
    return sorted(
        (process for process in there if "RANK" in process.environ()),
        key=lambda process: process.environ()["RANK"],
    )


def test_they_end_when_whoever_started_them_is_killed(materials, tmp_path):
    jobs = Jobs(tmp_path)
    command = command_of(materials, "t5", *TWO, seconds=0.1, min_steps=100_000)
    job = jobs.start(*command)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not jobs.newest_step() and time.monotonic() < deadline:
        time.sleep(0.01)
    processes = workers_in(tmp_path)
    assert len(processes) == 2
    job.kill()
    assert psutil.wait_procs(processes, timeout=PATIENCE_SECONDS)[1] == []
