"""A training that was killed ends in the same bytes, and trusts only checkpoints that are whole."""

import json
import os
import random
import shutil
import signal
import time
from functools import partial
from pathlib import Path

import pytest
from small_runs import copied_numbers, fine_tuning, result

from showhow.base.rows import write_jsonl
from showhow.base.surroundings import VARIABLE, Surroundings, in_words
from showhow.jobs.attempts import read_attempts
from showhow.jobs.unfinished import remove_used
from showhow.models.loading import save_base
from small_models import foreign_t5_folder, ladder_base
from started_jobs import Jobs, after, in_surroundings

RECIPES = {
    "decoder": {"optimizer": "muon"},
    "decoder, accumulated in bf16": {
        "optimizer": "adamw",
        "micro_batch_size": 3,
        "precision": "bf16",
    },
    "t5": {"optimizer": "adafactor"},
    "t5, accumulated": {"optimizer": "muon", "micro_batch_size": 4},
    "decoder, with an adapter": {"optimizer": "adamw", "adapter": {"rank": 4, "dropout": 0.1}},
    "t5, with an adapter": {"optimizer": "adafactor", "adapter": {"rank": 4}},
}
STEPS = 80


@pytest.fixture(scope="module")
def materials(tmp_path_factory):
    """A decoder, a T5 with dropout, and training data."""
    folder = tmp_path_factory.mktemp("materials")
    save_base(ladder_base("decoder"), folder / "decoder")
    foreign_t5_folder(folder / "t5")
    write_jsonl(folder / "responses.jsonl", copied_numbers(lambda digit: 1 + digit % 3))
    return folder


@pytest.fixture
def jobs(tmp_path):
    return Jobs(tmp_path)


def command_of(materials: Path, name: str, seconds=0.1, **changed) -> list[str]:
    """The command line of a run whose recipe is RECIPES[name]."""
    recipe = {"min_steps": STEPS, **RECIPES[name], **changed}
    base, responses = materials / name.partition(",")[0], materials / "responses.jsonl"
    return fine_tuning(base, responses, recipe, seconds)


@pytest.fixture(scope="module")
def undisturbed(materials, tmp_path_factory):
    """Give what a run ends in when nobody kills it; each made once."""
    made = {}

    def of(name):
        if name not in made:
            folder = tmp_path_factory.mktemp("undisturbed")
            job = Jobs(folder).run(*command_of(materials, name, seconds=1000))
            assert job.status == 0, job.log
            made[name] = result(folder / "run")
        return made[name]

    return of


def once_on(jobs):
    """Give the moment after the next checkpoint."""
    before = jobs.newest_step()
    return lambda: jobs.newest_step() > before


def soon(chance, jobs):
    """Give a random moment; on a fast machine, one before many more steps are done."""
    moment, most = after(chance.uniform(0, 1)), jobs.newest_step() + 10
    return lambda: moment() or jobs.newest_step() > most


def killed_again_and_again(jobs, command, chance):
    """Kill a run four times, or until a kill comes too late for it, and let it end."""
    signals = (signal.SIGKILL, signal.SIGTERM)
    for number in signals:
        for sent, moment in ((number, once_on), (chance.choice(signals), partial(soon, chance))):
            before = jobs.newest_step()
            ended = jobs.kill(sent, moment(jobs), *command)
            if ended.status == 0:
                assert before > 0, "It was never killed: too few steps for this machine."
                return ended
    return jobs.run(*command)


@pytest.mark.parametrize("name", RECIPES)
def test_killed_at_any_moment_it_ends_in_the_same_bytes(name, jobs, materials, undisturbed):
    command = command_of(materials, name, seconds=0.05)
    last = killed_again_and_again(jobs, command, random.Random(name))
    assert last.status == 0, last.log
    assert result(jobs.folder / "run") == undisturbed(name)
    assert sorted(path.name for path in (jobs.folder / "run").iterdir()) == ["model", "train.json"]


@pytest.fixture(scope="module")
def killed(materials, tmp_path_factory):
    """Give the folder of a T5 run with two checkpoints, one for each request to stop."""
    jobs = Jobs(tmp_path_factory.mktemp("killed"))
    for begun in ("training", "Going on from"):
        jobs.kill(signal.SIGTERM, jobs.logged(begun), *command_of(materials, "t5", seconds=1000))
    assert len(list(jobs.kept().glob("step-*"))) == 2
    return jobs.folder


