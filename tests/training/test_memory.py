"""A micro-batch too large for the GPU is halved, and the run goes on with the same batches."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from small_runs import copied_numbers, fine_tuning

from showhow.base.rows import write_jsonl
from showhow.base.surroundings import VARIABLE
from showhow.models.loading import save_base
from small_models import ladder_base

SMALL_GPU = Path(__file__).with_name("small_gpu.py")


@pytest.fixture(scope="module")
def materials(tmp_path_factory):
    folder = tmp_path_factory.mktemp("materials")
    save_base(ladder_base("decoder"), folder / "decoder")
    write_jsonl(folder / "responses.jsonl", copied_numbers(lambda digit: 1 + digit % 3))
    return folder


def train(folder, materials, holds, **recipe):
    """Fine-tune on a GPU that holds so many examples; batches are of eight."""
    recipe = {"optimizer": "adamw", "learning_rate": 0.001, "min_steps": 40, **recipe}
    base, responses = materials / "decoder", materials / "responses.jsonl"
    surroundings, _, *options = fine_tuning(base, responses, recipe, seconds=0)
    return subprocess.run(
        [sys.executable, SMALL_GPU, *options],
        cwd=folder,
        env={**os.environ, "GPU_HOLDS": str(holds), VARIABLE: surroundings.partition("=")[2]},
        stderr=subprocess.PIPE,
        text=True,
    )


def losses(folder):
    return dict(json.loads((folder / "run/train.json").read_text())["loss_curve"])


def test_a_run_goes_on_with_the_micro_batch_that_fits(tmp_path, materials):
    large, small = tmp_path / "large", tmp_path / "small"
    large.mkdir()
    small.mkdir()
    assert train(large, materials, holds=8).returncode == 0
    done = train(small, materials, holds=4)
    assert done.returncode == 0, done.stderr
    assert "going on with 4 example(s)" in done.stderr
    assert "Going on from the checkpoint" in done.stderr
    assert losses(small) == pytest.approx(losses(large), rel=1e-3)


def test_when_one_example_is_too_large_the_remedy_is_said(tmp_path, materials):
    done = train(tmp_path, materials, holds=0, micro_batch_size=1)
    assert done.returncode == 1
    assert "does not hold one example (CUDA out of memory." in done.stderr
    assert "Set gradient_checkpointing: true" in done.stderr
    assert "Traceback" not in done.stderr
