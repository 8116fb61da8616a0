"""A variant that a language model writes, from a CSV file to responses, by the real workflow."""

import json
import os
import shutil

import pytest
from faulty_proxy import FaultyProxy
from repository_copy import planned_jobs

from tiny_study import configuration, workflow_copy, write_configuration
from warm_snakemake import warm_snakemake

KEY = "sk-this-must-stand-nowhere-either"
TRAINING = "results/data/letters/responses/own/train-n6.jsonl"
TEST = "results/data/letters/responses/own/test.jsonl"


def study(model, url) -> dict:
    content = configuration()
    content["tasks"]["letters"] = {
        "kind": "dataset",
        "test_size": {"test": 4},
        "settings": {
            "train": [{"file": "letters.csv", "prompt": "question", "answer": "letter"}],
            "answer": {"kind": "choice", "choices": "AB", "marker": None},
        },
    }
    service = {"url": url, "key_variable": "OWN_KEY", "concurrency": 2}
    content["writers"] = {
        "coin": {
            **{"kind": "endpoint", "model": str(model), "temperature": 1.0},
            **{"max_new_tokens": 6, "service": service},
        }
    }
    told = {"writer": "coin", "attempts": 20, "spare_share": 1.0, "template": "{question}"}
    content["variants"] = {"own": {"kind": "written", "settings": told}}
    grid = {"name": "own", "tasks": ["letters"], "variants": ["own"], "models": ["small"]}
    content["studies"]["tiny"]["grids"] = [{**grid, "n_train": [3, 6], "seeds": [1]}]
    return content


def snakemake(folder, *arguments) -> str:
    environment = {**os.environ, "OWN_KEY": KEY}
    done = warm_snakemake(folder, "--cores", "2", *arguments, environment=environment)
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture
def folder(tmp_path):
    rows = [f"Question {number} : A or B ?,{'AB'[number % 2]}" for number in range(20)]
    (tmp_path / "letters.csv").write_text("\n".join(["question,letter", *rows]) + "\n")
    return tmp_path


def test_a_csv_gets_responses_once_and_the_service_makes_nothing_stale(coin, server, folder):
    with FaultyProxy(server) as proxy:
        content = study(coin, proxy.url)
        workflow_copy(folder, content)
        smaller = TRAINING.replace("n6", "n3")
        snakemake(folder, TRAINING, smaller, TEST)
        asked = proxy.requests
        assert asked == proxy.answered.total() > 0
        written = [json.loads(line) for line in (folder / TRAINING).read_text().splitlines()]
        assert len(written) == 6
        assert all(row["response"].split()[-1] == row["answer"] for row in written)
        assert (folder / TRAINING).read_text().startswith((folder / smaller).read_text())

        content["writers"]["coin"]["service"] |= {"concurrency": 5, "timeout_seconds": 50}
        write_configuration(folder, content)
        assert planned_jobs(snakemake(folder, "--dry-run", TRAINING, TEST)) == []
        content["variants"]["own"]["settings"]["attempts"] = 9
        write_configuration(folder, content)
        planned = planned_jobs(snakemake(folder, "--dry-run", TRAINING, TEST))
        assert [job.rule for job in planned] == ["ask_endpoint", "take_written_responses"]
        content["variants"]["own"]["settings"]["attempts"] = 20
        write_configuration(folder, content)
        shutil.rmtree(folder / "results/data/letters")
        snakemake(folder, TRAINING)
        assert proxy.requests == asked
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert [file for file in files if KEY.encode() in file.read_bytes()] == []
