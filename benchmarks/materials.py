"""What the benchmarks share: the default study's recipes, bases and problems, and a plain table."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from repository import REPOSITORY

from showhow.base.errors import ShowhowError
from showhow.recipes.training import TrainingRecipe
from showhow.responses import load_variant
from showhow.responses.response import Response
from showhow.study.configuration import Configuration
from showhow.study.validation import load_configuration
from showhow.tasks import load_task
from stages.fine_tune import Options

BASES = REPOSITORY / "results" / "models"
TASK = "listops"
LADDER = {"kind": "ladder", "family": "decoder", "layers": 3}
ADAFACTOR = {"optimizer": "adafactor", "learning_rate": 0.01}
OTHER_MODELS = {
    "decoder-40k": {**LADDER, "hidden": 32, "heads": 2},
    "decoder-600k": {**LADDER, "hidden": 136, "heads": 4},
    "t5-190k": {
        **LADDER,
        **{"family": "t5", "hidden": 64, "layers": 2, "heads": 4},
        **{"pretraining": {**ADAFACTOR, "steps": 1200}, "training": ADAFACTOR},
    },
}
"""Of the ladder, beside the default study's: other sizes, and the encoder-decoder."""


@cache
def default_study() -> Configuration:
    """Read config.yaml, whose models and recipes the benchmarks measure, with other models."""
    file = REPOSITORY / "config.yaml"
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    return load_configuration(content | {"models": content["models"] | OTHER_MODELS}, [file])


def base_folder(bases: Path, model: str) -> Path:
    """Give a base model's folder; the workflow makes it first if the default one is missing."""
    folder = bases / model
    if (folder / "config.json").is_file():
        return folder
    if bases != BASES:
        raise ShowhowError(f"{folder} holds no model; name the folder of the bases with --bases.")
    print(f"Making the base model {model}; some minutes, once.", flush=True)
    target = str(folder.relative_to(REPOSITORY))
    snakemake = [sys.executable, "-m", "snakemake", "--cores", str(cores()), "--quiet", "all"]
    subprocess.run([*snakemake, target], cwd=REPOSITORY, check=True)
    return folder


def cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0))


@dataclass(frozen=True)
class Material:
    """Training and test responses of one variant; no test problem is in training."""

    train: list[Response]
    test: list[Response]


def listops(variant: str, n_train: int, n_test: int) -> Material:
    """Make listops problems as the default study does, with the responses of one variant."""
    task, writer = load_task(TASK), load_variant(variant)
    settings = task.Settings(**default_study().task_settings(TASK))
    test = task.generate(settings, "test", n_test, set())
    train = task.generate(settings, "train", n_train, {task.canonical(item) for item in test})
    written = [[writer.write(writer.Settings(), task, p) for p in split] for split in (train, test)]
    return Material(*written)


def fine_tuning_command(
    base: Path, responses: Path, recipe: TrainingRecipe, output: Path, seed: int
) -> list[str]:
    """Give the stage that fine-tunes, as script and options, with its model and record in `output`.

    base, responses: a model folder, a file of responses.
    """
    run = {"study": "benchmark", "task": TASK, "variant": "v", "model": base.name, "n_train": 1}
    options = Options(
        run={**run, "match": "examples", "seed": seed},
        base=base,
        responses=responses,
        recipe=recipe,
        model_output=output / "model",
        output=output / "train.json",
    )
    return [str(REPOSITORY / "workflow_scripts/run.py"), "fine_tune", *options.command_line()]


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Keep progress bars and the trainers' own lines out of the table."""
    with (
        open(os.devnull, "w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        yield


class Stopwatch:
    """Wall and CPU seconds of the block that it is used with."""

    def __enter__(self) -> "Stopwatch":
        self.started = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_) -> None:
        self.seconds = time.perf_counter() - self.started[0]
        self.cpu_seconds = time.process_time() - self.started[1]


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under a header: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    print(f"\n{title}\n")
    for row in (header, ["-" * width for width in widths], *rows):
        cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        print("  ".join([row[0].ljust(widths[0]), *cells[1:]]).rstrip(), flush=True)
