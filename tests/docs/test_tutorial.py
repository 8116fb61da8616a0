"""The tutorial's commands, run as they are written, end in its figure and its report."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tiny_study import REPOSITORY, workflow_copy

TUTORIAL = REPOSITORY / "docs/tutorial.md"
PLANNING = "make plan"


def commands() -> list[str]:
    return re.findall(r"```sh\n(.*?)```", TUTORIAL.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture
def folder(tmp_path) -> Path:
    """Give a copy of the repository with this environment in it, set up."""
    copy = workflow_copy(tmp_path / "showhow")
    (copy / "docs").symlink_to(REPOSITORY / "docs")
    (copy / "Makefile").symlink_to(REPOSITORY / "Makefile")
    (copy / ".venv/bin").mkdir(parents=True)
    for name in ("python", "snakemake"):
        # A link would leave the packages behind: Python looks for them beside its own name.
        command = copy / ".venv/bin" / name
        command.write_text(f'#!/bin/sh\nexec {Path(sys.executable).with_name(name)} "$@"\n')
        command.chmod(0o755)
    pins = "cat envs/requirements.txt envs/constraints.txt | cksum | tr -d ' ' > .venv/.ready"
    subprocess.run(pins, shell=True, cwd=copy, check=True)
    return copy


def test_the_tutorial_ends_in_its_figure(folder):
    said = []
    for command in commands():
        done = subprocess.run(
            ["bash", "-e", "-c", command],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}"
        said.append((command, done.stdout))
    head = next(out for command, out in said if command.startswith("cp"))
    assert all(f"    {line}\n" in TUTORIAL.read_text() for line in head.splitlines())
    train = json.loads((folder / "results-larger/data/larger/source.json").read_text())["train"]
    lost = train["files"]["larger.csv"]
    counted = (lost["rows"], lost["duplicates"], lost["no_answer"], lost["no_response"])
    assert (*counted, train["incomplete"]) == (400, 1, 1, 1, 1)
    assert all(each["right"] == each["n"] for each in train["responses"].values())
    plans = [out for command, out in said if PLANNING in command]
    trained = [re.search(r"^fine_tune +(\d+) +(\d+) +(\d+) +(\d+)", out, re.M) for out in plans]
    jobs_reused_new_stale = [tuple(map(int, found.groups())) for found in trained if found]
    assert jobs_reused_new_stale[:3] == [(8, 0, 8, 0), (12, 8, 4, 0), (12, 12, 0, 0)]
    jobs, reused, new, stale = jobs_reused_new_stale[3]
    assert (jobs, new) == (reused + stale, 0)
    assert stale == 4  # those of the variant whose response it is, which train on the row
    assert (folder / "results-larger/figures/larger/accuracy_over_n.png").is_file()
    report = (folder / "results-larger/report.html").read_text(encoding="utf-8")
    assert "Does it help to say why" in report and '<section id="data">' in report
    assert (REPOSITORY / "docs/tutorial/accuracy_over_n.png").is_file()
