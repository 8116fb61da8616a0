"""Which base a run starts from: one of several, by its seed, where a model has them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wildcards import Job

from showhow.base.errors import ShowhowError
from showhow.study import grid
from showhow.study.configuration import Configuration
from showhow.study.inputs.evaluation import EvaluationInputs
from showhow.study.inputs.models import ModelInputs
from showhow.study.inputs.probes import ProbeInputs
from showhow.study.inputs.tables import TableInputs
from showhow.study.inputs.training import TrainingInputs
from showhow.study.paths import Base
from showhow.study.studies import Studies
from showhow.study.validation import load_configuration

VOICED = {"kind": "ladder", "corpus": {"voice": "a"}}


def configuration(bases, seeds=(1, 2, 3), variants=("familiar",), probes=None) -> dict:
    cells = {
        "name": "all",
        "tasks": ["bits"],
        "variants": [*variants],
        "models": ["small", "adapted"],
        "n_train": [20],
        "seeds": [*seeds],
    }
    adapted = {"training": {"optimizer": "adamw", "adapter": {"rank": 2}}}
    return {
        "tasks": {"bits": {"kind": "parity"}, "sums": {"kind": "addition"}},
        "models": {
            "small": {**VOICED, "bases": bases},
            "adapted": {**VOICED, "bases": bases, **adapted},
        },
        "studies": {"s": {"grids": [cells], "probes": probes or {}}},
    }


def studies_of(bases, **changes) -> Studies:
    return Studies(Configuration.model_validate(configuration(bases, **changes)))


def run(seed, model="small") -> Job:
    return Job(study="s", task="bits", variant="familiar", model=model, budget="n20", seed=seed)


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]*", fullmatch=True), st.integers(0, 99))
def test_a_base_is_read_back_from_its_name(model, instance):
    assert Base.read(str(Base(model, instance))) == Base(model, instance)


def test_the_first_base_has_the_models_own_name():
    assert [str(Base("small", instance)) for instance in (1, 2)] == ["small", "small@base2"]


@pytest.mark.parametrize(
    ("bases", "instances"),
    [(1, [1, 1, 1, 1]), (2, [1, 2, 1, 2]), (3, [1, 2, 3, 1]), ("per_seed", [1, 2, 3, 4])],
)
def test_seeds_take_a_models_bases_in_turn(bases, instances):
    studies = studies_of(bases, seeds=(1, 2, 3, 4))
    models = ModelInputs(studies)
    names = [str(Base("small", instance)) for instance in instances]
    for model in ("small", "adapted"):
        read = [models.base(run(str(seed), model)) for seed in (1, 2, 3, 4)]
        assert read == [f"results/models/{name}" for name in names]
    assert grid.bases_used(studies.configuration) == list(dict.fromkeys(names))
    assert models.checksums(run("2")) == f"results/models/{names[1]}.sha256"


def test_all_of_a_run_is_about_its_own_base():
    studies = studies_of("per_seed", probes={"retention": {"sums": "familiar"}})
    base = "results/models/small@base3"
    responses = "results/data/bits/responses/familiar/small@base3"
    assert TrainingInputs(studies).responses(run("3")) == f"{responses}/train-n20-draw3.jsonl"
    evaluation = EvaluationInputs(studies)
    assert evaluation.responses(run("3"))[0] == f"{responses}/test.jsonl"
    assert evaluation.base_of_adapter(run("3", "adapted")) == [base]
    assert ProbeInputs(studies).retained_files(run("3")) == [
        "results/data/sums/problems/test.jsonl",
        "results/data/sums/responses/familiar/small@base3/test.jsonl",
        "results/probes/small@base3/sums/familiar/untuned/predictions.jsonl",
    ]
    told = json.loads(TrainingInputs(studies).fine_tuning(run("3", "adapted")))
    assert told["base_name"] == "adapted@base3"


def test_bases_of_a_model_differ_in_their_seed_alone():
    models = ModelInputs(studies_of("per_seed"))
    first, second, third = (
        json.loads(models.pretraining(Job(ladder_model=name)))
        for name in ("small", "small@base2", "small@base3")
    )
    seeds = {told["recipe"].pop("seed") for told in (first, second, third)}
    assert len(seeds) == 3
    assert first["recipe"] == second["recipe"] == third["recipe"]
    assert first["description"] == second["description"] == third["description"]
    corpora = {models.corpus(Job(ladder_model=f"small{end}"))[0] for end in ("", "@base2")}
    assert corpora == {"results/data/corpus-small.jsonl"}


def test_the_first_base_is_the_one_that_a_model_with_a_single_base_has():
    one, several = (
        ModelInputs(studies_of(bases)).pretraining(Job(ladder_model="small")) for bases in (1, 4)
    )
    assert one == several


def test_each_base_is_measured_and_named_in_the_tables():
    probes = ProbeInputs(
        studies_of(2, probes={"perplexity": True, "accuracy": {"bits": "familiar"}})
    )
    files = probes.perplexities(Job(study="s"))
    assert files[:2] == [
        "results/probes/small/bits/familiar/train-n20-draw1.json",
        "results/probes/small@base2/bits/familiar/train-n20-draw2.json",
    ]
    measured = Job(model="adapted@base2", task="bits", variant="familiar", split="train-n20")
    told = json.loads(probes.measuring_perplexity(measured))["identity"]
    assert (told["model"], told["base"]) == ("adapted", "small@base2")
    untuned = json.loads(probes.tabulating_untuned(Job(study="s")))["scores"]
    assert {(row["model"], row["base"]) for row in untuned} == {
        (model, base) for model in ("small", "adapted") for base in ("small", "small@base2")
    }


def test_the_list_of_runs_says_which_base_each_starts_from():
    listed = json.loads(TableInputs(studies_of(2)).manifest(Job(study="s")))
    bases = {(run["model"], run["seed"]): run["base"] for run in listed}
    assert bases["small", 1] == bases["adapted", 3] == "small"
    assert bases["small", 2] == bases["adapted", 2] == "small@base2"


def refusal(content) -> str:
    with pytest.raises(ShowhowError) as refused:
        load_configuration(content, [])
    return str(refused.value)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"variants": ["natural_mix"]}, "the variant natural_mix picks training problems by"),
        ({"probes": {"memory": True}}, "probes.memory measures how well one base knows facts"),
    ],
)
def test_memory_levels_are_those_of_one_base(changes, reason):
    content = configuration("per_seed", **changes)
    content["tasks"]["bits"] = {"kind": "facts"}
    said = refusal(content)
    assert "studies.s.grids[0].models[0] is small, of which several bases are made" in said
    assert reason in said
    assert "take a model with bases: 1" in said


@pytest.mark.parametrize(("bases", "instances"), [(1, None), (3, 3), ("per_seed", 0)])
def test_claims_are_told_how_many_bases_a_model_has(bases, instances):
    told = json.loads(TableInputs(studies_of(bases)).deciding(Job(study="s")))
    assert told.get("instances", {}).get("small") == instances
