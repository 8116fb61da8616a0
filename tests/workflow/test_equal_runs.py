"""Equal studies give equal results, to the byte; a model of plain transformers takes part.

The same small study runs in two copies of the repository, in folders of different names, on one
core and on two. One of its two models is a T5 that transformers itself wrote.
"""

import json

import pandas as pd
import pytest
from repository_copy import copy_repository

from small_models import foreign_t5_folder

STUDY = """
tasks:
  bits:
    kind: parity
    settings: {bits_max: 8, longer_bits: null}
    test_size: {test: 8}
models:
  local: {kind: ladder, family: decoder, hidden: 16, layers: 1, heads: 2}
  foreign: {kind: folder, path: models/t5}
corpus: {examples: 40}
pretraining: {steps: 3, batch_size: 8}
training: {batch_size: 4, epochs: 1}
keeping: {weights: all}
evaluation: {max_new_tokens: 20}
studies:
  small:
    claims: [C1]
    figures: [overview]
    grids:
      - name: both
        tasks: [bits]
        variants: [medium]
        models: [local, foreign]
        n_train: [8]
        seeds: [1]
"""
FOREIGN = "results/runs/small/bits/medium/foreign/n8/seed1"
RESULTS = [
    *("results/data/**/*", "results/models/**/*", "results/runs/**/*", "results/tables/*"),
    *("results/claims/*", "results/figures/**/*"),
]


def run_small_study(folder, cores):
    copy = copy_repository(folder)
    foreign_t5_folder(copy.folder / "models/t5")
    (copy.folder / "small.yaml").write_text(STUDY)
    copy.make("figures", "--configfile", "small.yaml", cores=cores)
    return copy


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    """Give two copies in which the same study has run."""
    folder = tmp_path_factory.mktemp("twins")
    return run_small_study(folder / "one", 1), run_small_study(folder / "another copy", 2)


def test_two_copies_give_the_same_bytes(twins):
    one, other = (copy.contents(*RESULTS) for copy in twins)
    assert one.keys() == other.keys()
    assert [path for path, content in one.items() if content != other[path]] == []


def test_the_comparison_covers_every_kind_of_result(twins):
    compared = " ".join(twins[0].contents(*RESULTS))
    for kind in (
        *("train-n8-draw1.jsonl", "model.safetensors", "train.json", "predictions.jsonl"),
        *("items.jsonl", "scores.json", "small.csv", "small.parquet", "small-by-task.csv"),
        *("overview.pdf", "overview.png"),
    ):
        assert kind in compared


def test_a_t5_that_plain_transformers_wrote_runs_to_its_scores(twins):
    folder = twins[0].folder / FOREIGN
    scores = json.loads((folder / "scores.json").read_text())
    assert scores["splits"]["test"]["n_test"] == 8
    record = json.loads((folder / "train.json").read_text())
    assert record["steps"] > 0
    assert json.loads((folder / "model/config.json").read_text())["model_type"] == "t5"


def test_a_model_folder_is_read_and_never_written(twins):
    for copy in twins:
        assert not (copy.folder / "results/models/foreign").exists()
    one, other = (copy.contents("models/t5/*") for copy in twins)
    assert one == other


def test_a_model_folder_stands_in_the_tables_like_any_other(twins):
    rows = pd.read_csv(twins[0].folder / "results/tables/small.csv")
    assert sorted(rows["model"]) == ["foreign", "local"]
    assert (rows["parameters"] > 0).all()
