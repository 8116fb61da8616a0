"""docs/kept.md as it stands: lm-evaluation-harness, in its own environment, on kept weights."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from activated_copy import REPOSITORY

from showhow.base.rows import write_jsonl
from showhow.models.loading import save_base
from small_models import ladder_base
from stages import fine_tune, predict
from training.small_runs import RUN, copied_numbers

pytestmark = pytest.mark.environments
PAGE = (REPOSITORY / "docs/kept.md").read_text()
INSTALLED = re.search(r'pip install "(.+)" -c', PAGE)[1]
TASK_FILE = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[1]
COMMAND = re.search(r"harness/bin/lm_eval (run .*?)```", PAGE, re.DOTALL)[1]
BASE, FOLDER = "results/models/MODEL", "RUN/model"
TEST_SET = re.search(r"test: (results/\S+\.jsonl)", TASK_FILE)[1]
LIMIT = 64


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    """Install the harness as the page says, and give its python."""
    folder = tmp_path_factory.mktemp("environments") / "harness"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin/python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-compile"]
    constraints = REPOSITORY / "envs/constraints.txt"
    done = subprocess.run([*pip, INSTALLED, "-c", constraints], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return python


def trained_and_asked(adapter):
    """Train a run in this folder, have the workflow ask it, and give what it answered."""
    save_base(ladder_base("decoder"), Path(BASE))
    responses = copied_numbers(lambda digit: 1)
    write_jsonl(Path("train.jsonl"), responses)
    write_jsonl(Path(TEST_SET), responses[::11])
    recipe = {"optimizer": "adamw", "batch_size": 8, "learning_rate": 0.02, "min_steps": 20}
    training = fine_tune.Options(
        run={**RUN, "match": "examples"},
        base=BASE,
        responses="train.jsonl",
        recipe={**recipe, "adapter": adapter},
        model_output=FOLDER,
        output="RUN/train.json",
        checkpoints="checkpoints",
    )
    fine_tune.fine_tune(training)
    prediction = predict.Options(
        model=FOLDER,
        base=BASE if adapter else None,
        responses=[TEST_SET],
        settings={"max_new_tokens": LIMIT, "batch_size": 3},
        output="predictions.jsonl",
        checkpoints="checkpoints",
    )
    predict.predict(prediction)
    rows = map(json.loads, prediction.output.read_text().splitlines())
    return {row["prompt"]: row["prediction"].strip() for row in rows}


@pytest.mark.parametrize("adapter", [{"rank": 2}, None], ids=["adapter", "whole model"])
def test_the_harness_gets_the_texts_that_the_workflow_got(adapter, harness, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    expected = trained_and_asked(adapter)
    (tmp_path / "harness-tasks").mkdir()
    (tmp_path / "harness-tasks/own_question.yaml").write_text(TASK_FILE)
    command = COMMAND.replace("\\\n", " ")
    if adapter is None:
        command = command.replace(f"{BASE},peft={FOLDER}", FOLDER)
    done = subprocess.run(
        [harness, "-m", "lm_eval", *command.split()], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [samples] = (tmp_path / "harness-results").rglob("samples_own_question_*.jsonl")
    said = [json.loads(line) for line in samples.read_text().splitlines()]
    given = {one["doc"]["prompt"]: one["resps"][0][0].strip() for one in said}
    assert given == expected
