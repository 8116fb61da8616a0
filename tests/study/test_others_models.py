"""Models that others have made: what is fetched, what it waits for, and what stages are told."""

import json

import pytest
from wildcards import Job

from showhow.base.errors import ShowhowError
from showhow.models.sizes import parameters_of
from showhow.study.configuration import Configuration
from showhow.study.inputs.evaluation import EvaluationInputs
from showhow.study.inputs.models import ModelInputs
from showhow.study.inputs.training import TrainingInputs
from showhow.study.studies import Studies, wildcard_constraints_of

PART = {"package": "some-model", "version": "1.0.0", "file": "some_model/model.gguf"}
PACKAGE = {"kind": "package", "parts": [PART], "sha256": "0" * 64, "parameters": 1000}
WITH_TERMS = {**PACKAGE, "terms": "Its Terms of Use"}
GGUF = {"kind": "gguf", "path": "models/own.gguf", "parameters": 2000}
RUN = {"study": "one", "task": "bits", "variant": "none", "budget": "n20", "seed": "1"}


def studies(**models):
    grid = {"name": "all", "tasks": ["bits"], "variants": ["none"], "models": [*models]}
    config = {
        "tasks": {"bits": {"kind": "parity"}},
        "models": models,
        "studies": {"one": {"grids": [{**grid, "n_train": [20], "seeds": [1]}]}},
    }
    return Studies(Configuration.model_validate(config))


def test_a_package_is_told_its_parts_and_their_digest_and_no_more():
    inputs = ModelInputs(studies(small=PACKAGE))
    told = json.loads(inputs.fetching(Job(package_model="small")))
    assert told == {"parts": [PART], "sha256": "0" * 64}


def test_a_model_with_terms_waits_until_a_person_has_accepted_them():
    job = Job(package_model="small")
    with pytest.raises(ShowhowError, match=r"terms \(Its Terms of Use\) have to be accepted"):
        ModelInputs(studies(small=WITH_TERMS)).fetching(job)
    accepted = ModelInputs(studies(small={**WITH_TERMS, "accept_terms": True}))
    assert "parts" in json.loads(accepted.fetching(job))
    assert json.loads(accepted.converting(Job(gguf_model="small"))) == {"terms_accepted": True}


def test_a_folder_is_made_of_the_users_file_or_of_what_was_fetched():
    inputs = ModelInputs(studies(small=PACKAGE, own=GGUF))
    assert inputs.gguf_file(Job(gguf_model="own")) == "models/own.gguf"
    assert inputs.gguf_file(Job(gguf_model="small")) == "results/fetched/small.gguf"
    told = [inputs.converting(Job(gguf_model=name)) for name in ("own", "small")]
    assert [json.loads(each)["terms_accepted"] for each in told] == [True, False]
    assert inputs.every_base() == ["results/models/small", "results/models/own"]


def test_only_models_that_are_named_are_fetched():
    constraints = wildcard_constraints_of(studies(small=PACKAGE, own=GGUF))
    assert constraints["package_model"] == "(?:small)"
    assert constraints["gguf_model"] == "(?:small|own)"
    assert wildcard_constraints_of(studies(t5={"kind": "ladder"}))["package_model"] == "(?:$^)"


def test_their_size_is_what_they_say():
    models = studies(small=PACKAGE, own=GGUF).configuration.models
    assert [parameters_of(models[name]) for name in ("small", "own")] == [1000, 2000]


def test_stages_are_told_of_a_chat_only_where_a_model_says_something():
    some = studies(small=PACKAGE, plain={**GGUF, "chat": False})
    for name, wanted in (("small", None), ("plain", False)):
        job = Job(RUN | {"model": name})
        for told in (TrainingInputs(some).fine_tuning(job), EvaluationInputs(some).predicting(job)):
            assert json.loads(told).get("chat") is wanted
