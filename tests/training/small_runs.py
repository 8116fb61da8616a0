"""Small runs of the fine-tuning stage: responses, the command line, and what a run ends in."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from started_jobs import in_surroundings

RUN = {"study": "s", "task": "t", "variant": "v", "model": "m", "n_train": 50, "seed": 3}


def copied_numbers(times: Callable[[int], int]) -> list[dict]:
    """Write 50 responses that copy two digits, as often as `times` says for the second digit."""
    return [
        {
            "id": f"train-{a}{b}",
            "prompt": f"copy [ {a} {b} ]",
            "response": f"{a} {b} " * times(b) + ".",
            "answer": f"{b}",
            "steps": [],
            "answer_position": "last",
        }
        for a in range(10)
        for b in range(5)
    ]


def fine_tuning(base: Path, responses: Path, recipe: dict, seconds: float, *options) -> list[str]:
    """Give the command line of a run with a checkpoint every so many seconds; it lands in run/."""
    told = {
        "run": {**RUN, "match": "examples"},
        "recipe": {"batch_size": 8, "epochs": 1, **recipe},
    }
    return [
        in_surroundings(checkpoint_seconds=seconds),
        "fine_tune",
        f"--base={base}",
        f"--responses={responses}",
        "--model-output=run/model",
        "--output=run/train.json",
        f"--options={json.dumps(told)}",
        *options,
    ]


def result(run: Path) -> dict[str, bytes]:
    """Read what a run ended in: its record and its model."""
    files = [run / "train.json", *(run / "model").iterdir()]
    return {file.name: file.read_bytes() for file in files}


def assert_the_same_but_for_rounding(one: Path, other: Path) -> None:
    """Compare two runs: the curve of the loss to a thousandth, the weights to a hundredth."""
    record, other_record = (json.loads((run / "train.json").read_text()) for run in (one, other))
    for (step, loss), (other_step, other_loss) in zip(
        record.pop("loss_curve"), other_record.pop("loss_curve"), strict=True
    ):
        assert step == other_step
        assert loss == pytest.approx(other_loss, rel=1e-3)
    assert record.pop("final_loss") == pytest.approx(other_record.pop("final_loss"), rel=1e-3)
    assert record == other_record
    weights, other_weights = (load_file(run / "model/model.safetensors") for run in (one, other))
    assert weights.keys() == other_weights.keys()
    for name in weights:
        torch.testing.assert_close(weights[name], other_weights[name], rtol=1e-2, atol=1e-2)
