"""Profiles for clusters: they hold all of the default one, and jobs ask for what they should."""

import re

import pytest
import yaml
from repository_copy import REPOSITORY

from showhow.models.sizes import parameters_of
from showhow.workflow.recipes import HubModel
from showhow.workflow.resources import read_resources, request_of, written_size

PROFILES = REPOSITORY / "profiles"
CLUSTERS = ["slurm", "slurm-noacct"]
PAPER = "configs/paper.yaml"


def profile(name):
    return yaml.safe_load((PROFILES / name / "config.yaml").read_text())


@pytest.mark.parametrize("name", CLUSTERS)
def test_a_cluster_profile_says_all_that_the_default_one_says(name):
    """Snakemake reads it in place of the default one, which the cluster's jobs read themselves."""
    default, cluster = profile("default"), profile(name)
    del default["group-components"]
    assert default.items() <= cluster.items()


@pytest.mark.parametrize("name", CLUSTERS)
def test_the_groups_of_a_profile_are_rows_of_the_table(name):
    sizes = {row.up_to for row in read_resources(PROFILES / "resources.yaml").stages["fine_tune"]}
    groups = {f"runs-up-to-{written_size(size)}" for size in sizes}
    assert {line.partition("=")[0] for line in profile(name)["group-components"]} <= groups


@pytest.mark.parametrize("name", CLUSTERS)
def test_what_is_left_to_the_user_is_marked(name):
    filled_in = profile(name)["default-resources"]
    expected = (
        {"slurm_partition"} if name == "slurm-noacct" else {"slurm_partition", "slurm_account"}
    )
    assert {key for key, value in filled_in.items() if value.startswith("your_")} == expected


@pytest.mark.parametrize("name", CLUSTERS)
def test_every_job_of_the_paper_study_asks_for_what_the_table_says(fresh_copy, name):
    done = fresh_copy.snakemake(
        *("--workflow-profile", f"profiles/{name}", "--configfile", PAPER, "--dry-run", "runs")
    )
    assert done.status == 0, done.said[-3000:]
    table = read_resources(PROFILES / "resources.yaml")
    models = yaml.safe_load((REPOSITORY / PAPER).read_text())["models"]
    jobs = re.findall(
        r"^rule (\w+):\n(?: .*\n)*? +wildcards: (.*)\n(?: .*\n)*? +resources: (.*)$",
        done.said,
        re.MULTILINE,
    )
    asked = dict.fromkeys(("fine_tune", "predict", "score", "write_responses"), 0)
    for stage, wildcards, resources in jobs:
        if stage not in asked:
            continue
        asked[stage] += 1
        model = dict(pair.split("=") for pair in wildcards.split(", ")).get("model")
        size = parameters_of(HubModel.model_validate(models[model])) if model else None
        request = request_of(table, stage, size)
        words = resources.split(", ")
        assert "slurm_partition=your_partition" in words
        assert f"mem_mb={request.memory_mb}" in words
        assert f"runtime={request.minutes}" in words
        if stage in ("fine_tune", "predict"):
            assert f"gpu={request.gpus}" in words
            assert request.gpus > 0
    assert all(asked.values()), asked
