"""The smoke study through the profile, fine-tuning on GPUs: the results of a local run."""

import json
from collections import Counter
from itertools import combinations

import pytest
import yaml
from cluster import fill_in_profile, submitted
from repository_copy import SMOKE, copy_repository

pytestmark = pytest.mark.slurm

RESULTS = ("results/tables/*", "results/claims/*", "results/runs/**/*", "results/data/**/*")


@pytest.fixture(scope="module")
def on_the_cluster(tmp_path_factory):
    """Give a copy in which the smoke study has run on the cluster."""
    copy = copy_repository(tmp_path_factory.mktemp("cluster"))
    fill_in_profile(copy)
    put_six_runs_on_a_gpu(copy)
    of_a_node = ("--cores", "2", "--group-components", "runs-up-to-5M=6")
    with submitted(copy, "tables", "claims", *of_a_node, *SMOKE):
        return copy


def put_six_runs_on_a_gpu(copy):
    """Models of the smoke study are small: the first row of the table counts for them."""
    file = copy.folder / "profiles/resources.yaml"
    table = yaml.safe_load(file.read_text())
    table["stages"]["fine_tune"][0] |= {"gpus": 1, "packed": True}
    file.write_text(yaml.safe_dump(table))


def test_the_results_are_those_of_a_local_run_to_the_byte(smoke_study, on_the_cluster):
    local, cluster = (copy.contents(*RESULTS) for copy in (smoke_study, on_the_cluster))
    assert "results/tables/explanations.csv" in local
    assert local.keys() == cluster.keys()
    assert [path for path, content in local.items() if content != cluster[path]] == []


def fine_tuning_jobs(copy):
    """Read from their records where and when the fine-tuning jobs ran."""
    return [
        json.loads(file.read_text())["provenance"]
        for file in copy.files("results/costs/fine_tune/**/*.json")
    ]


def test_every_job_got_one_gpu(on_the_cluster):
    jobs = fine_tuning_jobs(on_the_cluster)
    assert len({job["hardware"]["slurm_job"] for job in jobs}) > 1
    assert {job["hardware"]["visible_gpus"] for job in jobs} <= {"0", "1"}


def test_no_gpu_was_given_to_two_jobs_at_the_same_time(on_the_cluster):
    at_the_same_time = Counter()
    for one, other in combinations(fine_tuning_jobs(on_the_cluster), 2):
        if one["hardware"]["slurm_job"] == other["hardware"]["slurm_job"]:
            continue
        if one["started"] < other["ended"] and other["started"] < one["ended"]:
            gpus = [
                (job["hardware"]["node"], job["hardware"]["visible_gpus"]) for job in (one, other)
            ]
            at_the_same_time[gpus[0] == gpus[1]] += 1
    assert at_the_same_time[True] == 0
    assert at_the_same_time[False] > 0
