"""The smallest knowledge study, run for real: what its artefacts have to hold."""

import json
from collections import Counter

import pandas as pd
import pytest
import yaml
from repository_copy import REPOSITORY, copy_repository

from showhow.base.rows import read_jsonl
from showhow.tasks.problem import read_problems

CONFIG = "configs/smoke-knowledge.yaml"
STUDY = yaml.safe_load((REPOSITORY / CONFIG).read_text(encoding="utf-8"))
TABLES = "results-smoke-knowledge/tables/knowledge"
MODELS = ("reader-a", "reader-b")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    copy = copy_repository(tmp_path_factory.mktemp("knowledge"))
    copy.make("--configfile", CONFIG)
    return copy


def training_sets(study):
    """Give every training set that a run was fine-tuned on, as the run's own record names it."""
    for record in study.files("results-smoke-knowledge/costs/fine_tune/**/*.json"):
        options = json.loads(record.read_text())["provenance"]["options"]
        yield record, read_jsonl(study.folder / options["responses"])


def subject_of(prompt: str) -> str:
    return prompt.partition(" of ")[2].removesuffix(" ?")


def relation_of(prompt: str) -> str:
    return prompt.removeprefix("what is the ").partition(" of ")[0]


def problems(study, split):
    return read_problems(
        study.folder / f"results-smoke-knowledge/data/facts/problems/{split}.jsonl"
    )


def test_no_subject_of_a_test_set_is_in_any_training_set(study):
    tested = {subject_of(p.prompt) for split in ("test", "unseen") for p in problems(study, split)}
    trained = [subject_of(row["prompt"]) for _, rows in training_sets(study) for row in rows]
    assert len(trained) > 40
    assert tested
    assert tested.isdisjoint(trained)


def test_training_sets_are_balanced_over_relations_and_of_their_level(study):
    for record, rows in training_sets(study):
        variant, model = record.parts[-4], record.parts[-3]
        counts = Counter(relation_of(row["prompt"]) for row in rows)
        assert max(counts.values()) - min(counts.values()) <= 1
        assert len(counts) == 3
        memory = (
            study.folder / f"results-smoke-knowledge/probes/{model}/facts/memory-train-n90.jsonl"
        )
        levels = {row["id"]: row["level"] for row in read_jsonl(memory)}
        if variant == "level_0":
            assert {levels[row["id"]] for row in rows} == {0}


def test_the_corpus_asks_no_question_about_a_fact(study):
    relations = {
        p.groups["relation"] for split in ("test", "unseen") for p in problems(study, split)
    }
    for corpus in study.files("results-smoke-knowledge/data/corpus-*.jsonl"):
        rows = read_jsonl(corpus)
        asked = [row["prompt"].split() for row in rows if row["prompt"] is not None]
        assert asked
        assert not any(relations.intersection(question) for question in asked)


def test_memory_is_in_the_tables_for_every_base_and_split(study):
    items = pd.read_parquet(study.folder / f"{TABLES}-memory-items.parquet")
    measured = set(items[["model", "split"]].itertuples(index=False, name=None))
    assert measured == {(m, s) for m in MODELS for s in ("train-n90", "test", "unseen")}
    test = items[items["split"] == "test"]
    assert test["untuned"].notna().all()
    assert test["level_in_full"].notna().groupby(test["model"]).sum().eq(10).all()
    summary = pd.read_csv(study.folder / f"{TABLES}-memory.csv")
    whole = summary[summary["level"] == "all"]
    assert whole["exposure_correlation"].notna().all()
    assert whole.loc[whole["split"] == "test", "same_in_full"].between(0, 1).all()


def test_every_base_is_checked_and_the_report_says_so(study):
    checks = pd.read_csv(study.folder / f"{TABLES}-checks.csv")
    assert set(checks["model"]) == set(MODELS)
    named = ["asked before fine-tuning", "asked as plain text", "fine-tuned on N"]
    for _, of_model in checks.groupby("model"):
        assert [name.partition(" =")[0] for name in of_model["check"]] == named
    assert checks["passed"].isin([True, False]).all()
    assert checks["accuracy"].between(0, 1).all()
    assert "Manipulation checks" in (
        study.folder / "results-smoke-knowledge/report.html"
    ).read_text("utf-8")


def test_another_seed_trains_on_another_draw(study):
    folder = study.folder / "results-smoke-knowledge/data/facts/responses/natural_mix/reader-a"
    first, second = (
        {row["id"] for row in read_jsonl(folder / f"train-n7-draw{draw}.jsonl")} for draw in (1, 2)
    )
    assert first != second


def test_every_claim_has_its_verdict_and_every_figure_is_drawn(study):
    wanted = STUDY["studies"]["knowledge"]
    claims = pd.read_csv(study.folder / "results-smoke-knowledge/claims/knowledge.csv")
    assert claims["id"].tolist() == wanted["claims"]
    assert claims["verdict"].notna().all()
    for figure in wanted["figures"]:
        assert study.files(f"results-smoke-knowledge/figures/knowledge/{figure}.pdf")
    report = (study.folder / "results-smoke-knowledge/report.html").read_text(encoding="utf-8")
    assert "not ours: it is the published matrix of Ye et al." in report


def test_a_finished_study_plans_nothing(study):
    assert study.plan("--configfile", CONFIG) == []
