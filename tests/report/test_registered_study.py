"""What the report compares with a registered study is what `make register` would write."""

import json
from pathlib import Path

import pytest
import yaml

from showhow.registration.statement import statement_of
from showhow.report.registered import deviations, read_registration, stated
from showhow.study.paths import REGISTERED
from showhow.study.stated import settings_of
from showhow.study.validation import load_configuration

STUDY = """\
seed: 0
tasks:
  listops: {kind: listops, settings: {values: 10}, test_size: {test: 20}}
models:
  small: {kind: ladder, hidden: 32, heads: 4}
training: {learning_rate: 0.01}
studies:
  levels:
    claims: [C1]
    grids:
      - {name: all, tasks: [listops], variants: [none, medium], models: [small], n_train: [100]}
"""


@pytest.fixture
def configuration(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("study.yaml").write_text(STUDY)
    return load_configuration(yaml.safe_load(STUDY), [Path("study.yaml")])


def test_a_study_that_is_told_to_the_report_as_json_is_the_registered_one(configuration, tmp_path):
    study = next(iter(configuration.studies))
    path = tmp_path / REGISTERED.format(study=study)
    path.parent.mkdir()
    registered = statement_of(configuration, study)
    path.write_text(yaml.safe_dump(registered, sort_keys=False))
    settings = json.loads(json.dumps(settings_of(configuration, study)))
    claims = configuration.studies[study].claims
    ran = stated(study, settings, claims, configuration.analysis.margins)
    found = read_registration(path, ran)
    assert found.unchanged and not found.deviations
    assert found.hash == ran["hash"]


def test_another_recipe_or_margin_is_another_study(configuration):
    study = next(iter(configuration.studies))
    settings = settings_of(configuration, study)
    registered = statement_of(configuration, study)
    other = {**settings, "training": {**settings["training"], "epochs": 99}}
    ran = stated(study, other, ["C1"], {"C1": 0.5})
    told = " ".join(deviations(registered, ran))
    assert "training.epochs" in told and "claims.C1.margin" in told
    assert ran["hash"] != registered["hash"]
