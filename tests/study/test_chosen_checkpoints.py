"""What runs read and are told whose checkpoint is chosen on a validation split."""

import json

import pytest
from wildcards import Job

from showhow.study.configuration import Configuration
from showhow.study.inputs.data import DataInputs
from showhow.study.inputs.evaluation import EvaluationInputs
from showhow.study.inputs.training import TrainingInputs
from showhow.study.studies import Studies

CONDITION = {"study": "s", "task": "bits", "variant": "none", "model": "small", "budget": "n20"}
RUN, OTHER = Job(**CONDITION, seed="2"), Job(**{**CONDITION, "model": "other"}, seed="2")
CHOOSE = {"split": "validation", "every": 10}
VALIDATION = "results/data/bits/problems/validation.jsonl"


def studies_of(choose: object = CHOOSE, **keys) -> Studies:
    """Give a study of two models, of which one keeps its last checkpoint in any case."""
    grid = {"name": "all", "tasks": ["bits"], "variants": ["none"], "n_train": [20]}
    content = {
        "tasks": {"bits": {"kind": "parity"}},
        "models": {
            "small": {"kind": "ladder"},
            "other": {"kind": "ladder", "training": {"choose": None}},
        },
        "training": {"choose": choose},
        "studies": {"s": {"grids": [{**grid, "models": ["small", "other"], "seeds": [1, 2]}]}},
    }
    for key, value in keys.items():
        content[key] = content.get(key, {}) | value
    return Studies(Configuration.model_validate(content))


def told(studies: Studies, job: Job) -> dict:
    return json.loads(TrainingInputs(studies).fine_tuning(job))


def test_a_run_reads_and_is_told_what_its_checkpoint_is_chosen_on():
    studies = studies_of()
    training = TrainingInputs(studies)
    assert training.validation(RUN) == [VALIDATION]
    responses = ["results/data/bits/responses/none/validation.jsonl"]
    assert training.validation_responses(RUN) == responses
    choosing = told(studies, RUN)["choosing"]
    assert choosing["every"] == 10 and choosing["settings"]["batch_size"] == 128


def test_where_the_last_checkpoint_is_kept_nothing_is_read_or_told():
    for training, job in ((TrainingInputs(studies_of()), OTHER), (None, RUN)):
        training = training or TrainingInputs(studies_of(choose=None))
        assert training.validation(job) == [] and training.validation_responses(job) == []
        assert "choosing" not in json.loads(training.fine_tuning(job))


def test_a_validation_problem_is_neither_trained_on_nor_tested():
    studies = studies_of()
    training_set = Job(task="bits", split="train-n20-draw2")
    assert VALIDATION in DataInputs(studies).problems_made_before(training_set)
    first = DataInputs(studies).problems_made_before(Job(task="bits", split="validation"))
    assert "results/data/bits/problems/test.jsonl" in first and VALIDATION not in first
    evaluation = EvaluationInputs(studies)
    asked = [*evaluation.problems(RUN), *evaluation.responses(RUN)]
    assert asked and not [path for path in asked if "validation" in path]


@pytest.mark.parametrize(
    "changed",
    [
        {"choose": {"split": "validation", "every": 20}},
        {"choose": {"split": "validation", "every": "epoch"}},
        {"choose": None},
        {"evaluation": {"max_new_tokens": 7}},
    ],
)
def test_another_choice_makes_exactly_those_runs_stale(changed):
    before, after = studies_of(), studies_of(**changed)
    assert told(before, RUN) != told(after, RUN)
    assert told(before, OTHER) == told(after, OTHER)


def test_of_several_rates_the_best_is_chosen_by_each_trials_best_checkpoint():
    studies = studies_of(training={"learning_rate": [0.01, 0.02]}, models={})
    trial = Job(**CONDITION, rate="0.01")
    training = TrainingInputs(studies)
    assert training.is_tuned(RUN)
    assert training.validation(trial) == [VALIDATION]
    assert told(studies, trial)["choosing"]["every"] == 10
    assert EvaluationInputs(studies).problems(trial) == [VALIDATION]


def test_runs_sample_with_their_seed_and_what_is_greedy_in_any_case_is_told_nothing_of_it():
    sampling = {"temperature": 0.95, "top_p": 0.7, "top_k": 50}
    greedy, sampled = studies_of(), studies_of(evaluation={"sampling": sampling})
    answers = json.loads(EvaluationInputs(sampled).predicting(RUN))
    assert answers["settings"]["sampling"] == sampling and answers["seed"] == 2
    assert "seed" not in json.loads(EvaluationInputs(greedy).predicting(RUN))
    asked = told(sampled, RUN)["choosing"]["settings"]
    assert asked["sampling"] == sampling
    answering = [DataInputs(one).answering(RUN) for one in (greedy, sampled)]
    assert answering[0] == answering[1]
    score = [EvaluationInputs(one).scoring(RUN) for one in (greedy, sampled)]
    assert score[0] == score[1]
