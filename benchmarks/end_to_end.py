"""A small grid end to end: the workflow's runs beside the plain script looped over the same runs.

    python benchmarks/end_to_end.py         (the last part of make bench)

The workflow runs in a copy of the repository with a configuration of its own; the base is made
beforehand, and so are problems and responses, which the plain script reads from the same files.
The plain script starts anew for every run, as in a shell loop: one run after another with torch's
own number of threads, and, as a careful user might, as many at once as there are cores, with one
thread each.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median, stdev
from typing import Annotated

import typer
import yaml
from materials import BASES, TASK, Stopwatch, base_folder, cores, default_study, print_table
from repository import REPOSITORY

from showhow.base.errors import ShowhowError
from showhow.study.grid import evaluation_splits

COPIED = ("Snakefile", "rules", "workflow_scripts", "schemas", "profiles", "envs", "report")
STUDY = "benchmark"
WORKING_STAGES = ("fine_tune", "predict", "score")
# The best of 1e-3, 2e-3, 4e-3, 8e-3 and 16e-3 for the plain script (docs/benchmarks.md).
ADAMW_RATE = {"decoder": 8e-3, "t5": 4e-3}


@dataclass(frozen=True)
class Grid:
    """The runs: every variant with every seed, on one base with one training size."""

    folder: Path  # where the workflow's copy is
    model: str
    variants: tuple[str, ...]
    seeds: tuple[int, ...]
    steps: int

    @property
    def batch_size(self) -> int:
        return default_study().training_of(self.model).batch_size

    @property
    def n_train(self) -> int:
        return self.steps * self.batch_size // 2

    @property
    def adamw_rate(self) -> float:
        return ADAMW_RATE[default_study().models[self.model].family]

    @property
    def splits(self) -> tuple[str, ...]:
        return tuple(evaluation_splits(default_study(), TASK))

    @property
    def base(self) -> Path:
        return self.folder / "bases" / self.model

    def responses(self, variant: str, split: str) -> Path:
        return self.folder / f"results/data/{TASK}/responses/{variant}/{split}.jsonl"

    def runs(self) -> list[tuple[str, int]]:
        return [(variant, seed) for variant in self.variants for seed in self.seeds]


@dataclass(frozen=True)
class Outcome:
    """One pass over the grid: wall seconds, seconds at work in all runs, accuracy of each run."""

    seconds: float
    seconds_at_work: float
    lanes: int  # how many runs go on at once
    accuracy: dict[tuple[str, int], float]


def prepare(grid: Grid, bases: Path, test_size: int | None) -> None:
    """Copy the repository and the base, write the configuration, and make the responses."""
    for name in COPIED:
        source = REPOSITORY / name
        copy = shutil.copytree if source.is_dir() else shutil.copy2
        copy(source, grid.folder / name)
    shutil.copytree(base_folder(bases, grid.model), grid.base)
    write_configuration(grid, {}, test_size)
    splits = (*grid.splits, f"train-n{grid.n_train}")
    wanted = [grid.responses(variant, split) for variant in grid.variants for split in splits]
    snakemake(grid, *(str(path.relative_to(grid.folder)) for path in wanted))


def write_configuration(grid: Grid, training: dict, test_size: int | None) -> None:
    """Write the small study, the default one with fewer runs, as the copy's config.yaml."""
    study = default_study()
    task = study.tasks[TASK].model_dump(mode="json")
    if test_size:
        task["test_size"] = dict.fromkeys(grid.splits, test_size)
    recipe = study.training_of(grid.model).model_dump(mode="json")
    runs = {
        "name": "all",
        "tasks": [TASK],
        "variants": list(grid.variants),
        "models": [grid.model],
        "n_train": [grid.n_train],
        "seeds": list(grid.seeds),
    }
    configuration = {
        "seed": study.seed,
        "tasks": {TASK: task},
        "models": {grid.model: {"kind": "folder", "path": f"bases/{grid.model}"}},
        "training": {**recipe, "epochs": 1, "min_steps": grid.steps, **training},
        "evaluation": study.evaluation.model_dump(mode="json"),
        "studies": {STUDY: {"grids": [runs]}},
    }
    text = yaml.safe_dump(configuration, sort_keys=False)
    (grid.folder / "config.yaml").write_text(text, encoding="utf-8")


def own_environment() -> dict[str, str]:
    """Give the environment of a fresh shell: no choice of threads, no warm start of another."""
    ours = ("OMP_NUM_THREADS", "SHOWHOW_WARM_START")
    return {name: value for name, value in os.environ.items() if name not in ours}


