"""What trials of learning rates and the runs after them read and are told."""

import json

import pytest
from wildcards import Job

from showhow.study.configuration import Configuration
from showhow.study.inputs.data import DataInputs
from showhow.study.inputs.evaluation import EvaluationInputs
from showhow.study.inputs.models import ModelInputs
from showhow.study.inputs.requests import Requests
from showhow.study.inputs.tables import TableInputs
from showhow.study.inputs.training import TrainingInputs
from showhow.study.studies import Studies

TUNED = {"learning_rate": [0.02, 0.01], "choose": "validation"}
CONDITION = {"study": "s", "task": "bits", "variant": "none", "model": "small", "budget": "n20"}
TRIAL = Job(**CONDITION, rate="0.01")
RUN = Job(**CONDITION, seed="2")


def studies_of(training=TUNED, seeds=(1, 2), models=None, **keys) -> Studies:
    grid = {"name": "all", "tasks": ["bits"], "variants": ["none", "medium"], "n_train": [20]}
    small = {"kind": "ladder", "bases": "per_seed"}
    content = {
        "tasks": {"bits": {"kind": "parity"}},
        "models": models or {"small": small},
        "training": training,
        "studies": {"s": {"grids": [{**grid, "models": ["small"], "seeds": [*seeds]}]}},
        **keys,
    }
    return Studies(Configuration.model_validate(content))


def told(text):
    return json.loads(text)


def test_a_trial_is_told_its_rate_and_a_seed_that_no_run_has():
    options = told(TrainingInputs(studies_of()).fine_tuning(TRIAL))
    assert options["recipe"]["learning_rate"] == 0.01
    assert options["run"]["seed"] == 0
    options = told(TrainingInputs(studies_of(seeds=(0, 1, 3))).fine_tuning(TRIAL))
    assert options["run"]["seed"] == 2


def test_a_trial_starts_from_the_first_base_and_trains_on_a_set_of_its_own():
    studies = studies_of()
    assert ModelInputs(studies).base(TRIAL) == "results/models/small"
    assert ModelInputs(studies).base(RUN) == "results/models/small@base2"
    assert "base_name" not in told(TrainingInputs(studies).fine_tuning(TRIAL))
    responses = TrainingInputs(studies).responses
    assert responses(TRIAL) == "results/data/bits/responses/none/train-n20.jsonl"
    assert responses(RUN) == "results/data/bits/responses/none/train-n20-draw2.jsonl"


def test_a_trial_is_asked_the_validation_problems_and_a_run_never_is():
    evaluation = EvaluationInputs(studies_of())
    assert evaluation.problems(TRIAL) == ["results/data/bits/problems/validation.jsonl"]
    assert evaluation.responses(TRIAL) == ["results/data/bits/responses/none/validation.jsonl"]
    read = [*evaluation.problems(RUN), *evaluation.responses(RUN)]
    assert not [path for path in read if "validation" in path]


def test_no_training_problem_and_no_text_of_a_corpus_is_a_validation_problem():
    made_before = DataInputs(studies_of()).problems_made_before
    validation = "results/data/bits/problems/validation.jsonl"
    assert made_before(Job(task="bits", split="train-n20-draw1"))[-1] == validation
    first = made_before(Job(task="bits", split="validation"))
    assert first == [f"results/data/bits/problems/{split}.jsonl" for split in ("test", "longer")]
    solved = {"solutions": {"bits": 1}, "voice": "a"}
    assert validation in ModelInputs(studies_of(corpus=solved)).problems_kept_from(
        Job(corpus="corpus")
    )


def test_a_run_is_told_the_chosen_rate_as_if_it_had_been_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    chosen = tmp_path / "results/trials/s/bits/none/small/n20/chosen.json"
    chosen.parent.mkdir(parents=True)
    chosen.write_text(json.dumps({"learning_rate": 0.01}))
    written = TrainingInputs(studies_of(training={"learning_rate": 0.01})).fine_tuning(RUN)
    assert TrainingInputs(studies_of()).fine_tuning(RUN) == written


def test_the_order_of_the_rates_makes_nothing_stale():
    one = TrainingInputs(studies_of())
    other = TrainingInputs(studies_of(training={**TUNED, "learning_rate": [0.01, 0.02]}))
    condition = Job(**CONDITION)
    assert one.choosing(condition) == other.choosing(condition)
    assert one.scores_of_trials(condition) == other.scores_of_trials(condition)


def test_where_one_rate_is_given_nothing_is_chosen():
    studies = studies_of(training={"learning_rate": 0.01})
    training = TrainingInputs(studies)
    assert not training.is_tuned(RUN)
    assert training.table_of_choices("s") == []
    assert not [path for path in TableInputs(studies).end_of("s") if "trials" in path]
    assert "choose" not in told(training.fine_tuning(RUN))["recipe"]
    made_before = DataInputs(studies).problems_made_before(Job(task="bits", split="train-n20"))
    assert not [path for path in made_before if "validation" in path]


def test_a_model_can_have_a_rate_of_its_own_beside_others_whose_rate_is_chosen():
    own = {"kind": "ladder", "training": {"learning_rate": 0.03, "choose": None}}
    studies = studies_of(models={"small": own})
    assert TrainingInputs(studies).table_of_choices("s") == []
    assert told(TrainingInputs(studies).fine_tuning(RUN))["recipe"]["learning_rate"] == 0.03


@pytest.mark.parametrize("of_group, named", [("runs-up-to-5M", "trials-up-to-5M"), (None, None)])
def test_trials_share_no_job_with_runs(of_group, named, monkeypatch):
    """Between them stands the choice: one job for both could not end."""
    monkeypatch.setattr(Requests, "group", lambda *_: of_group)
    assert Requests(studies_of()).group_of_trial(TRIAL) == named
