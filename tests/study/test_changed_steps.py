"""Which runs of a study have a step of their explanations changed, and what is made of it."""

import json

from wildcards import Job

from showhow.study.configuration import Configuration
from showhow.study.inputs.probes import ProbeInputs
from showhow.study.inputs.tables import TableInputs
from showhow.study.studies import Studies

TABLE = "results/tables/levels-faithfulness.csv"
RUN = "results/runs/levels/bits/{}/small/n20/seed1"


def studies_of(**probes) -> Studies:
    grid = {"name": "all", "tasks": ["bits", "people"], "models": ["small"], "n_train": [20]}
    variants = ["none", "brief", "medium", "wrong_steps", "answer_first"]
    return Studies(
        Configuration.model_validate(
            {
                "tasks": {"bits": {"kind": "parity"}, "people": {"kind": "facts"}},
                "variants": {"brief": {"kind": "short"}},
                "models": {"small": {"kind": "ladder"}},
                "studies": {
                    "levels": {
                        "probes": probes,
                        "grids": [{**grid, "variants": variants, "seeds": [1]}],
                    }
                },
            }
        )
    )


def test_it_is_asked_of_explanations_of_tasks_whose_steps_build_on_one_another():
    studies = studies_of(faithfulness=30)
    probes, tables = ProbeInputs(studies), TableInputs(studies)
    study = Job(study="levels")
    assert probes.faithfulness_files(study) == [
        f"{RUN.format(variant)}/faithfulness.json" for variant in ("brief", "medium")
    ]
    assert json.loads(probes.tabulating_faithfulness(study)) == {
        "explained": {"bits": ["brief", "medium"]}
    }
    assert TABLE in tables.end_of("levels")
    assert tables.measured("-faithfulness.csv")(study) == [TABLE]
    assert TABLE in tables.read_by_report(study)
    assert "faithfulness.json" in json.loads(tables.tabulating_costs(study))["run_files"]
    run = Job(study="levels", task="bits", variant="brief", model="small", seed="1")
    told = json.loads(probes.measuring_faithfulness(run))
    assert (told["task_kind"], told["variant_kind"], told["count"]) == ("parity", "short", 30)


def test_a_study_that_does_not_ask_for_it_has_nothing_of_it():
    tables, study = TableInputs(studies_of()), Job(study="levels")
    assert not any("faithfulness" in file for file in tables.read_by_report(study))
    assert tables.measured("-faithfulness.csv")(study) == []
    assert not any("faithfulness" in file for file in tables.end_of("levels"))
    assert json.loads(tables.tabulating_costs(study))["run_files"] == ["scores.json"]
