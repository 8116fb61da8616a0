"""Every job says where its result comes from, and the whole study goes out as one valid crate."""

import importlib.resources
import json
import os
import shutil
import subprocess
import sys
import zipfile

import pandas as pd
import pytest
from requests import Request
from requests_cache import CachedResponse, CachedSession
from rocrate_validator.models import Severity, ValidationSettings
from rocrate_validator.services import validate

from tiny_study import RUN, snakemake, workflow_copy

RECORD = "results/costs/fine_tune/tiny/bits/none/small/n8/seed1.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"


def record_in(folder, path=RECORD):
    return json.loads((folder / path).read_text())


def git(folder, *arguments):
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def test_a_job_says_what_it_was_told_read_and_wrote(finished_study):
    record = record_in(finished_study)
    origin = record["provenance"]
    assert origin["options"]["recipe"]["batch_size"] == 4
    assert origin["options"]["run"]["variant"] == "none"
    assert origin["seeds"] == {"run.seed": 1}
    assert origin["reads"] == [
        "results/data/bits/responses/none/train-n8-draw1.jsonl",
        "results/models/small",
    ]
    assert origin["writes"] == [f"{RUN}/model", f"{RUN}/train.json"]
    assert origin["libraries"].keys() >= {"python", "torch", "transformers"}
    assert origin["hardware"]["cores"] == os.cpu_count()
    assert len(origin["fingerprint"]) == 64
    assert origin["started"] < origin["ended"]
    assert record["tokens"] > 0 and record["peak_memory_mb"] > 0


def test_every_job_of_a_stage_has_a_record(finished_study):
    beside = {"configurations"}  # of no job: whose results these are
    stages = {folder.name for folder in (finished_study / "results/costs").iterdir()} - beside
    assert stages == {
        *("generate_problems", "write_responses", "describe_data", "write_corpus", "pretrain"),
        *("fine_tune", "predict", "score", "tabulate_runs", "decide_claims", "draw_figure"),
        *("count_contamination", "tabulate_costs", "write_report"),
    }
    costs = pd.read_csv(finished_study / "results/tables/tiny-costs.csv")
    # The table is made by the one and read by the other.
    assert len(costs) == len(list((finished_study / "results/costs").rglob("*.json"))) - 2
    assert (costs["attempts"] == 1).all() and not costs["resumed"].any()
    assert "provenance" not in costs.columns


def test_results_hold_nothing_of_it(finished_study):
    for path in (finished_study / RUN).iterdir():
        assert "provenance" not in path.read_text()


def test_a_commit_is_recorded_and_makes_nothing_stale(tmp_path):
    study = workflow_copy(tmp_path / "study")
    (study / ".gitignore").write_text("results/\nlogs/\n.snakemake/\n__pycache__/\n")
    git(study, "init", "--quiet")
    git(study, "add", ".")
    git(study, "commit", "--quiet", "-m", "one")
    target = "results/data/bits/problems/test.jsonl"
    assert snakemake(study, target).returncode == 0
    record = "results/costs/generate_problems/bits/test.json"
    clean = record_in(study, record)["provenance"]
    assert clean["revision"] == git(study, "rev-parse", "HEAD")
    assert clean["dirty"] is False
    git(study, "commit", "--quiet", "--allow-empty", "-m", "two")
    assert "Nothing to be done" in snakemake(study, target).stdout
    with (study / "Snakefile").open("a") as file:
        file.write("\n# A remark.\n")
    assert "Nothing to be done" in snakemake(study, target).stdout
    assert snakemake(study, "--force", target).returncode == 0
    changed = record_in(study, record)["provenance"]
    assert changed["revision"] == git(study, "rev-parse", "HEAD")
    assert changed["dirty"] is True


@pytest.fixture(scope="module")
def crate(finished_study, tmp_path_factory):
    study = shutil.copytree(finished_study, tmp_path_factory.mktemp("crate") / "study")
    done = snakemake(study, "crate")
    assert done.returncode == 0, done.stdout
    return study / "results/tiny.crate.zip"


@pytest.fixture
def cache_without_network(tmp_path):
    """The validator's cache of web pages with the one page that it needs.

    Of RO-Crate 1.1's context the library has a later edition, in which the terms of Bioschemas
    lie one folder deeper.
    """
    later = importlib.resources.files("rocrate").joinpath("data/ro-crate.jsonld").read_text()
    text = later.replace("https://bioschemas.org/terms/", "https://bioschemas.org/")
    cache = CachedSession(str(tmp_path / "cache"), expire_after=-1).cache
    page = CachedResponse(
        status_code=200,
        url=CONTEXT,
        content=text.encode(),
        headers={"Content-Type": "application/ld+json"},
    )
    cache.save_response(page, cache_key=cache.create_key(Request("GET", CONTEXT).prepare()))
    return tmp_path / "cache"


@pytest.mark.parametrize("profile", ["provenance-run-crate", "workflow-run-crate"])
def test_the_crate_passes_the_communitys_validator(crate, cache_without_network, profile):
    result = validate(
        ValidationSettings(
            rocrate_uri=str(crate),
            profile_identifier=profile,
            requirement_severity=Severity.REQUIRED,
            offline=True,
            cache_path=cache_without_network,
        )
    )
    assert [issue.message for issue in result.get_issues()] == []
    assert result.passed()


def test_the_validator_objects_to_a_crate_without_its_jobs(crate, cache_without_network, tmp_path):
    broken = tmp_path / "broken"
    with zipfile.ZipFile(crate) as packed:
        packed.extractall(broken)
    metadata = broken / "ro-crate-metadata.json"
    content = json.loads(metadata.read_text())
    content["@graph"] = [part for part in content["@graph"] if part["@type"] != "CreateAction"]
    metadata.write_text(json.dumps(content))
    result = validate(
        ValidationSettings(
            rocrate_uri=str(broken),
            profile_identifier="provenance-run-crate",
            requirement_severity=Severity.REQUIRED,
            offline=True,
            cache_path=cache_without_network,
        )
    )
    assert not result.passed()


def test_the_crate_holds_the_code_the_results_and_every_job(crate, finished_study):
    with zipfile.ZipFile(crate) as packed:
        names = set(packed.namelist())
        graph = json.loads(packed.read("ro-crate-metadata.json"))["@graph"]
    assert names >= {
        *("Snakefile", "rules/common.smk", "workflow_scripts/stages/fine_tune.py"),
        *("results/configuration.yaml", "results/report.html", "results/claims/tiny.csv"),
        *("results/tables/tiny.parquet", f"{RUN}/scores.json", f"{RUN}/predictions.jsonl"),
    }
    jobs = [part for part in graph if part["@id"].startswith("#job-") and "startTime" in part]
    assert len(jobs) == len(list((finished_study / "results/costs").rglob("*.json")))


def test_a_study_that_was_not_run_cannot_be_exported(finished_study, tmp_path):
    told = {"study": "tiny", "title": "", "run_files": ["scores.json"]}
    options = ["--options", json.dumps(told), "--results", "results/report.html"]
    options += ["--manifest", "results/tables/tiny-runs.json", "--records", tmp_path]
    options += ["--configuration", "results/configuration.yaml", "--output", tmp_path / "a.zip"]
    command = [sys.executable, "workflow_scripts/run.py", "export_crate", *map(str, options)]
    done = subprocess.run(command, cwd=finished_study, capture_output=True, text=True)
    assert done.returncode == 1
    assert "There are no records of the study tiny" in done.stderr
    assert not (tmp_path / "a.zip").exists()