def checked(command: list, folder: Path) -> str:
    """Run a command in a folder and return what it printed; a failure is a ShowhowError."""
    done = subprocess.run(
        command, cwd=folder, env=own_environment(), capture_output=True, text=True
    )
    if done.returncode:
        raise ShowhowError(f"{' '.join(map(str, command))} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def snakemake(grid: Grid, *targets: str) -> None:
    call = [sys.executable, "-m", "snakemake", "--cores", str(cores())]
    checked([*call, *targets], grid.folder)


def run_workflow(grid: Grid, training: dict, test_size: int | None) -> Outcome:
    """Run the grid with the workflow, with some keys of the recipe set."""
    for name in ("runs", "costs", "tables"):
        shutil.rmtree(grid.folder / "results" / name, ignore_errors=True)
    write_configuration(grid, training, test_size)
    with Stopwatch() as watch:
        snakemake(grid, "runs")
    costs = (grid.folder / "results" / "costs").rglob("*.json")
    records = [json.loads(path.read_text(encoding="utf-8")) for path in costs]
    at_work = sum(r["wall_seconds"] for r in records if r["stage"] in WORKING_STAGES)
    return Outcome(watch.seconds, at_work, cores(), workflow_accuracies(grid))


def workflow_accuracies(grid: Grid) -> dict[tuple[str, int], float]:
    """Read the test accuracy of every run."""
    accuracies = {}
    for variant, seed in grid.runs():
        run = f"{STUDY}/{TASK}/{variant}/{grid.model}/n{grid.n_train}/seed{seed}"
        scores = grid.folder / "results" / "runs" / run / "scores.json"
        splits = json.loads(scores.read_text(encoding="utf-8"))["splits"]
        accuracies[variant, seed] = splits["test"]["accuracy"]
    return accuracies


def run_plain(grid: Grid, at_once: int) -> Outcome:
    """Loop the plain script over the grid, `at_once` processes at a time."""
    with ThreadPoolExecutor(at_once) as pool, Stopwatch() as watch:
        printed = list(pool.map(lambda run: plain_run(grid, *run, at_once), grid.runs()))
    results = [json.loads(text.splitlines()[-1]) for text in printed]
    accuracy = [result["accuracy"]["test"] for result in results]
    return Outcome(
        watch.seconds,
        sum(result["seconds"] for result in results),
        at_once,
        dict(zip(grid.runs(), accuracy, strict=True)),
    )


def plain_run(grid: Grid, variant: str, seed: int, at_once: int) -> str:
    """Start the plain script for one run; return what it prints."""
    options = {
        "--model": grid.base,
        "--train-file": grid.responses(variant, f"train-n{grid.n_train}"),
        "--steps": grid.steps,
        "--batch-size": grid.batch_size,
        "--learning-rate": grid.adamw_rate,
        "--evaluation-batch-size": default_study().evaluation.batch_size,
        "--seed": seed,
    }
    if at_once > 1:
        options["--threads"] = 1
    tests = [("--test-file", grid.responses(variant, split)) for split in grid.splits]
    given = [str(part) for pair in (*options.items(), *tests) for part in pair]
    return checked(
        [sys.executable, REPOSITORY / "benchmarks/plain_trainer.py", *given], grid.folder
    )


def row(name: str, outcomes: list[Outcome], reference: list[Outcome]) -> list[str]:
    """Write one side's row: medians over the rounds, accuracies over the runs."""
    seconds = median(outcome.seconds for outcome in outcomes)
    at_work = median(o.seconds_at_work / (o.lanes * o.seconds) for o in outcomes)
    accuracy, plain = outcomes[0].accuracy, reference[0].accuracy
    differences = [accuracy[run] - plain[run] for run in accuracy]
    noise = stdev(differences) / len(differences) ** 0.5 if len(differences) > 1 else float("nan")
    return [
        name,
        f"{seconds:.1f}",
        f"{median(outcome.seconds for outcome in reference) / seconds:.2f}",
        f"{1 - at_work:.0%}",
        f"{fmean(accuracy.values()):.3f}",
        f"{fmean(differences):+.3f} ± {noise:.3f}",
    ]


def measure(grid: Grid, rounds: int, test_size: int | None) -> list[list[str]]:
    """Run the grid on every side in turn, `rounds` times; return the rows of the table."""
    adamw = {"optimizer": "adamw", "learning_rate": grid.adamw_rate}
    recipe = default_study().training_of(grid.model).optimizer
    sides = {
        "plain script, one by one": lambda: run_plain(grid, 1),
        f"plain script, {cores()} at once": lambda: run_plain(grid, cores()),
        "workflow, adamw": lambda: run_workflow(grid, adamw, test_size),
        f"workflow, {recipe} (the recipe)": lambda: run_workflow(grid, {}, test_size),
    }
    outcomes: dict[str, list[Outcome]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, run in sides.items():
            outcomes[name].append(run())
    reference = outcomes["plain script, one by one"]
    return [row(name, passes, reference) for name, passes in outcomes.items()]


def main(
    bases: Annotated[Path, typer.Option(help="The folder of the base models.")] = BASES,
    model: Annotated[str, typer.Option(help="The base of every run.")] = "decoder-150k",
    variant: Annotated[
        list[str] | None, typer.Option(help="Variants; none, short and medium by default.")
    ] = None,
    seeds: Annotated[int, typer.Option(help="Runs of each variant.")] = 3,
    steps: int = 300,
    rounds: int = 1,
    test_size: Annotated[
        int | None, typer.Option(help="Problems per split; as in config.yaml by default.")
    ] = None,
) -> None:
    """Run a small grid with the workflow and with the plain script, and compare."""
    with tempfile.TemporaryDirectory(prefix="showhow-benchmark-") as folder:
        variants = tuple(variant or ("none", "short", "medium"))
        grid = Grid(Path(folder), model, variants, tuple(range(1, seeds + 1)), steps)
        prepare(grid, bases, test_size)
        print_table(
            f"End to end: {len(grid.runs())} runs of {model} ({', '.join(variants)}), "
            f"{steps} steps each, {cores()} cores, {rounds} round(s)\n"
            f"Splits evaluated: {', '.join(grid.splits)}. Overhead: the share of the time "
            f"that is neither training nor evaluation, start-up above all",
            ("side", "seconds", "speed", "overhead", "test accuracy", "against plain"),
            measure(grid, rounds, test_size),
        )


if __name__ == "__main__":
    typer.run(main)
