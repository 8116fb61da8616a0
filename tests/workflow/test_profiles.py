"""Profiles for clusters: they hold all of the default one, and jobs ask for what they should."""

import pytest
import yaml
from repository_copy import REPOSITORY

from showhow.models.sizes import parameters_of
from showhow.recipes.base_models import HubModel
from showhow.study.resources import read_resources, request_of, written_size

PROFILES = REPOSITORY / "profiles"
CLUSTERS = ["slurm", "slurm-noacct"]
PAPER = "configs/paper.yaml"


def profile(name):
    return yaml.safe_load((PROFILES / name / "config.yaml").read_text())


@pytest.mark.parametrize("name", CLUSTERS)
def test_a_cluster_profile_says_all_that_the_default_one_says(name):
    """Snakemake reads it in place of the default one."""
    default, cluster = profile("default"), profile(name)
    assert default.items() <= cluster.items()


@pytest.mark.parametrize("name", CLUSTERS)
def test_the_groups_of_a_profile_are_the_data_and_rows_of_the_table(name):
    sizes = {row.up_to for row in read_resources(PROFILES / "resources.yaml").stages["fine_tune"]}
    groups = {f"{jobs}-up-to-{written_size(size)}" for size in sizes for jobs in ("runs", "trials")}
    of_profile = {line.partition("=")[0] for line in profile(name)["group-components"]}
    assert of_profile <= {"data", *groups}


@pytest.mark.parametrize("name", CLUSTERS)
def test_what_is_left_to_the_user_is_marked(name):
    filled_in = profile(name)["default-resources"]
    expected = (
        {"slurm_partition"} if name == "slurm-noacct" else {"slurm_partition", "slurm_account"}
    )
    assert {key for key, value in filled_in.items() if value.startswith("your_")} == expected


# Rules that run where Snakemake does, and the target.
LOCAL = {"download", "list_runs", "tabulate_runs", "claims"}
ON_GPUS = {"fine_tune", "predict"}


@pytest.mark.parametrize("name", CLUSTERS)
def test_every_job_of_the_paper_study_asks_for_what_the_table_says(fresh_copy, name):
    chosen = ("--workflow-profile", f"profiles/{name}", "--configfile", PAPER)
    jobs = [job for job in fresh_copy.plan("claims", *chosen) if job.rule not in LOCAL]
    table = read_resources(PROFILES / "resources.yaml")
    filled_in = profile(name)["default-resources"].items()
    sizes = sizes_of_the_papers_models()
    for job in jobs:
        size = sizes[job.wildcards["model"]] if job.rule in ON_GPUS else None
        request = request_of(table, job.rule, size)
        assert filled_in <= job.resources.items()
        assert job.resources["mem_mb"] == str(request.memory_mb)
        assert job.resources["runtime"] == str(request.minutes)
        assert job.resources.get("gpu", "0") == str(request.gpus)
        assert (request.gpus > 0) == (job.rule in ON_GPUS)
    of_data = {"generate_problems", "write_responses", "describe_data"}
    assert {job.rule for job in jobs} == of_data | ON_GPUS | {"score", "decide_claims"}


def sizes_of_the_papers_models():
    models = yaml.safe_load((REPOSITORY / PAPER).read_text())["models"]
    return {
        model: parameters_of(HubModel.model_validate(described))
        for model, described in models.items()
    }
