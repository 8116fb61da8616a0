"""A study whose checkpoints are chosen on a validation split, and what a change makes stale."""

import json
import shutil

import pandas as pd
import pytest
from repository_copy import RepositoryCopy

from tiny_study import configuration, workflow_copy, write_configuration

TARGETS = ("claims", "report")
RUNS = {"fine_tune", "predict", "score"}


def choosing(every: object, **test_size: int) -> dict:
    config = configuration()
    config["training"] |= {"choose": {"split": "validation", "every": every}}
    config["tasks"]["bits"]["test_size"] |= {"validation": 5, **test_size}
    return config


@pytest.fixture(scope="module")
def finished(made_once):
    """A study that is done; copy it before changing it."""
    return made_once("chosen checkpoints", finish)


def finish(folder):
    RepositoryCopy(workflow_copy(folder, choosing(1))).make(*TARGETS)


@pytest.fixture
def study(finished, tmp_path):
    return shutil.copytree(finished, tmp_path / "study", symlinks=True)


def test_each_run_keeps_its_best_checkpoint_and_says_so(finished):
    runs = pd.read_csv(finished / "results/tables/tiny.csv")
    assert runs["chosen_step"].notna().all() and (runs["chosen_step"] <= runs["steps"]).all()
    assert set(runs["split"]) == {"test", "longer"}
    for variant in ("none", "medium"):
        record = finished / f"results/runs/tiny/bits/{variant}/small/n8/seed1/train.json"
        chosen = json.loads(record.read_text())["chosen"]
        assert chosen["n_test"] == 5
        best = max(right for _, right in chosen["asked"])
        assert chosen["step"] == next(step for step, right in chosen["asked"] if right == best)
    assert "Checkpoints chosen" in (finished / "results/report.html").read_text()


def test_no_validation_problem_is_trained_on_or_tested(finished):
    def prompts(name: str) -> set[str]:
        lines = (finished / f"results/data/bits/problems/{name}.jsonl").read_text().splitlines()
        return {json.loads(line)["prompt"] for line in lines}

    validation = prompts("validation")
    assert len(validation) == 5
    for split in ("test", "longer", "train-n8-draw1"):
        assert not validation & prompts(split)


def test_another_every_trains_the_runs_again_and_makes_nothing_else(study):
    copy = RepositoryCopy(study)
    assert copy.plan(*TARGETS) == []
    write_configuration(study, choosing(2))
    rules = {job.rule for job in copy.plan(*TARGETS)}
    assert rules >= RUNS
    assert not rules & {"pretrain", "write_corpus", "generate_problems", "write_responses"}
