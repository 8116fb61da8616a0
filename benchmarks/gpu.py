"""What a GPU makes of T5's sizes: beside a plain trainer, killed and resumed, and shared by runs.

    python benchmarks/gpu.py

Three parts, each with both sides in one run:

1. T5-small, base and large with random weights, fine-tuned by the recipe of configs/paper.yaml and
   by transformers' Seq2SeqTrainer with its defaults, once each on the same ListOps examples. Peak:
   the operations of showhow.models.arithmetic over what the device's maker promises in bf16
   (profiles/gpus.yaml). Memory: the most that torch had allocated.
2. A run that is killed at a checkpoint and started again, beside one that is not.
3. Small runs that share the GPU, as in a SLURM job of `packed` runs, beside one after another.

It runs on a CPU as well, and shows nothing there: --tiny with few examples takes half a minute.
"""

import gc
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import torch
import typer
import yaml
from fine_tuning import LIBRARYS_BATCH, WARM_UP_STEPS, Side, ours, plain
from materials import Stopwatch, fine_tuning_command, listops, print_table
from repository import REPOSITORY
from transformers import T5Config, T5ForConditionalGeneration

from showhow.base.errors import ShowhowError
from showhow.base.surroundings import VARIABLE, Surroundings, in_words
from showhow.forecast.gpus import device_of, read_devices
from showhow.jobs.devices import ASSIGNED
from showhow.models.arithmetic import Text, training_operations
from showhow.models.loading import load_base
from showhow.models.shapes import shape_in
from showhow.models.tokenizer import ladder_tokenizer
from showhow.recipes.training import TrainingRecipe
from showhow.responses.response import Response, write_responses
from showhow.study.validation import load_configuration
from showhow.training.examples import Example, tokenise

PAPER = REPOSITORY / "configs/paper.yaml"
DEVICES = REPOSITORY / "profiles/gpus.yaml"
VOCABULARY = 32_128
# The published configurations.
SHAPES = {
    "t5-small": {"d_model": 512, "d_kv": 64, "d_ff": 2048, "num_layers": 6, "num_heads": 8},
    "t5-base": {"d_model": 768, "d_kv": 64, "d_ff": 3072, "num_layers": 12, "num_heads": 12},
    "t5-large": {"d_model": 1024, "d_kv": 64, "d_ff": 4096, "num_layers": 24, "num_heads": 16},
}
TINY = {"d_model": 16, "d_kv": 8, "d_ff": 32, "num_layers": 1, "num_heads": 2}
# AdamW's default rate in the plain trainer's arguments.
LIBRARYS_RATE = 5e-5
VARIANT = "medium"
SMALL = "t5-small"
MODEL_FILE = "model/model.safetensors"
PATIENCE_SECONDS = 1800


def paper_recipe(model: str, batch_size: int | None) -> TrainingRecipe:
    """Read what configs/paper.yaml trains a model with, with other batches if a size is given."""
    configuration = load_configuration(yaml.safe_load(PAPER.read_text()), [PAPER])
    recipe = configuration.training_of(model)
    if batch_size is None:
        return recipe
    micro = min(batch_size, recipe.micro_batch_size)
    return recipe.model_copy(update={"batch_size": batch_size, "micro_batch_size": micro})


