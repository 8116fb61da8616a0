"""What a person sees of a job that fails on the cluster: one sentence, and where to read more."""

import subprocess

import pytest
from cluster import PROFILE, SOON, eventually, fill_in_profile, queued_jobs, run
from interrupted_study import CONFIGURED, run_with, training_with, without_runs
from repository_copy import SNAKEMAKE

pytestmark = pytest.mark.slurm

MOST_LINES = 40
"""Of all that is said with --quiet rules, from the first line to the last."""


@pytest.fixture
def study(undisturbed, tmp_path):
    copy = without_runs(undisturbed, tmp_path / "study")
    fill_in_profile(copy)
    return copy


def begun(study, *options: str) -> subprocess.Popen:
    """Begin one run of the study on the cluster; failed jobs are not tried again."""
    asked = ("--workflow-profile", PROFILE, *SOON, "--retries", "0", "--quiet", "rules")
    target = f"{run_with(1)}/train.json"
    return subprocess.Popen(
        [SNAKEMAKE, *asked, *CONFIGURED, *options, "--", target],
        cwd=study.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_cancelled_job_is_a_sentence_and_a_path_once(study):
    process = begun(study)
    training = training_with(study, 1)
    held = eventually("a training with a checkpoint", training.held)
    run("scancel", held.job)
    held.go_on()
    said = process.communicate(timeout=600)[0]
    assert process.returncode != 0
    [told] = [line for line in said.splitlines() if "CANCELLED" in line]
    assert told.startswith("fine_tune of tiny/bits/none/small/n8/seed1: SLURM-job ")
    assert told.count("Its log: ") == 1
    assert "unavailable" not in said and "None" not in said
    assert len(said.splitlines()) < MOST_LINES, said


def test_a_stage_that_fails_there_is_its_own_sentence(study):
    stage = study.folder / "workflow_scripts/stages/fine_tune.py"
    text, begin = stage.read_text(), "def fine_tune(options: Options) -> Work:\n"
    assert begin in text
    broken = '    raise ShowhowError("The dog ate the model; ask for another.")\n'
    stage.write_text(text.replace(begin, begin + broken))
    said = begun(study).communicate(timeout=600)[0]
    assert said.count("The dog ate the model") == 1, said
    log = "logs/fine_tune/tiny/bits/none/small/n8/seed1.log"
    assert f"The dog ate the model; ask for another. Its log: {log}\n" in said
    assert len(said.splitlines()) < MOST_LINES, said


REFUSED = {
    "a partition": (
        ["--default-resources", "slurm_partition=nowhere"],
        "this cluster has no partition nowhere; write one of main.",
    ),
    "memory": (
        ["--set-resources", "fine_tune:mem_mb=900000"],
        "fine_tune asks for 900000 MB, and in the partition main the largest node has 16000 MB",
    ),
    "a GPU": (
        ["--set-resources", "fine_tune:gpu=1", "fine_tune:gpu_model=h100"],
        "gpu_model is h100, and no node of the partition main has such a GPU",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_cluster_does_not_have_is_told_before_anything_is_submitted(study, case):
    options, sentence = REFUSED[case]
    before = queued_jobs()
    process = begun(study, *options)
    said = process.communicate(timeout=600)[0]
    assert process.returncode != 0
    assert said.count(sentence) == 1, said
    assert queued_jobs() == before and "submitted" not in said
    assert len(said.splitlines()) < MOST_LINES, said


def test_the_line_of_the_profile_is_named(study):
    profile = study.folder / PROFILE / "config.yaml"
    text = profile.read_text().replace("slurm_partition: main", "slurm_partition: nowhere")
    profile.write_text(text)
    line = 1 + text[: text.index("slurm_partition: nowhere")].count("\n")
    said = begun(study).communicate(timeout=600)[0]
    assert f"{PROFILE}/config.yaml, line {line}: slurm_partition is nowhere" in said, said
