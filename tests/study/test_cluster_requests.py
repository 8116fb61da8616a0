"""What a cluster does not have is told before the first job, with the line to mend."""

from dataclasses import replace
from pathlib import Path

import pytest

from showhow.jobs.cluster import Nodes, read_nodes
from showhow.study.cluster_requests import Files, Wanted, missing, profiles_in_use

SAID = """\
main*|4|16000|gpu:2|infinite
big|128|512000|gpu:a100:4(S:0-1),gpu:h100:8|2-00:00:00
cpus|64|256000|(null)|4:00:00
"""
PROFILE = """\
executor: slurm
cores: 8
default-resources:
  slurm_partition: big
  slurm_account: mine
"""
TABLE = """\
at_most: {memory_mb: 900000}
stages:
  fine_tune:
    - {up_to: 5M, memory_mb: 4000, minutes: 60}
    - {gpus: 4, gpu_model: a100, cores: 8,
       memory_mb: 600000, minutes: 4000}
  predict:
    - {gpus: 1, memory_mb: 8000, minutes: 30}
"""
FITTING = Wanted(("fine_tune",), 8, 500000, 2880, 4, "a100", "big", "mine")


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("slurm").mkdir()
    Path("slurm/config.yaml").write_text(PROFILE)
    Path("table.yaml").write_text(TABLE)
    return Files((Path("slurm/config.yaml"),), Path("table.yaml"))


def told(wanted: Wanted, files: Files, accounts=frozenset({"mine", "ours"})) -> list[str]:
    return missing([wanted, wanted], read_nodes(SAID), set(accounts), files)


def test_sinfo_is_read_with_gpus_and_limits_of_time():
    main, big, cpus = read_nodes(SAID + "what?\n")
    assert main == Nodes("main", 4, 16000, {"": 2}, None, default=True)
    assert big == Nodes("big", 128, 512000, {"a100": 4, "h100": 8}, 2880)
    assert (cpus.gpus, cpus.minutes) == ({}, 240)
    assert (big.gpus_of(None), big.gpus_of("h100"), big.gpus_of("v100")) == (12, 8, 0)


CASES = {
    "a partition": (
        {"partition": "huge"},
        "command line: slurm_partition is huge, and this cluster has no partition huge; write one "
        "of big, cpus, main.",
    ),
    "an account": (
        {"account": "yours"},
        "command line: slurm_account is yours, which is none of yours; write one of mine, ours.",
    ),
    "a GPU that is not there": (
        {"gpu_model": "v100"},
        "table.yaml: gpu_model is v100, and no node of the partition big has such a GPU; write one "
        "of a100, h100.",
    ),
    "GPUs of a cluster without names for them": (
        {"partition": "main", "cores": 1, "memory_mb": 4000},
        "table.yaml, line 5: gpu_model is a100, and no node of the partition main has such a GPU; "
        "it has no names for its GPUs: leave it out.",
    ),
    "more GPUs": (
        {"gpus": 5},
        "table.yaml: fine_tune asks for 5 GPUs, and in the partition big the largest node has 4 "
        "GPUs; write gpus: 4 or less.",
    ),
    "more memory": (
        {"memory_mb": 600000},
        "table.yaml, line 6: fine_tune asks for 600000 MB, and in the partition big the largest "
        "node has 512000 MB; write memory_mb: 512000 or less.",
    ),
    "more time": (
        {"minutes": 4000},
        "table.yaml, line 6: fine_tune asks for 4000 minutes, and in the partition big the longest "
        "job has 2880 minutes; write minutes: 2880 or less.",
    ),
    "the default partition": (
        {"partition": None, "gpus": 0, "gpu_model": None, "memory_mb": 4000},
        "table.yaml, line 5: fine_tune asks for 8 cores, and in the partition main the largest "
        "node has 4 cores; write cores: 4 or less.",
    ),
    "several runs in a job": (
        {"stages": ("fine_tune", "predict"), "cores": 200},
        "slurm/config.yaml, line 2: fine_tune, predict share a job that asks for 200 cores, and in "
        "the partition big the largest node has 128 cores; write fewer `cores`, for so many are at "
        "work in it at once, or fewer jobs under `group-components`.",
    ),
    "a stage that asks by another's rows": (
        {"stages": ("measure_memory",), "memory_mb": 600000},
        "table.yaml, line 6: measure_memory asks for 600000 MB, and in the partition big the "
        "largest node has 512000 MB; write memory_mb: 512000 or less.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_a_cluster_lacks_is_one_sentence(files, case):
    changed, sentence = CASES[case]
    assert told(replace(FITTING, **changed), files) == [sentence]


def test_what_fits_and_what_nobody_knows_of_is_not_refused(files):
    assert told(FITTING, files) == []
    assert told(replace(FITTING, partition="main,big"), files) == []
    assert told(replace(FITTING, account="yours"), files, accounts=frozenset()) == []
    assert missing([replace(FITTING, partition="huge")], [], set(), files) == []


def test_the_line_of_the_profile_that_is_in_use_is_named(files, tmp_path):
    for options in (["--workflow-profile", "slurm"], ["--profile=slurm"]):
        assert profiles_in_use(["snakemake", *options], tmp_path) == files.profiles
    assert profiles_in_use(["snakemake", "--workflow-profile", "none"], tmp_path) == ()
    [sentence] = missing([FITTING], read_nodes("main*|4|16000|gpu:2|infinite\n"), set(), files)
    assert sentence.startswith("slurm/config.yaml, line 4: slurm_partition is big, and this")
    [sentence] = told(FITTING, files, accounts=frozenset({"ours"}))
    assert sentence.startswith("slurm/config.yaml, line 5: slurm_account is mine, which is none")
