"""The order of splits decides bytes of predictions and scores: it is told, and stands still."""

from wildcards import Job

from showhow.study.configuration import Configuration
from showhow.study.inputs.evaluation import EvaluationInputs
from showhow.study.studies import Studies

RUN = Job(study="s", task="lists", variant="none", model="small", budget="n20", seed="2")
UNTUNED = Job(task="lists", variant="none", model="small")
TRIAL = Job(study="s", task="lists", variant="none", model="small", budget="n20", rate="0.01")


def evaluation_of(test_size: dict[str, int]) -> EvaluationInputs:
    grid = {"name": "all", "tasks": ["lists"], "variants": ["none"], "models": ["small"]}
    content = {
        "tasks": {"lists": {"kind": "listops", "test_size": test_size}},
        "models": {"small": {"kind": "ladder"}},
        "training": {"learning_rate": [0.02, 0.01], "choose": "validation"},
        "studies": {"s": {"grids": [{**grid, "n_train": [20], "seeds": [1, 2]}]}},
    }
    return EvaluationInputs(Studies(Configuration.model_validate(content)))


def test_predictions_and_scores_are_told_the_order_of_what_they_read():
    evaluation = evaluation_of({"test": 8, "longer": 4, "deeper": 4})
    for job in (RUN, UNTUNED, TRIAL):
        told = evaluation.order_of_splits(job)
        assert [path.rsplit("/", 1)[1] for path in evaluation.responses(job)] == [
            f"{split}.jsonl" for split in told
        ]
        assert [path.rsplit("/", 1)[1] for path in evaluation.problems(job)] == [
            f"{split}.jsonl" for split in told
        ]
    assert evaluation.order_of_splits(RUN) == ["test", "longer", "deeper"]


def test_it_is_the_task_that_orders_splits_and_not_the_configuration():
    one = evaluation_of({"test": 8, "longer": 4, "deeper": 4})
    other = evaluation_of({"deeper": 4, "longer": 4, "test": 8})
    for told in ("order_of_splits", "responses", "problems", "predicting", "scoring"):
        assert getattr(one, told)(RUN) == getattr(other, told)(RUN)
