"""A folder that plain transformers wrote goes through every stage, with LoRA and in full."""

import json

import pytest

from showhow.responses import load_variant
from showhow.responses.response import write_responses
from showhow.tasks import load_task
from showhow.tasks.problem import write_problems
from small_models import ARCHITECTURES, foreign_folder
from stages import fine_tune, predict, score

TASK, VARIANT = load_task("parity"), load_variant("none")
RUN = {"study": "s", "task": "bits", "variant": "none", "model": "own", "n_train": 8, "seed": 1}
ADAPTERS = {"full": None, "LoRA": {"rank": 2}}


@pytest.fixture
def data(tmp_path):
    """Write problems with responses, and give the folder."""
    for split in ("train", "test"):
        problems = TASK.generate(TASK.Settings(bits_max=8), split, 8, set())
        written = [VARIANT.write(VARIANT.Settings(), TASK, problem) for problem in problems]
        write_problems(tmp_path / f"problems/{split}.jsonl", problems)
        write_responses(tmp_path / f"responses/{split}.jsonl", written)
    return tmp_path


@pytest.mark.parametrize("adapter", ADAPTERS)
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_it_trains_answers_and_is_scored(architecture, adapter, data):
    base = foreign_folder(architecture, data / "base")
    recipe = {"optimizer": "adamw", "batch_size": 4, "epochs": 1, "adapter": ADAPTERS[adapter]}
    training = fine_tune.Options(
        run={**RUN, "match": "examples"},
        base=base,
        responses=data / "responses/train.jsonl",
        recipe=recipe,
        model_output=data / "run/model",
        output=data / "run/train.json",
        checkpoints=data / "checkpoints",
    )
    prediction = predict.Options(
        model=data / "run/model",
        base=base if ADAPTERS[adapter] else None,
        responses=[data / "responses/test.jsonl"],
        settings={"max_new_tokens": 6, "batch_size": 3},
        output=data / "run/predictions.jsonl",
        checkpoints=data / "checkpoints",
    )
    scoring = score.Options(
        problems=[data / "problems/test.jsonl"],
        responses=[data / "responses/test.jsonl"],
        predictions=data / "run/predictions.jsonl",
        items=data / "run/items.jsonl",
        output=data / "run/scores.json",
    )
    fine_tune.fine_tune(training)
    predict.predict(prediction)
    score.score(scoring)
    record = json.loads((data / "run/train.json").read_text())
    assert record["steps"] == 2
    share = record["trainable_parameters"] / record["parameters"]
    assert share == 1 if adapter == "full" else 0 < share < 0.1
    scores = json.loads((data / "run/scores.json").read_text())
    assert scores["splits"]["test"]["n_test"] == 8
