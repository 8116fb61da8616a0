"""Which training set a run gets: by its size and its seed, and by nothing else."""

import json

import pytest
from wildcards import Job

from showhow.study.configuration import Configuration
from showhow.study.inputs.data import DataInputs
from showhow.study.inputs.probes import ProbeInputs
from showhow.study.inputs.training import TrainingInputs
from showhow.study.inputs.writing import WritingInputs
from showhow.study.studies import Studies

WRITER = {"kind": "endpoint", "model": "m", "service": {"url": "http://localhost"}}
VARIANTS = {"own": {"kind": "written", "settings": {"writer": "w", "spare_share": 0.5}}}
VOICED = {"kind": "ladder", "corpus": {"voice": "a"}}


def studies_of(*variants, seeds=(1, 2), sizes=(20, 40), **keys) -> Studies:
    grid = {
        "name": "all",
        "tasks": ["bits"],
        "variants": [*variants],
        "models": ["small", "large"],
        "n_train": [*sizes],
        "seeds": [*seeds],
    }
    matched = {**grid, "name": "matched", "match": "target_tokens"}
    return Studies(
        Configuration.model_validate(
            {
                "tasks": {"bits": {"kind": "parity"}},
                "writers": {"w": WRITER},
                "variants": VARIANTS,
                "models": {"small": VOICED, "large": {**VOICED, "hidden": 128}},
                "training": {"reference_variant": "none"},
                "studies": {"s": {"grids": [grid, matched], "probes": {"perplexity": True}}},
                **keys,
            }
        )
    )


def training_sets(studies: Studies) -> dict[int, set[str]]:
    """Name the problems that runs of each seed train on, and those that they are matched to."""
    inputs = TrainingInputs(studies)
    found: dict[int, set[str]] = {}
    for run in studies.runs.values():
        names = Job(
            **{"study": run.study, "task": run.task, "variant": run.variant, "model": run.model},
            **{"budget": run.budget, "seed": str(run.seed)},
        )
        read = [inputs.responses(names), *inputs.reference(names)]
        found.setdefault(run.seed, set()).update(file.rpartition("/")[2] for file in read)
    return found


def test_a_seed_has_its_own_training_sets_for_every_variant_model_and_match():
    assert training_sets(studies_of("none", "medium")) == {
        seed: {f"train-n{size}-draw{seed}.jsonl" for size in (20, 40)} for seed in (1, 2)
    }


def test_seeds_share_their_training_sets_where_the_configuration_says_so():
    shared = {"train-n20.jsonl", "train-n40.jsonl"}
    found = training_sets(studies_of("none", training_sets="shared"))
    assert found == {1: shared, 2: shared}


def test_problems_are_drawn_from_a_stream_of_the_seeds_own():
    inputs = DataInputs(studies_of("none"))
    first, second = (Job(task="bits", split=f"train-n40-draw{seed}") for seed in (1, 2))
    assert inputs.pool_drawn_from(first) == []
    assert json.loads(inputs.making_problems(first))["draw"] == 1
    assert json.loads(inputs.making_problems(second))["draw"] == 2
    assert "draw" not in json.loads(inputs.making_problems(Job(task="bits", split="test")))


@pytest.mark.parametrize("seeds", [(1,), (1, 2, 3, 4)])
def test_a_writer_is_asked_as_much_however_many_seeds_there_are(seeds):
    studies = studies_of("none", "own", seeds=seeds)
    data, writing = DataInputs(studies), WritingInputs(studies)
    pool = "results/data/bits/problems/train-n60.jsonl"
    for seed in seeds:
        drawn = Job(task="bits", writing="own", split=f"train-n40-draw{seed}")
        assert data.pool_drawn_from(drawn) == [pool]
        assert writing.texts(drawn) == ["results/data/bits/written/own/train-n60.jsonl"]
        assert writing.problems(drawn) == [pool.replace("n60", f"n60-draw{seed}")]
    asked = writing.asking(Job(task="bits", writing="own", split="train-n60"))
    assert json.loads(asked)["count"] == 40


def test_a_base_is_asked_the_same_problems_for_all_seeds():
    studies = studies_of("none", "self_generated", answering={"problems_per_example": 3})
    inputs = DataInputs(studies)
    names = {"task": "bits", "variant": "self_generated", "model": "small"}
    for seed in (1, 2):
        drawn = Job(**names, split=f"train-n20-draw{seed}")
        assert inputs.answers(drawn) == ["results/data/bits/answers/small/train-n120.jsonl"]
        assert inputs.problems_to_respond_to(drawn) == [
            f"results/data/bits/problems/train-n120-draw{seed}.jsonl"
        ]


def test_the_description_is_of_all_training_sets():
    files = DataInputs(studies_of("none")).problems_of_every_split(Job(task="bits"))
    assert [file.rpartition("/")[2] for file in files] == [
        *("test.jsonl", "longer.jsonl"),
        *(f"train-n{size}-draw{seed}.jsonl" for size in (20, 40) for seed in (1, 2)),
    ]


def test_perplexity_is_that_of_the_first_seeds_largest_training_set():
    files = ProbeInputs(studies_of("none")).perplexities(Job(study="s"))
    assert files == [
        f"results/probes/{model}/bits/none/train-n40-draw1.json" for model in ("small", "large")
    ]