def make_base(folder: Path, sizes: dict[str, int]) -> Path:
    """Write a T5 with random weights, T5's vocabulary and the ladder's tokenizer."""
    tokenizer = ladder_tokenizer()
    special = {"pad_token_id": tokenizer.pad_token_id, "eos_token_id": tokenizer.eos_token_id}
    start = {"decoder_start_token_id": tokenizer.pad_token_id}
    torch.manual_seed(0)
    config = T5Config(vocab_size=VOCABULARY, **sizes, **special, **start)
    T5ForConditionalGeneration(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


# 1. Beside a plain trainer.


@dataclass(frozen=True)
class Measured:
    """One pass over the examples: wall seconds, and the most bytes allocated; None on a CPU."""

    seconds: float
    memory: int | None


def measure(side: Side, base: Path, responses: list[Response], batch_size: int) -> Measured:
    """Train for a few steps that do not count, then for one pass that does."""
    steps = len(responses) // batch_size
    side(base, responses, min(WARM_UP_STEPS, steps), 1)
    if not torch.cuda.is_available():
        return Measured(side(base, responses, steps, 1)[1].seconds, None)
    gc.collect()
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    _, watch = side(base, responses, steps, 1)
    return Measured(watch.seconds, torch.cuda.max_memory_allocated())


def compare_with_plain(
    name: str, base: Path, responses: list[Response], recipe: TrainingRecipe
) -> list[list[str]]:
    """Fine-tune a base on both sides; give the rows of their table."""
    sides = {
        f"plain Seq2SeqTrainer, its defaults (batches of {LIBRARYS_BATCH}, fp32)": (
            plain(LIBRARYS_BATCH, LIBRARYS_RATE),
            LIBRARYS_BATCH,
        ),
        f"showhow, the paper's recipe (batches of {recipe.batch_size}, {recipe.precision})": (
            ours(recipe),
            recipe.batch_size,
        ),
    }
    measured = {
        side: measure(train, base, responses, batch_size)
        for side, (train, batch_size) in sides.items()
    }
    loaded = load_base(base)
    examples = tokenise(loaded, [(r.prompt, r.response) for r in responses])
    operations = operations_of(base, examples)
    tokens = sum(len(e.input_ids) + len(e.labels) for e in examples)
    reference = next(iter(measured.values())).seconds
    return [
        [
            name,
            side,
            f"{tokens / of.seconds:,.0f}",
            f"{reference / of.seconds:.2f}",
            share_of_peak(operations / of.seconds),
            "-" if of.memory is None else f"{of.memory / 1e9:.1f} GB",
        ]
        for side, of in measured.items()
    ]


def operations_of(base: Path, examples: list[Example]) -> float:
    """Count the operations of one pass over the examples; none for what is computed again."""
    shape = shape_in(json.loads((base / "config.json").read_text()))
    texts = [Text(len(example.input_ids), len(example.labels)) for example in examples]
    return sum(training_operations(shape, text, gradient_checkpointing=False) for text in texts)


def device_name() -> str:
    return torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU"


def share_of_peak(rate: float) -> str:
    """Write operations per second as a share of the bf16 peak, where there is a known one."""
    devices = read_devices(DEVICES)
    name = device_of(devices, [device_name()]) if torch.cuda.is_available() else None
    peak = devices[name].bf16_tflops if name else None
    return "-" if peak is None else f"{rate / (peak * 1e12):.1%}"


# 2. Killed and resumed.


def start(
    command: list[str], folder: Path, checkpoint_seconds: float = math.inf
) -> subprocess.Popen:
    """Start the fine-tuning stage in a folder, where its messages go into log.txt."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", ASSIGNED: "yes"}
    environment[VARIABLE] = in_words(Surroundings(checkpoint_seconds=checkpoint_seconds))
    environment["SHOWHOW_WARM_START"] = str(os.getpid())
    return subprocess.Popen(
        [sys.executable, command[0], "--warm", "models", *command[1:]],
        cwd=folder,
        env=environment,
        stderr=(folder / "log.txt").open("a"),
    )


def finish(process: subprocess.Popen, folder: Path) -> None:
    if process.wait(timeout=PATIENCE_SECONDS) != 0:
        raise ShowhowError(f"A run failed:\n{(folder / 'log.txt').read_text()}")


def kill_at_a_checkpoint(process: subprocess.Popen, folder: Path) -> int:
    """Wait for the first checkpoint and kill the process; give the step it had come to."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if checkpoints := sorted(folder.glob("checkpoints/*/step-*")):
            process.kill()
            process.wait()
            return int(checkpoints[-1].name.removeprefix("step-"))
        if process.poll() is not None:
            raise ShowhowError("The run ended before its first checkpoint; give it more examples.")
        time.sleep(0.01)
    raise ShowhowError(f"There was no checkpoint in {PATIENCE_SECONDS} s.")


def run_undisturbed(command: list[str], folder: Path, checkpoint_seconds: float) -> str:
    finish(start(command, folder, checkpoint_seconds), folder)
    return "-"


def run_killed(command: list[str], folder: Path, checkpoint_seconds: float) -> str:
    """Kill a run at a checkpoint and start it again; give the step of the checkpoint."""
    step = kill_at_a_checkpoint(start(command, folder, checkpoint_seconds), folder)
    finish(start(command, folder, checkpoint_seconds), folder)
    return str(step)


def compare_with_killed(command: list[str], folder: Path, checkpoint_seconds: float) -> None:
    """Make a run on both sides; print what it took and what it ended in."""
    rows, results = [], []
    for side, run in {"undisturbed": run_undisturbed, "killed": run_killed}.items():
        there = folder / side
        there.mkdir(parents=True)
        with Stopwatch() as watch:
            killed_at = run(command, there, checkpoint_seconds)
        resumed = (there / "log.txt").read_text().count("Going on from the checkpoint")
        results.append([(there / "run" / file).read_bytes() for file in ("train.json", MODEL_FILE)])
        loss = json.loads(results[-1][0])["final_loss"]
        rows.append([side, killed_at, f"{resumed}", f"{watch.seconds:.1f}", f"{loss:.6f}"])
    print_table(
        f"A run of {SMALL} that is killed at a checkpoint and started again\n"
        f"Record and weights to the byte: {same_or_not(*results)}",
        ("side", "killed at step", "resumed", "seconds", "final loss"),
        rows,
    )


def same_or_not(one: object, other: object) -> str:
    return "the same" if one == other else "NOT the same"


# 3. Small runs that share the GPU.


def run_all(commands: dict[int, list[str]], folder: Path, at_once: int) -> float:
    """Make every run, so many at once, as in a SLURM job; give the wall seconds."""

    def run(seed: int) -> None:
        there = folder / f"seed{seed}"
        there.mkdir(parents=True)
        finish(start(commands[seed], there), there)

    with Stopwatch() as watch, ThreadPoolExecutor(at_once) as runs:
        list(runs.map(run, commands))
    return watch.seconds


def compare_with_packed(commands: dict[int, list[str]], folder: Path, at_once: int) -> None:
    """Make the runs one after another, then so many at once; print both."""
    sides = {"one after another": 1, f"{at_once} at once": at_once}
    rows, results = [], []
    for side, number in sides.items():
        seconds = run_all(commands, folder / side, number)
        rows.append([side, f"{seconds:.1f}", f"{len(commands) * 3600 / seconds:,.0f}"])
        weights = (folder / side / f"seed{seed}" / "run" / MODEL_FILE for seed in commands)
        results.append([file.read_bytes() for file in weights])
    reference = float(rows[0][1])
    print_table(
        f"{len(commands)} runs of {SMALL} on one device\n"
        f"Weights to the byte: {same_or_not(*results)}",
        ("side", "seconds", "runs an hour", "speed"),
        [[*row, f"{reference / float(row[1]):.2f}"] for row in rows],
    )


def main(
    examples: Annotated[int, typer.Option(help="ListOps examples, seen once by each side.")] = 5120,
    batch_size: Annotated[
        int | None, typer.Option(help="Of Showhow's side, in place of the paper's.")
    ] = None,
    runs: Annotated[int, typer.Option(help="Small runs that share the GPU.")] = 24,
    run_examples: Annotated[int, typer.Option(help="Examples of a run of T5-small.")] = 1280,
    epochs: Annotated[int, typer.Option(help="Passes of a run of T5-small.")] = 5,
    at_once: Annotated[int, typer.Option(help="Small runs at the same time.")] = 8,
    checkpoint_seconds: Annotated[float, typer.Option(help="Of the run that is killed.")] = 10.0,
    tiny: Annotated[
        bool, typer.Option(help="Models so small that a CPU has them at once.")
    ] = False,
) -> None:
    """Measure what a GPU makes of T5's sizes."""
    print(f"Fine-tuning T5's sizes on {device_name()}; a quarter of an hour on a GPU.", flush=True)
    responses = listops(VARIANT, examples, 1).train
    with tempfile.TemporaryDirectory(prefix="showhow-benchmark-") as name:
        folder = Path(name)
        bases = {
            model: make_base(folder / model, TINY if tiny else sizes)
            for model, sizes in SHAPES.items()
        }
        print_table(
            f"{examples} {VARIANT} listops examples on {device_name()}",
            ("model", "side", "tokens/s", "speed", "bf16 peak", "memory"),
            [
                row
                for model, base in bases.items()
                for row in compare_with_plain(
                    model, base, responses, paper_recipe(model, batch_size)
                )
            ],
        )
        write_responses(folder / "responses.jsonl", responses[:run_examples])
        recipe = paper_recipe(SMALL, batch_size).model_copy(update={"epochs": epochs})

        commands = {
            seed: fine_tuning_command(
                bases[SMALL], folder / "responses.jsonl", recipe, Path("run"), seed
            )
            for seed in range(1, runs + 1)
        }
        compare_with_killed(commands[1], folder / "killed", checkpoint_seconds)
        compare_with_packed(commands, folder / "packed", at_once)


if __name__ == "__main__":
    typer.run(main)
