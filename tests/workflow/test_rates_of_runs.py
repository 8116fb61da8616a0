"""A study whose learning rates are chosen: what it tries, and what a change makes stale."""

import json
import shutil
import subprocess
import sys

import pandas as pd
import pytest
from repository_copy import RepositoryCopy

from tiny_study import configuration, snakemake, workflow_copy, write_configuration

TARGETS = ("claims", "results/tables/tiny-learning-rates.csv")
CONDITION = "results/trials/tiny/bits/none/small/n8"
AFTER_TRIALS = {"choose_learning_rate", "tabulate_rates"}
AFTER_RUNS = {"tabulate_runs", "decide_claims", "claims"}


def tuned(*rates: float) -> dict:
    config = configuration()
    config["training"] |= {"learning_rate": [*rates], "choose": "validation"}
    config["tasks"]["bits"]["test_size"]["validation"] = 5
    return config


@pytest.fixture(scope="module")
def finished(made_once):
    """A study of two rates that is done; copy it before changing it."""
    return made_once("tuned", finish)


def finish(folder):
    RepositoryCopy(workflow_copy(folder, tuned(0.02, 0.01))).make(*TARGETS)


@pytest.fixture
def study(finished, tmp_path):
    return shutil.copytree(finished, tmp_path / "study", symlinks=True)


def planned(folder) -> list[tuple[str, dict[str, str]]]:
    return [(job.rule, job.wildcards) for job in RepositoryCopy(folder).plan(*TARGETS)]


def rules(jobs) -> set[str]:
    return {rule for rule, _ in jobs}


def test_each_rate_is_tried_once_for_each_condition_and_the_best_is_used(finished):
    trials = pd.read_csv(finished / "results/tables/tiny-learning-rates.csv")
    assert sorted(zip(trials["variant"], trials["learning_rate"], strict=True)) == [
        *(("medium", 0.01), ("medium", 0.02)),
        *(("none", 0.01), ("none", 0.02)),
    ]
    assert set(trials["n_test"]) == {5} and set(trials["seed"]) == {0}
    chosen = trials[trials["chosen"]].set_index("variant")["learning_rate"]
    runs = pd.read_csv(finished / "results/tables/tiny.csv")
    assert (runs["learning_rate"] == runs["variant"].map(chosen)).all()
    for variant, tried in trials.groupby("variant"):
        best = tried[tried["accuracy"] == tried["accuracy"].max()]["learning_rate"].min()
        assert chosen[variant] == best
        record = finished / f"results/runs/tiny/bits/{variant}/small/n8/seed1/train.json"
        assert json.loads(record.read_text())["learning_rate"] == best


def test_no_table_that_claims_read_has_a_validation_problem(finished):
    for name in ("tiny.parquet", "tiny-items.parquet"):
        table = pd.read_parquet(finished / "results/tables" / name)
        assert set(table["split"]) == {"test", "longer"} and set(table["seed"]) == {1}
    assert (finished / f"{CONDITION}/rate0.01/scores.json").is_file()
    assert not (finished / f"{CONDITION}/rate0.01/model").exists()


def test_a_finished_study_has_nothing_to_do_whatever_the_order_of_its_rates(study):
    assert planned(study) == []
    write_configuration(study, tuned(0.01, 0.02))
    assert planned(study) == []


def test_one_more_rate_is_tried_and_runs_wait_for_what_is_chosen(study):
    write_configuration(study, tuned(0.01, 0.02, 0.03))
    jobs = planned(study)
    assert rules(jobs) == {"try_learning_rate", "predict_trial", "score_trial", *AFTER_TRIALS}
    rates = {wildcards["rate"] for _, wildcards in jobs if "rate" in wildcards}
    assert rates == {"0.03"}


def test_runs_that_get_another_rate_are_run_again_at_once(study):
    """One call of Snakemake tries, chooses, and trains what the choice makes stale."""
    write_configuration(study, tuned(0.02, 0.03))
    done = snakemake(study, *TARGETS)
    assert done.returncode == 0, done.stdout
    trials = pd.read_csv(study / "results/tables/tiny-learning-rates.csv")
    chosen = trials[trials["chosen"]].set_index("variant")["learning_rate"]
    runs = pd.read_csv(study / "results/tables/tiny.csv")
    assert set(trials["learning_rate"]) == {0.02, 0.03}
    assert (runs["learning_rate"] == runs["variant"].map(chosen)).all()
    assert planned(study) == []


@pytest.mark.parametrize("command", ["plan", "forecast"])
def test_plan_and_forecast_know_the_trials(study, command):
    write_configuration(study, tuned(0.01, 0.02, 0.03))
    lines = told(study, command, *TARGETS)
    trials = [line.split() for line in lines if line.startswith("try_learning_rate")]
    counted = ["6", "4", "2"] if command == "plan" else ["small", "2", "a"]
    assert [line[1:4] for line in trials[:1]] == [counted]


def test_who_watches_sees_the_trials_as_done(study):
    lines = [line.split() for line in told(study, "watch", "--once", *TARGETS)]
    assert ["try_learning_rate", "0", "0", "4", "0"] in lines


def told(folder, command, *options) -> list[str]:
    done = subprocess.run(
        [sys.executable, "workflow_scripts/run.py", command, *options],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def test_only_runs_whose_choice_changed_are_stale(study):
    record = study / f"{CONDITION}/chosen.json"
    chosen = json.loads(record.read_text())
    (other,) = {0.01, 0.02} - {chosen["learning_rate"]}
    record.write_text(json.dumps({**chosen, "learning_rate": other}))
    jobs = planned(study)
    variants = {wildcards["variant"] for _, wildcards in jobs if "variant" in wildcards}
    assert variants == {"none"}
    runs = {"fine_tune", "predict", "score"}
    assert rules(jobs) == {*runs, *AFTER_RUNS, "tabulate_rates"}
