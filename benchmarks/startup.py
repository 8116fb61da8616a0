"""A stage started cold against one started by showhow/jobs/warm_start.

    python benchmarks/startup.py

The job is a fine-tuning of one step of the smallest possible model, so that all but nothing of
its time is start-up: once as a process of its own, once through the server that has imported the
libraries already. The first warm start also pays for the server, once per Snakemake process.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import typer
from materials import Stopwatch, fine_tuning_command, listops, print_table

from showhow.models.ladder import new_model
from showhow.models.tokenizer import ladder_tokenizer
from showhow.recipes.base_models import LadderModel
from showhow.recipes.training import TrainingRecipe
from showhow.responses.response import write_responses

EXAMPLES = 8


def make_inputs(folder: Path) -> None:
    """Write the smallest model, a few responses and nothing else."""
    tokenizer = ladder_tokenizer()
    description = LadderModel(kind="ladder", hidden=16, layers=1, heads=2)
    new_model(description, tokenizer, seed=0).save_pretrained(folder / "base")
    tokenizer.save_pretrained(folder / "base")
    write_responses(folder / "responses.jsonl", listops("short", EXAMPLES, 1).train)


def fine_tune_once(folder: Path, warm: bool) -> float:
    """Run the stage once; return its wall seconds."""
    recipe = TrainingRecipe(epochs=1, batch_size=EXAMPLES)
    stage = fine_tuning_command(folder / "base", folder / "responses.jsonl", recipe, folder, seed=1)
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    environment.pop("SHOWHOW_WARM_START", None)
    if warm:
        environment["SHOWHOW_WARM_START"] = str(os.getpid())
        stage = [stage[0], "--warm", "models", *stage[1:]]
    with Stopwatch() as watch:
        subprocess.run([sys.executable, *stage], env=environment, check=True, capture_output=True)
    return watch.seconds


def main(rounds: int = 7) -> None:
    """Compare cold and warm starts of the fine-tuning stage."""
    with tempfile.TemporaryDirectory(prefix="showhow-benchmark-") as name:
        folder = Path(name)
        make_inputs(folder)
        fine_tune_once(folder, warm=False)
        first = fine_tune_once(folder, warm=True)
        cold, warm = [], []
        for _ in range(rounds):
            cold.append(fine_tune_once(folder, warm=False))
            warm.append(fine_tune_once(folder, warm=True))
    print_table(
        f"A fine-tuning of one step, from the call to its end: medians of {rounds} rounds",
        ("start", "seconds", "speed"),
        [
            ["cold", f"{median(cold):.2f}", "1.00"],
            ["warm, the first (starts the server)", f"{first:.2f}", f"{median(cold) / first:.2f}"],
            ["warm", f"{median(warm):.2f}", f"{median(cold) / median(warm):.2f}"],
        ],
    )


if __name__ == "__main__":
    typer.run(main)