@pytest.fixture
def jobs_after_a_kill(killed, tmp_path):
    return Jobs(Path(shutil.copytree(killed, tmp_path / "copy")))


def test_sigterm_saves_at_the_next_step_and_is_a_failure(jobs_after_a_kill, materials, undisturbed):
    jobs = jobs_after_a_kill
    before = jobs.newest_step()
    command = command_of(materials, "t5", seconds=1000)
    stopped = jobs.kill(signal.SIGTERM, jobs.logged("Going on from"), *command)
    assert stopped.status == 143
    step = jobs.newest_step()
    assert before < step < STEPS
    assert f"step-{step:09d}" in jobs.run(*command).log
    assert result(jobs.folder / "run") == undisturbed("t5")


def truncate(checkpoint):
    weights = checkpoint / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])


def flip_a_bit(checkpoint):
    state = checkpoint / "optimizer.pt"
    content = bytearray(state.read_bytes())
    content[len(content) // 2] ^= 1
    state.write_bytes(content)


def lose_a_file(checkpoint):
    (checkpoint / "rng_state.pth").unlink()


def lose_the_manifest(checkpoint):
    (checkpoint / "manifest.json").unlink()


def garble_the_manifest(checkpoint):
    (checkpoint / "manifest.json").write_text("{")


def come_from_another_run(checkpoint):
    manifest = json.loads((checkpoint / "manifest.json").read_text())
    (checkpoint / "manifest.json").write_text(json.dumps({**manifest, "key": "another"}))


def be_of_another_step(checkpoint):
    checkpoint.rename(checkpoint.with_name("step-000000079"))


DAMAGES = {
    truncate: "model.safetensors is not what was written",
    flip_a_bit: "optimizer.pt is not what was written",
    lose_a_file: "rng_state.pth is missing",
    lose_the_manifest: "it has no manifest.json",
    garble_the_manifest: "its manifest.json is damaged",
    come_from_another_run: "it belongs to another run",
    be_of_another_step: "it is that of step",
}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_checkpoint_that_is_not_whole_or_not_its_own_is_refused(
    damage, jobs_after_a_kill, materials, undisturbed
):
    jobs = jobs_after_a_kill
    *_, older, newest = sorted(jobs.kept().glob("step-*"))
    damage(newest)
    job = jobs.run(*command_of(materials, "t5", seconds=1000))
    [refused] = [line for line in job.log.splitlines() if "is refused" in line]
    assert DAMAGES[damage] in refused
    assert f"Going on from the checkpoint {older.relative_to(jobs.folder)}" in job.log
    assert result(jobs.folder / "run") == undisturbed("t5")


def test_without_a_good_checkpoint_it_starts_anew(jobs_after_a_kill, materials, undisturbed):
    jobs = jobs_after_a_kill
    for checkpoint in jobs.kept().glob("step-*"):
        truncate(checkpoint)
    job = jobs.run(*command_of(materials, "t5", seconds=1000))
    assert job.log.count("is refused") >= 2
    assert "Going on" not in job.log
    assert result(jobs.folder / "run") == undisturbed("t5")


def test_the_checkpoints_of_another_recipe_are_stale(jobs_after_a_kill, materials):
    jobs = jobs_after_a_kill
    job = jobs.run(*command_of(materials, "t5", learning_rate=0.03))
    assert job.status == 0, job.log
    assert "is stale (changed: recipe) and not used" in job.log
    assert "Going on" not in job.log
    assert len(list(jobs.folder.glob("checkpoints/*"))) == 1


def test_done_but_not_noted_it_goes_on_from_its_last_checkpoint(jobs, materials, undisturbed):
    command = command_of(materials, "t5")
    assert jobs.run(*command).status == 0
    last = jobs.newest_step()
    shutil.rmtree(jobs.folder / "run")  # as Snakemake does when it was killed before it took note
    again = jobs.run(*command)
    assert (
        f"Going on from the checkpoint checkpoints/{jobs.kept().name}/step-{last:09d}" in again.log
    )
    assert result(jobs.folder / "run") == undisturbed("t5")


def test_the_record_counts_all_attempts(jobs, materials):
    command = [*command_of(materials, "decoder"), "--cost=costs/fine_tune/run.json"]
    record = jobs.folder / "costs/fine_tune/run.json"
    for number in (signal.SIGKILL, signal.SIGTERM):
        noted = jobs.progress_notes()
        jobs.kill(number, lambda noted=noted: jobs.progress_notes() > noted, *command)
    attempts = read_attempts(jobs.kept())
    assert jobs.run(*command).status == 0
    cost = json.loads(record.read_text())
    assert (cost["attempts"], cost["resumed"]) == (3, True)
    assert cost["cpu_seconds"] > attempts.earlier.cpu_seconds > 0
    assert cost["wall_seconds"] > attempts.earlier.wall_seconds > 0
    undisturbed = Jobs(jobs.folder / "other")
    undisturbed.folder.mkdir()
    assert undisturbed.run(*command).status == 0
    alone = json.loads((undisturbed.folder / "costs/fine_tune/run.json").read_text())
    assert (alone["attempts"], alone["resumed"]) == (1, False)


def test_the_checkpoint_frequency_is_no_part_of_the_run(jobs_after_a_kill, materials):
    job = jobs_after_a_kill.run(*command_of(materials, "t5", seconds=3))
    assert "Going on from" in job.log


def test_two_processes_never_work_on_one_run(jobs, materials, undisturbed):
    others = Jobs(jobs.folder, "other.log")
    command = command_of(materials, "t5")
    one, other = jobs.start(*command), others.start(*command)
    logs = [jobs.ended(one), others.ended(other)]
    assert [job.status for job in logs] == [0, 0]
    assert sum("waiting until it has ended" in job.log for job in logs) == 1
    assert result(jobs.folder / "run") == undisturbed("t5")


def test_a_run_of_a_job_of_many_goes_on_from_its_end_until_the_job_is_done(
    jobs, materials, undisturbed, monkeypatch
):
    monkeypatch.setenv(VARIABLE, in_words(Surroundings(kept_by="17")))
    monkeypatch.chdir(jobs.folder)
    (jobs.folder / "run").mkdir()
    scores = jobs.folder / "run/scores.json"
    scores.write_text("of an earlier configuration")
    command = command_of(materials, "decoder", seconds=1000)
    for _ in ("at first", "as the job is done again"):
        assert jobs.run(*command).status == 0
        assert result(jobs.folder / "run") == undisturbed("decoder")
        shutil.rmtree(jobs.folder / "run/model")
    assert f"Going on from the checkpoint {jobs.kept()}/step-{STEPS:09d}" in (
        jobs.log.read_text().replace("checkpoints/", f"{jobs.folder}/checkpoints/")
    )
    remove_used(Path("checkpoints"))
    assert jobs.kept() is not None
    os.utime(scores, (time.time() + 1, time.time() + 1))
    remove_used(Path("checkpoints"), running={"17"})
    assert jobs.kept() is not None
    remove_used(Path("checkpoints"))
    assert jobs.kept() is None


@pytest.mark.parametrize("family", ["decoder", "t5"])
def test_a_killed_pretraining_ends_in_the_same_bytes(family, materials, tmp_path):
    optimizer = {"decoder": "muon", "t5": "adafactor"}[family]
    description = {"kind": "ladder", "family": family, "hidden": 16, "layers": 1, "heads": 2}
    recipe = {"steps": STEPS, "batch_size": 8, "optimizer": optimizer}
    told = {"name": family, "description": description, "recipe": recipe}
    command = [
        in_surroundings(checkpoint_seconds=0.1),
        "pretrain",
        f"--corpus={materials / 'responses.jsonl'}",
        "--output=model",
        f"--options={json.dumps(told)}",
    ]
    quiet, disturbed = (Jobs(tmp_path / name) for name in ("quiet", "disturbed"))
    for jobs in (quiet, disturbed):
        jobs.folder.mkdir()
    assert quiet.run(*command).status == 0
    for number in (signal.SIGKILL, signal.SIGTERM):
        step = disturbed.newest_step()
        disturbed.kill(number, lambda step=step: disturbed.newest_step() > step, *command)
    assert disturbed.newest_step() > 0
    assert "Going on from" in disturbed.run(*command).log
    files = [
        {file.name: file.read_bytes() for file in (jobs.folder / "model").iterdir()}
        for jobs in (quiet, disturbed)
    ]
    assert files[0] == files[1]
