"""`snakemake --resources gpu=2` on a machine without a scheduler: a device for each job."""

import json
import shutil
from itertools import combinations

import pytest

from tiny_study import configuration, snakemake, write_configuration

DEVICES = ("4", "7")


@pytest.fixture(scope="module")
def records(finished_study, tmp_path_factory):
    """Run four new fine-tunings that ask for a GPU each, on two devices; give their records."""
    folder = tmp_path_factory.mktemp("gpus") / "study"
    shutil.copytree(finished_study, folder, symlinks=True)
    config = configuration()
    config["studies"]["tiny"]["grids"][0]["seeds"] = [2, 3]
    write_configuration(folder, config)
    table = folder / "profiles/resources.yaml"
    before, fine_tune, rows = table.read_text().partition("  fine_tune:\n")
    table.write_text(before + fine_tune + rows.replace("cores: 1", "gpus: 1, cores: 1", 1))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CUDA_VISIBLE_DEVICES", ",".join(DEVICES))
        done = snakemake(folder, "--resources", "gpu=2", "--", "runs", cores=4)
    assert done.returncode == 0, done.stdout
    costs = sorted((folder / "results/costs").glob("*/tiny/**/seed[23].json"))
    return [json.loads(file.read_text()) for file in costs]


def fine_tunings(records):
    return [record["provenance"] for record in records if record["stage"] == "fine_tune"]


def test_every_job_that_asks_for_a_gpu_has_one(records):
    devices = [job["hardware"]["visible_gpus"] for job in fine_tunings(records)]
    assert len(devices) == 4
    assert set(devices) <= set(DEVICES)


def test_no_device_is_given_to_two_jobs_at_a_time(records):
    for one, other in combinations(fine_tunings(records), 2):
        if one["started"] < other["ended"] and other["started"] < one["ended"]:
            assert one["hardware"]["visible_gpus"] != other["hardware"]["visible_gpus"]


def test_a_job_that_asks_for_none_is_given_none_of_its_own(records):
    others = [record["provenance"] for record in records if record["stage"] == "predict"]
    assert {job["hardware"]["visible_gpus"] for job in others} == {",".join(DEVICES)}
