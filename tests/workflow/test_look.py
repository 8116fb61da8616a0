"""What the models of a finished study wrote, and what is warned of it, without opening a file."""

import os
import subprocess
import sys

import pandas as pd

from showhow.base.rows import read_jsonl
from tiny_study import RUN


def look(folder, *options):
    return subprocess.run(
        [sys.executable, "workflow_scripts/run.py", "look", *options],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )


def test_a_variants_predictions_are_shown_beside_what_was_read(finished_study):
    done = look(finished_study, "--study", "tiny", "--variant", "none", "--rows", "2")
    assert done.returncode == 0, done.stderr
    assert "none, bits: tiny/bits/none/small/n8/seed1" in done.stdout
    assert "medium, bits" not in done.stdout
    items = read_jsonl(finished_study / RUN / "items.jsonl")
    right = sum(item["correct"] for item in items if item["id"].startswith("test-"))
    assert f" {right} right; 2 of them here)" in " ".join(done.stdout.split())
    answers = {row["answer"] for row in read_jsonl(finished_study / RUN / "items.jsonl")}
    assert any(answer in done.stdout for answer in answers)
    wrong = look(finished_study, "--variant", "nome")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.endswith("Error: The study tiny has no variant nome; did you mean none?\n")


def test_the_items_have_the_predictions_and_the_report_the_warnings(finished_study):
    items = pd.read_parquet(finished_study / "results/tables/tiny-items.parquet")
    written = read_jsonl(finished_study / RUN / "predictions.jsonl")
    of_run = items[items["variant"] == "none"]
    assert set(of_run["prediction"]) == {row["prediction"] for row in written}
    report = (finished_study / "results/report.html").read_text(encoding="utf-8")
    warned = (finished_study / "results/warnings.txt").read_text(encoding="utf-8").splitlines()
    assert warned and report.count('class="warning"') == len(warned)
    assert report.count("<details><summary>bits, ") == 2
