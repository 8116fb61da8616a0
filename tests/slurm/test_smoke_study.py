"""The smoke study through the profile, its runs packed on GPUs: the results of a local run."""

import json
from collections import defaultdict
from itertools import combinations

import pytest
from cluster import fill_in_profile, pack_smallest_models, slurm_job, submitted
from repository_copy import SMOKE, copy_repository

pytestmark = pytest.mark.slurm

MADE = ("tables/*", "claims/*", "runs/**/*", "data/**/*")
RESULTS = tuple(f"results-smoke/{pattern}" for pattern in MADE)
RUNS = 24


@pytest.fixture(scope="module")
def on_the_cluster(tmp_path_factory):
    """Give a copy in which the smoke study has run on the cluster.

    Each job takes one core of a node, so that the four jobs of six runs fit onto it together.
    """
    copy = copy_repository(tmp_path_factory.mktemp("cluster"))
    fill_in_profile(copy)
    pack_smallest_models(copy, gpus=1)
    grouped = ("--cores", "1", "--group-components", "data=100", "runs-up-to-5M=6", "--")
    with submitted(copy, *SMOKE, *grouped, "tables", "claims"):
        return copy


def test_the_results_are_those_of_a_local_run_to_the_byte(smoke_study, on_the_cluster):
    local, cluster = (copy.contents(*RESULTS) for copy in (smoke_study, on_the_cluster))
    assert "results-smoke/tables/explanations.csv" in local
    assert local.keys() == cluster.keys()
    assert [path for path, content in local.items() if content != cluster[path]] == []


def hardware_of(copy, stage):
    """Read on what each job of a stage ran from their records."""
    records = copy.files(f"results-smoke/costs/{stage}/**/*.json")
    return [json.loads(file.read_text())["provenance"]["hardware"] for file in records]


def test_all_data_are_made_in_one_slurm_job(on_the_cluster):
    stages = ("generate_problems", "write_responses", "describe_data", "write_corpus")
    made = [hardware for stage in stages for hardware in hardware_of(on_the_cluster, stage)]
    assert len(made) > 50
    assert len({hardware["slurm_job"] for hardware in made}) == 1


def test_24_runs_are_made_in_at_most_4_slurm_jobs(on_the_cluster):
    made = hardware_of(on_the_cluster, "fine_tune")
    assert len(made) == RUNS
    assert len({hardware["slurm_job"] for hardware in made}) <= 4
    assert on_the_cluster.files("checkpoints/**/*") == []


@pytest.fixture
def gpus_by_job(on_the_cluster):
    """Give the GPUs that a job's trainings saw, each as node and number, by SLURM job."""
    seen = defaultdict(set)
    for hardware in hardware_of(on_the_cluster, "fine_tune"):
        seen[hardware["slurm_job"]].add((hardware["node"], hardware["visible_gpus"]))
    return seen


def test_every_job_got_one_gpu(gpus_by_job):
    assert len(gpus_by_job) > 1
    for seen in gpus_by_job.values():
        [(_, number)] = seen
        assert number in ("0", "1")


def test_no_gpu_was_given_to_two_jobs_at_the_same_time(gpus_by_job):
    jobs = [slurm_job(number) for number in gpus_by_job]
    at_the_same_time = [pair for pair in combinations(jobs, 2) if pair[0].overlaps(pair[1])]
    assert at_the_same_time
    for one, other in at_the_same_time:
        assert not gpus_by_job[one.number] & gpus_by_job[other.number]
