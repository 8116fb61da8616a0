"""What `make plan` says: counts, causes with old and new value, and the expected time."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from small_study import configuration, write_configuration

from showhow.forecast.expected_work import work_in
from showhow.forecast.gpus import read_devices
from showhow.models.sizes import parameters_of
from showhow.staleness.fingerprint import Fingerprint
from showhow.staleness.fingerprint_records import (
    code_changes,
    record_fingerprint,
    recorded_fingerprint,
)
from showhow.staleness.parameter_changes import SELECTED, parameter_changes
from showhow.staleness.plan import (
    CostRecord,
    PlannedJob,
    Scaled,
    costs_of,
    describe_plan,
    in_words,
    made_here,
    read_cost_records,
)
from showhow.staleness.selections import Selections
from showhow.staleness.stage_code import StageCode
from showhow.study.studies import Studies
from showhow.study.validation import load_configuration
from tiny_study import REPOSITORY
from tiny_study import configuration as tiny_configuration


def write_cost(folder, target, seconds):
    file = folder / f"{target}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    stage = target.partition("/")[0]
    file.write_text(
        json.dumps({"stage": stage, "wall_seconds": seconds, "startup_cpu_seconds": 0.5})
    )


@pytest.fixture
def costs(tmp_path):
    for seed, seconds in ((1, 9.5), (2, 11.5), (3, 19.5)):
        write_cost(tmp_path, f"fine_tune/study/listops/none/small/n10/seed{seed}", seconds)
    write_cost(tmp_path, "fine_tune/study/listops/none/large/n10/seed1", 99.5)
    return costs_of(read_cost_records(tmp_path, ["small", "large"]))


def test_a_job_is_expected_to_take_what_it_took_or_else_the_median_of_its_like(costs):
    def expected(model, cost, stage="fine_tune"):
        return costs.expected(PlannedJob(stage, model, cost, "stale"))

    assert expected("small", "fine_tune/study/listops/none/small/n10/seed3.json") == 20
    assert expected("small", "fine_tune/study/listops/none/small/n10/seed9.json") == 12
    assert expected("large", "fine_tune/another.json") == 100
    assert expected("unseen", "fine_tune/another.json") == 16
    assert expected("small", "score/another.json", "score") is None
    assert expected("", "", "write_report") == 0


PARAMETERS = {"small": 10**6, "large": 10**8, "nameless": None}


def computed(model, n_train, seconds, tokens):
    cost = f"fine_tune/study/listops/none/{model}/n{n_train}/seed1.json"
    return CostRecord(cost, "fine_tune", model, seconds, tokens)


def scaled_by(tokens):
    """Scale fine-tunings, each of so many tokens, and nothing else."""

    def work_of(job):
        parameters = PARAMETERS[job.model]
        return tokens * parameters if tokens and parameters else None

    return Scaled(("fine_tune",), PARAMETERS, work_of)


@pytest.mark.parametrize(
    ("model", "tokens", "seconds"),
    [
        ("small", 1000, 2.0),
        ("small", 4000, 8.0),
        ("large", 500, 100.0),
        ("large", 200_000, 80_000.0),
        ("nameless", 1000, None),
        ("small", None, None),
    ],
)
def test_a_job_that_computes_takes_longer_than_its_like_by_its_work(model, tokens, seconds):
    records = [
        *(computed("small", n, took, 1000) for n, took in ((8, 1.0), (9, 2.0), (10, 30.0))),
        computed("large", 10, 40_000.0, 100_000),
    ]
    costs = costs_of(records, scaled_by(tokens))
    job = PlannedJob("fine_tune", model, f"fine_tune/study/listops/long/{model}/n1.json", "new")
    expected = costs.expected(job)
    assert expected == (seconds if seconds is None else pytest.approx(seconds))
    assert costs.expected(PlannedJob("fine_tune", "small", records[2].cost, "stale")) == 30.0


def test_before_any_job_of_a_kind_has_run_its_time_is_not_known():
    asked = []
    scaled = Scaled(("fine_tune", "predict"), PARAMETERS, lambda job: asked.append(job) or 1.0)
    costs = costs_of([computed("small", 8, 1.0, 1000)], scaled)
    assert costs.expected(PlannedJob("predict", "small", "predict/x.json", "new")) is None
    assert asked == []
    of_no_tokens = costs_of([computed("small", 8, 1.0, 0)], scaled)
    assert of_no_tokens.expected(PlannedJob("fine_tune", "small", "fine_tune/x", "new")) is None
    [*_, last] = describe_plan([PlannedJob("predict", "small", "p", "new")], costs, 2).splitlines()
    assert last == (
        "1 job: how long they take is not known. No earlier run says how long these take: predict."
    )


def test_what_another_machine_took_says_nothing_but_a_clusters_nodes_do():
    here = {"processor": "A processor", "cores": 8}
    mine = CostRecord("a", "score", "", 1.0, processor="A processor", cores=8)
    other = CostRecord("b", "score", "", 1.0, processor="Another", cores=8)
    larger = CostRecord("c", "score", "", 1.0, processor="A processor", cores=64)
    node = CostRecord("d", "score", "", 1.0, processor="Another", cores=64, node="n1")
    silent = CostRecord("e", "score", "", 1.0)
    assert made_here([mine, other, larger, node, silent], here) == [mine, node, silent]


def test_the_work_of_a_configurations_jobs_is_parameters_times_tokens(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    study = load_configuration(tiny_configuration(), [])
    work = work_in(study, read_devices(REPOSITORY / "profiles/gpus.yaml")["cpu"])

    def of(variant, model="small", n=8, stage="fine_tune"):
        cost = f"{stage}/tiny/bits/{variant}/{model}/n{n}/seed1.json"
        return work(PlannedJob(stage, model, cost, "new"))

    assert of("none") > 8 * parameters_of(study.models["small"])
    assert of("medium") > of("none")
    assert of("none", n=8000) > 10 * of("none")
    assert of("none", stage="predict") > 0
    assert of("none", stage="score") is None


def test_a_plan_counts_and_explains(costs):
    stale = [
        PlannedJob("fine_tune", "small", f"new{number}", "stale", ("recipe: steps 1 → 2",))
        for number in range(2)
    ]
    jobs = [*stale, PlannedJob("fine_tune", "large", "", "reused")]
    jobs += [PlannedJob("score", "small", "score/x", "new")]
    lines = describe_plan(jobs, costs, cores=2).splitlines()
    assert lines[1].split() == ["fine_tune", "3", "1", "0", "2", "24", "s"]
    assert lines[2].split() == ["score", "1", "0", "1", "0", "not", "known"]
    assert "fine_tune 2 x recipe: steps 1 → 2" in [" ".join(line.split()) for line in lines]
    assert lines[-1] == (
        "3 jobs: at least 24 s of work, 12 s on 2 cores. "
        "No earlier run says how long these take: score."
    )


def test_what_starting_a_job_takes_is_counted_beside_its_work():
    start = datetime.fromisoformat("2026-01-01T10:00:00+00:00")
    ends = [0, 1.2, 2.4, 3.6, 5000, 5001.2]  # two runs, each job of 0.2 s and a second apart
    records = [
        CostRecord(f"score/{n}", "score", "", 0.2, ended=start + timedelta(seconds=seconds))
        for n, seconds in enumerate(ends)
    ]
    jobs = [PlannedJob("score", "", f"score/{n}", "stale") for n in range(6)] * 10
    [*_, last] = describe_plan(jobs, costs_of(records), cores=1).splitlines()
    assert last == (
        "60 jobs: about 12 s of work and 1 min 00 s of starting jobs, 1 min 12 s on 1 core."
    )
    beside = [replace(record, seconds=9.0) for record in records]
    assert costs_of(beside).between == 0.0
    assert costs_of([replace(record, node="n1") for record in records]).between == 0.0


def test_of_many_causes_those_of_most_jobs_are_told_and_the_others_counted(costs):
    rare = [PlannedJob("write_configuration", "", "", "stale", (f"key{n}",)) for n in range(30)]
    common = [PlannedJob("write_configuration", "", "", "stale", ("seed 1 → 2",))] * 2
    lines = describe_plan([*rare, *common], costs, 2).splitlines()
    told = [" ".join(line.split()) for line in lines if line.startswith("write_configuration")]
    assert told[1:] == [
        "write_configuration 2 x seed 1 → 2",
        *(f"write_configuration 1 x key{n}" for n in range(3)),
        "write_configuration … and 27 more reasons",
    ]


def test_a_plan_names_what_was_deleted_of_a_finished_run(costs):
    whole = PlannedJob("score", "small", "", "reused")
    deleted = replace(whole, gone=("runs/a/items.jsonl", "runs/a/train.json"))
    first, second = describe_plan([whole, deleted], costs, 2).splitlines()
    assert first == "Nothing to do: all 2 results are up to date."
    assert "runs/a/items.jsonl and 1 more. To make it again: snakemake" in second
    assert second.endswith("--force runs/a/items.jsonl")


def test_a_plan_without_jobs_says_so(costs):
    done = [PlannedJob("score", "small", "", "reused")] * 3
    assert describe_plan(done, costs, 2) == "Nothing to do: all 3 results are up to date.\n"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.44, "0.4 s"), (12.2, "12 s"), (200, "3 min 20 s"), (7500, "2 h 05 min")],
)
def test_durations_read_well(seconds, words):
    assert in_words(seconds) == words


ROWS = ["its rows of the data", "results/costs is no longer said"]
FOLDER = ["its rows of the data", "records results/costs → r/costs"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (['{"a": 1, "b": 2}'], {"recipe": '{"a": 1, "b": 3}'}, ["recipe: b 2 → 3"]),
        (['{"a": {"b": 1}}'], {"recipe": '{"a": {}}'}, ["recipe: a.b 1 → not there"]),
        (["--seed 1"], {"seed": "--seed 2"}, ["seed --seed 1 → --seed 2"]),
        ([7, "listops"], {"kind": "parity", "size": 8}, ["kind listops → parity", "size 7 → 8"]),
        ([], {"size": 8}, ["size is now 8"]),
        (["old"], {}, ["old is no longer said"]),
        (["[1, 2]"], {"runs": "[2, 3, 4]"}, ["runs: 2 added, 1 removed"]),
        (["a:\n- name: x\n  n: 1\n"], {"all": "a:\n- name: x\n  n: 2\n"}, ["all: a.x.n 1 → 2"]),
        (
            ["a:\n  x: 1\nold:\n- {name: y, n: {m: 1}}\n"],
            {"all": "a:\n  x: 1\n  new: {k: 1, l: 2}\nold: []\n"},
            ["all: a.new is new", "all: old.y is gone"],
        ),
        (["selected 1f", "results/costs"], {"selection": "selected 2e"}, ROWS),
        (["results/costs", ""], {"selection": "selected 2e", "records": "r/costs"}, FOLDER),
        (["a" * 64], {"code": "b" * 64, "size": 1}, ["aaa to bbb", "size is now 1"]),
    ],
)
def test_parameters_are_compared_by_key(old, new, said):
    recorded = [repr(value) for value in old]
    changes = parameter_changes(recorded, new, lambda was, now: [f"{was[:3]} to {now[:3]}"])
    assert changes == said


def test_all_that_is_taken_of_own_data_is_told_from_code(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [{"q": f"{n} + 1?", "a": str(n + 1), "r": f"So {n + 1}"} for n in range(20)]
    (tmp_path / "sums.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    source = {"file": "sums.jsonl", "prompt": "q", "answer": "a", "responses": {"human": "r"}}
    settings = {"train": [source], "answer": {"kind": "number", "marker": None}}
    told = {
        "tasks": {"sums": {"kind": "dataset", "settings": settings, "test_size": {"test": 3}}},
        "variants": {"human": {"kind": "given", "settings": {"response": "human"}}},
        "models": {"small": {"kind": "ladder"}},
        "studies": {
            "s": {
                "grids": [
                    {
                        "name": "all",
                        "tasks": ["sums"],
                        "variants": ["human"],
                        "models": ["small"],
                        "n_train": [8],
                        "seeds": [1],
                    }
                ]
            }
        },
    }
    studies = Studies(load_configuration(told, []))
    selected = Selections(studies, StageCode(studies))
    job = SimpleNamespace(task="sums", variant="human", split="test")
    for digest in (selected.made(job), selected.written(job), selected.described(job)):
        assert digest.startswith(SELECTED)


def test_code_changes_name_functions_files_and_versions(tmp_path):
    old = Fingerprint(
        "1" * 64,
        {"library torch": "1.0", "a.py": "x", "b.py": "x", "c.txt": "x"},
        {"a.py": {"f": "1", "g": "1"}, "b.py": {}},
    )
    new = Fingerprint(
        "2" * 64,
        {"library torch": "2.0", "a.py": "y", "d.py": "x", "c.txt": "y"},
        {"a.py": {"f": "2", "g": "1", "h": "1"}, "d.py": {}},
    )
    record_fingerprint(old, tmp_path)
    assert recorded_fingerprint(old.digest, tmp_path) == old
    assert recorded_fingerprint(new.digest, tmp_path) is None
    assert code_changes(old, new) == [
        "a.py: f, h",
        "b.py is no longer among the code",
        "c.txt",
        "d.py is new among the code",
        "library torch 1.0 → 2.0",
    ]


def plan(folder, *options):
    """Run what `make plan` runs, and give its lines with single spaces."""
    done = subprocess.run(
        [sys.executable, "workflow_scripts/run.py", "plan", "--cores", "2", *options],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    return done.returncode, [" ".join(line.split()) for line in done.stdout.splitlines()], done


def test_the_plan_of_a_changed_study_names_what_changed(finished, tmp_path):
    folder = shutil.copytree(finished[0], tmp_path / "copy")
    status, lines, _ = plan(folder)
    assert status == 0
    assert lines == [f"Nothing to do: all {len(finished[1])} results are up to date."]
    content = configuration()
    content["training"]["learning_rate"] = 0.02
    content["studies"]["small"]["grids"][0]["seeds"] = [1, 2, 3]
    write_configuration(folder, content)
    with open(folder / "workflow_scripts/showhow/evaluation/scoring.py", "a") as scoring:
        scoring.write("\n\ndef added():\n    return 1\n")
    status, lines, _ = plan(folder)
    assert status == 0
    assert {
        "fine_tune 12 x recipe: learning_rate 0.01 → 0.02",
        "predict 12 x follows fine_tune",
        "score 13 x showhow/evaluation/scoring.py: added",
        "list_runs 1 x runs: 4 added, 0 removed",
        "write_configuration 1 x configuration: training.learning_rate 0.01 → 0.02",
    } <= set(lines)
    counts = next(line for line in lines if line.startswith("fine_tune"))
    assert counts.split()[1:5] == ["17", "1", "4", "12"]
    assert "No earlier run says" not in lines[-1]


def test_a_wrong_configuration_is_said_instead_of_a_plan(finished, tmp_path):
    folder = shutil.copytree(finished[0], tmp_path / "copy")
    write_configuration(folder, configuration() | {"trainign": {}})
    status, _, done = plan(folder)
    assert status != 0
    assert "trainign" in done.stderr
    assert "Traceback" not in done.stderr
