"""What jobs ask for: the table by stage and size, retries, and what a wrong table says."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from repository_copy import REPOSITORY

from showhow.base.errors import ShowhowError
from showhow.study.resources import (
    Request,
    ResourceTable,
    read_resources,
    read_size,
    request_of,
)

SHIPPED = REPOSITORY / "profiles/resources.yaml"
TABLE = ResourceTable.model_validate(
    {
        "at_most": {"memory_mb": 50_000, "minutes": 100},
        "stages": {
            "score": [{"memory_mb": 1000, "minutes": 10}],
            "fine_tune": [
                {"up_to": "5M", "memory_mb": 4000, "minutes": 60},
                {"up_to": "1B", "gpus": 1, "cores": 4, "memory_mb": 20000, "minutes": 100},
                {
                    "up_to": "4B",
                    "gpus": 4,
                    "gpu_model": "a100",
                    "cores": 8,
                    "memory_mb": 60000,
                    "minutes": 90,
                },
            ],
        },
    }
)


@pytest.mark.parametrize(
    ("written", "parameters"),
    [("600k", 600_000), ("100M", 100_000_000), ("2.85B", 2_850_000_000), (770, 770), ("3 B", 3e9)],
)
def test_sizes_are_written_as_people_write_them(written, parameters):
    assert read_size(written) == parameters


def test_the_first_row_that_is_large_enough_counts():
    assert request_of(TABLE, "fine_tune", 5_000_000) == Request(0, None, 1, 4000, 60)
    assert request_of(TABLE, "fine_tune", 5_000_001) == Request(1, None, 4, 20000, 100)
    assert request_of(TABLE, "fine_tune", 2_850_000_000) == Request(4, "a100", 8, 60000, 90)
    assert request_of(TABLE, "score") == Request(0, None, 1, 1000, 10)


def test_a_retry_asks_for_more_memory_and_time_up_to_the_limits_and_for_nothing_else():
    first = request_of(TABLE, "score")
    assert request_of(TABLE, "score", attempt=2) == replace(first, memory_mb=2000, minutes=15)
    assert request_of(TABLE, "score", attempt=3) == replace(first, memory_mb=3000, minutes=20)
    large = request_of(TABLE, "fine_tune", 10**8)
    assert request_of(TABLE, "fine_tune", 10**8, attempt=9) == replace(large, memory_mb=50_000)


@given(st.integers(1, 4 * 10**9), st.integers(1, 4 * 10**9), st.integers(1, 4), st.integers(1, 4))
def test_a_larger_model_or_a_later_attempt_never_asks_for_less_memory(size, other, attempt, later):
    small, large = sorted((size, other))
    early, late = sorted((attempt, later))
    low = request_of(TABLE, "fine_tune", small, early)
    assert low.memory_mb <= request_of(TABLE, "fine_tune", small, late).memory_mb
    assert request_of(TABLE, "fine_tune", small).memory_mb <= (
        request_of(TABLE, "fine_tune", large).memory_mb
    )


@pytest.mark.parametrize(
    ("stage", "parameters", "says"),
    [
        ("fine_tune", 5 * 10**9, "no row of fine_tune for a model of 5,000,000,000 parameters"),
        ("fine_tun", 10, "no stage fine_tun; did you mean fine_tune?"),
    ],
)
def test_what_the_table_does_not_say_is_said(stage, parameters, says):
    with pytest.raises(ShowhowError, match=says):
        request_of(TABLE, stage, parameters)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[", "line 1: this is not YAML"),
        ("", "stages is missing; write it"),
        ("stages:\n score: []", "line 2: stages.score is empty"),
        ("stages:\n score:\n - {memory_mb: 1}", "line 3: stages.score[0].minutes is missing"),
        ("stages:\n score:\n - {memory_mb: 1, minute: 2}", "did you mean minutes?"),
        ("stages:\n score:\n - {up_to: 5X, memory_mb: 1, minutes: 1}", "such as 600k, 100M or 3B"),
        ("stages:\n score:\n - {gpu_model: a, memory_mb: 1, minutes: 1}", "but gpus is 0"),
        (
            "stages:\n score:\n - {memory_mb: 1, minutes: 1}\n"
            " - {up_to: 1, memory_mb: 1, minutes: 1}",
            "line 2: stages.score is [",
        ),
    ],
)
def test_a_wrong_table_is_explained(tmp_path, text, says):
    file = tmp_path / "resources.yaml"
    file.write_text(text)
    with pytest.raises(ShowhowError) as caught:
        read_resources(file)
    assert says in str(caught.value)


def test_a_table_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ShowhowError, match=r"none\.yaml: cannot be read"):
        read_resources(tmp_path / "none.yaml")


PACKED = ResourceTable.model_validate(
    {
        "stages": {
            "fine_tune": [
                {"up_to": "5M", "memory_mb": 1, "minutes": 1, "packed": True},
                {"up_to": "100M", "gpus": 1, "memory_mb": 1, "minutes": 1, "packed": True},
                {
                    "up_to": "1.5B",
                    "gpus": 1,
                    "gpu_model": "a100",
                    "memory_mb": 1,
                    "minutes": 1,
                    "packed": True,
                },
                {"up_to": "4B", "gpus": 4, "memory_mb": 1, "minutes": 1, "sharded": True},
            ]
        }
    }
)


@pytest.mark.parametrize(
    ("parameters", "group", "gpu"),
    [
        (600_000, "runs-up-to-5M", None),
        (60_506_624, "runs-up-to-100M", "gpu:1"),
        (737_668_096, "runs-up-to-1500M", "gpu:a100:1"),
    ],
)
def test_packed_runs_of_a_row_are_one_group_and_ask_for_one_gpu(parameters, group, gpu):
    asked = request_of(PACKED, "fine_tune", parameters)
    assert (asked.group, asked.shared_gpu, asked.sharded) == (group, gpu, False)


def test_a_large_model_stands_alone_on_several_gpus():
    asked = request_of(PACKED, "fine_tune", 2_851_598_336)
    assert (asked.group, asked.gpus, asked.sharded) == (None, 4, True)


@pytest.mark.parametrize(
    ("row", "says"),
    [("gpus: 2, packed: true", "packed runs share one GPU"), ("sharded: true", "write gpus: 2")],
)
def test_a_row_that_cannot_be_is_refused(tmp_path, row, says):
    file = tmp_path / "resources.yaml"
    file.write_text(f"stages:\n fine_tune:\n - {{memory_mb: 1, minutes: 1, {row}}}")
    with pytest.raises(ShowhowError, match=says):
        read_resources(file)


# The table that comes with the workflow.


def test_models_of_the_ladder_ask_for_one_core_and_no_gpu():
    table = read_resources(SHIPPED)
    for stage in ("fine_tune", "predict", "pretrain"):
        request = request_of(table, stage, 600_000)
        assert (request.gpus, request.cores) == (0, 1)


@pytest.mark.parametrize("stage", ["fine_tune", "predict"])
@pytest.mark.parametrize("parameters", [60_506_624, 222_903_552, 737_668_096, 2_851_598_336])
def test_every_size_of_t5_gets_a_gpu(stage, parameters):
    assert request_of(read_resources(SHIPPED), stage, parameters).gpus >= 1


# The rules.

HUB = {"kind": "hub", "id": "google-t5/t5-small"}


def plan_of_hub_model(copy, folder: Path, **described) -> tuple[int, str]:
    study = yaml.safe_load((REPOSITORY / "configs/smoke.yaml").read_text())
    study["models"] = {"t5-small": {**HUB, **described}}
    grid = {"name": "all", "tasks": ["parity"], "variants": ["none"], "models": ["t5-small"]}
    study["studies"] = {"hub": {"grids": [{**grid, "n_train": [40], "seeds": [1]}]}}
    file = folder / "hub.yaml"
    file.write_text(yaml.safe_dump(study))
    finished = copy.snakemake("--cores", "8", "--dry-run", "--configfile", str(file))
    return finished.status, finished.said


@pytest.mark.parametrize("gpus", ["0", ""])
def test_a_job_asks_for_what_the_table_says_for_the_size_of_its_model(
    gpus, fresh_copy, tmp_path, monkeypatch
):
    """The cores beside a GPU are for where there is one: without, a job computes on one."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", gpus)
    status, said = plan_of_hub_model(fresh_copy, tmp_path, parameters=60_506_624)
    assert status == 0, said
    asked = request_of(read_resources(SHIPPED), "fine_tune", 60_506_624)
    job = said.partition("rule fine_tune:")[2].partition("[")[0]
    for words in (f"gpu={asked.gpus}", f"mem_mb={asked.memory_mb}", f"runtime={asked.minutes}"):
        assert words in job
    # Snakemake says nothing of a job that asks for one.
    assert (f"threads: {asked.cores}" in job, "threads:" in job) == (bool(gpus), bool(gpus))


def test_a_hub_model_without_its_size_is_asked_for_it(fresh_copy, tmp_path):
    status, said = plan_of_hub_model(fresh_copy, tmp_path)
    assert status != 0
    assert "models.t5-small" in said and "write `parameters:`" in said
