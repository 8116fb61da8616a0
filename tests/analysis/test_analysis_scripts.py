"""The stages as a user runs them by hand, with the command line that the log shows."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
from simulated_study import items_table, matched_study, runs_table

SCRIPTS = Path(__file__).parents[2] / "workflow_scripts"


def run_script(name, *options):
    command = [sys.executable, SCRIPTS / "run.py", name, *options]
    return subprocess.run([str(part) for part in command], capture_output=True, text=True)


def test_claims_are_decided_from_the_tables(tmp_path):
    runs, items = tmp_path / "runs.parquet", tmp_path / "items.parquet"
    runs_table(matched_study()).to_parquet(runs)
    items_table(matched_study()).to_parquet(items)
    tables = ["--runs", runs, "--items", items]
    told = {"claims": ["C1", "C4"], "analysis": {"margins": {"C1": 0.1}}}
    outputs = ["--claims-csv", tmp_path / "claims.csv", "--by-task-csv", tmp_path / "by-task.csv"]
    done = run_script("decide_claims", *tables, "--options", json.dumps(told), *outputs)
    assert done.returncode == 0, done.stderr
    decided = pd.read_csv(tmp_path / "claims.csv", index_col="id")
    assert decided.index.tolist() == ["C1", "C4"]
    assert "above +0.100" in decided.loc["C1", "condition"]
    assert "C4" in set(pd.read_csv(tmp_path / "by-task.csv")["id"])


def test_a_study_that_names_no_claim_tests_none_and_one_that_names_pairs_compares_them(tmp_path):
    items = tmp_path / "items.parquet"
    items_table(matched_study()).to_parquet(items)
    runs_table(matched_study()).to_parquet(tmp_path / "runs.parquet")
    outputs = ["--claims-csv", tmp_path / "claims.csv", "--by-task-csv", tmp_path / "by-task.csv"]
    tables = ["--runs", tmp_path / "runs.parquet", "--items", items]
    done = run_script("decide_claims", *tables, "--options", "{}", *outputs)
    assert done.returncode == 0, done.stderr
    assert pd.read_csv(tmp_path / "claims.csv").empty
    assert "verdict" in pd.read_csv(tmp_path / "claims.csv")
    told = ["--options", json.dumps({"compare": [["long", "none"]]})]
    output = ["--comparisons-csv", tmp_path / "comparisons.csv"]
    done = run_script("compare_variants", "--items", items, *told, *output)
    assert done.returncode == 0, done.stderr
    found = pd.read_csv(tmp_path / "comparisons.csv")
    assert set(found["first"]) == {"long"}
    assert (found["p_holm"] >= found["p"]).all()


def test_costs_end_in_one_table_and_their_lack_in_one_sentence(tmp_path):
    (tmp_path / "costs").mkdir()
    (tmp_path / "runs.json").write_text('[{"directory": "results/runs/one"}]')
    options = ["--manifest", tmp_path / "runs.json", "--results", "results/tables/levels.csv"]
    told = {"study": "levels", "run_files": ["scores.json"]}
    options += ["--records", tmp_path / "costs", "--options", json.dumps(told)]
    options += ["--output", tmp_path / "costs.csv"]
    empty = run_script("tabulate_costs", *options)
    assert empty.returncode == 1
    assert "There are no records of the study levels" in empty.stderr
    assert "Traceback" not in empty.stderr
    for target, written in (("a", "results/runs/one/scores.json"), ("b", "results/runs/other")):
        provenance = {"started": "2026", "reads": [], "writes": [written]}
        record = {"stage": "score", "target": target, "provenance": provenance}
        (tmp_path / f"costs/{target}.json").write_text(json.dumps(record))
    assert run_script("tabulate_costs", *options).returncode == 0
    assert pd.read_csv(tmp_path / "costs.csv")["target"].tolist() == ["a"]
