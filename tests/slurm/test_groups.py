"""Small runs that share a SLURM job: few jobs, the same results, and each resumes when killed."""

import json

import pytest
import yaml
from cluster import Training, eventually, fill_in_profile, run, submitted
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
    "models": {
        "tiny": {"kind": "ladder", "hidden": 16, "layers": 1, "heads": 2},
        "patient": {
            **{"kind": "ladder", "hidden": 16, "layers": 1, "heads": 2},
            "training": {"min_steps": 1000},
        },
    },
    "corpus": {"examples": 40},
    "pretraining": {"steps": 2, "batch_size": 4},
    "training": {"batch_size": 4},
    "keeping": {"checkpoint_seconds": 0},
    "evaluation": {"max_new_tokens": 8},
}
GRID = {"tasks": ["bits"], "variants": ["none"], "n_train": [8]}
SEEDS = {"tiny": range(1, 25), "patient": range(1, 5)}
CONFIGURED = ("--configfile", "study.yaml")


def runs_of(model):
    return [f"results/runs/study/bits/none/{model}/n8/seed{seed}" for seed in SEEDS[model]]


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """Give a copy in which all runs were made without a cluster."""
    copy = copy_repository(tmp_path_factory.mktemp("local"))
    grids = [
        {**GRID, "name": model, "models": [model], "seeds": list(seeds)}
        for model, seeds in SEEDS.items()
    ]
    study = {**STUDY, "studies": {"study": {"grids": grids}}}
    (copy.folder / "study.yaml").write_text(yaml.safe_dump(study))
    copy.make("runs", *CONFIGURED)
    return copy


@pytest.fixture
def packed(local, tmp_path):
    """Give a copy with data and base model but without runs, whose smallest models are packed."""
    copy = copy_of(local, tmp_path / "study")
    for made in ("results/runs", "results/costs/fine_tune"):
        run("rm", "-r", copy.folder / made)
    fill_in_profile(copy)
    file = copy.folder / "profiles/resources.yaml"
    table = yaml.safe_load(file.read_text())
    table["stages"]["fine_tune"][0]["packed"] = True
    file.write_text(yaml.safe_dump(table))
    return copy


def submitted_in_jobs_of(number, copy, runs):
    """Have jobs of so many runs each make them; a node of this cluster has two cores."""
    grouped = ("--cores", "2", "--group-components", f"runs-up-to-5M={number}")
    return submitted(copy, *CONFIGURED, *grouped, "--", *(f"{run}/scores.json" for run in runs))


def slurm_jobs(copy):
    return [
        json.loads(file.read_text())["provenance"]["hardware"]["slurm_job"]
        for file in copy.files("results/costs/fine_tune/**/*.json")
    ]


def assert_the_results_are_those_of(local, copy, model):
    runs = f"results/runs/study/bits/none/{model}/**/*"
    expected, found = (side.contents(runs) for side in (local, copy))
    assert found.keys() == expected.keys()
    assert [path for path, content in expected.items() if content != found[path]] == []


def test_24_runs_are_made_in_at_most_4_jobs(local, packed):
    with submitted_in_jobs_of(6, packed, runs_of("tiny")):
        pass
    jobs = slurm_jobs(packed)
    assert len(jobs) == 24
    assert len(set(jobs)) <= 4
    assert_the_results_are_those_of(local, packed, "tiny")
    assert packed.files("checkpoints/**/*") == []


def test_a_job_of_many_runs_that_is_killed_goes_on_with_each(local, packed):
    trainings = [Training(packed, run) for run in runs_of("patient")]

    def three_with_checkpoints():
        begun = [training for training in trainings if training.checkpoint() is not None]
        return begun if len(begun) > 2 else None

    with submitted_in_jobs_of(len(trainings), packed, runs_of("patient")):
        begun = eventually("a checkpoint of a third run", three_with_checkpoints)
        [job] = run("squeue", "--noheader", "--format=%A").split()
        run("scontrol", "requeue", job)
    for training in begun:
        assert "Going on from the checkpoint" in training.log
    assert set(slurm_jobs(packed)) == {job}
    assert_the_results_are_those_of(local, packed, "patient")
