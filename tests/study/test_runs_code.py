"""Programs are run where the configuration says so and there is a sandbox; else nothing begins."""

import copy

import pytest
import yaml

from showhow.base.errors import ShowhowError
from showhow.study.validation import load_configuration

STUDY = yaml.safe_load("""\
runs_code: true
tasks:
  coding:
    kind: dataset
    settings:
      answer: {kind: program}
      train: [{file: train.json, prompt: text, answer: test_list, responses: {human: code}}]
    test_size: {test: 20}
variants:
  human: {kind: given, settings: {response: human}}
models:
  small: {kind: ladder, hidden: 32, heads: 4}
studies:
  codes:
    grids:
      - {name: all, tasks: [coding], variants: [human], models: [small], n_train: [100]}
""")


def test_a_study_may_run_programs_where_it_says_so():
    configuration = load_configuration(STUDY, [])
    assert "runs_code" not in configuration.resolved()  # no result follows from it


def test_without_leave_nothing_begins():
    study = copy.deepcopy(STUDY)
    del study["runs_code"]
    with pytest.raises(ShowhowError, match=r"tasks\.coding\.settings\.answer\.kind is program, .*"):
        load_configuration(study, [])
    study["runs_code"] = False
    with pytest.raises(ShowhowError, match="write runs_code: true at the top"):
        load_configuration(study, [])
    study["tasks"]["coding"]["settings"]["answer"] = {"kind": "text"}
    load_configuration(study, [])


def test_without_a_sandbox_nothing_begins(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ShowhowError, match=r"coding.* nothing can be run .* install the package"):
        load_configuration(STUDY, [])
    study = copy.deepcopy(STUDY)
    study["tasks"]["coding"]["settings"]["answer"] = {"kind": "text"}
    load_configuration(study, [])  # where nothing is run, nothing is missing
