"""What it costs to plan a study, beside Snakemake's own start and a plain plan of as many jobs.

    python benchmarks/planning.py

The other side is a Snakefile that says nothing but a rule for each stage, without configuration,
parameters or fingerprints. Nothing runs; with the default study finished in results/, the last line
is a start at which nothing is to be done.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from materials import Stopwatch, print_table
from repository import REPOSITORY

SNAKEMAKE = [sys.executable, "-m", "snakemake"]
PLAIN = """
rule all:
    input: expand("{{number}}.scores", number=range({runs}))

rule train:
    output: "{{number}}.model"
    shell: "train {{output}}"

rule answer:
    input: "{{number}}.model"
    output: "{{number}}.answers"
    shell: "answer {{input}} {{output}}"

rule score:
    input: "{{number}}.answers"
    output: "{{number}}.scores"
    shell: "score {{input}} {{output}}"
"""


def seconds_of(command: list[str], folder: Path) -> float:
    """Run a command once, to a good end; give its wall seconds."""
    with Stopwatch() as watch:
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return watch.seconds


def plain_study(folder: Path, runs: int) -> Path:
    """Write a Snakefile of three stages for so many runs."""
    folder.mkdir()
    (folder / "Snakefile").write_text(PLAIN.format(runs=runs))
    return folder


def main(
    rounds: Annotated[int, typer.Option(help="Starts of every side, taken in turn.")] = 3,
    runs: Annotated[int, typer.Option(help="Runs of the plain study; the paper's has 510.")] = 510,
    config: Annotated[str, typer.Option(help="The study to plan.")] = "configs/paper.yaml",
) -> None:
    """Print all sides."""
    with tempfile.TemporaryDirectory(prefix="showhow-benchmark-") as name:
        one, many = (plain_study(Path(name) / f"{count}", count) for count in (1, runs))
        plan = str(REPOSITORY / "workflow_scripts/run.py")
        dry_run, chosen = [*SNAKEMAKE, "--dry-run"], ["--cores", "2", "--configfile", config]
        sides = {
            "a plain study of one run, -n": ([*dry_run, "--cores", "2"], one),
            f"a plain study of {runs} runs, -n": ([*dry_run, "--cores", "2"], many),
            f"{config}, -n": ([*dry_run, *chosen], REPOSITORY),
            f"{config}, make plan": ([sys.executable, plan, "plan", *chosen], REPOSITORY),
            "the default study as it is here, -n": ([*dry_run, "--cores", "2"], REPOSITORY),
        }
        taken: dict[str, list[float]] = {side: [] for side in sides}
        for _ in range(rounds):
            for side, (command, folder) in sides.items():
                taken[side].append(seconds_of(command, folder))
    start = median(next(iter(taken.values())))
    print_table(
        f"Planning; medians of {rounds} rounds",
        ("plan", "seconds", "times the start"),
        [
            [side, f"{median(seconds):.2f}", f"{median(seconds) / start:.1f}"]
            for side, seconds in taken.items()
        ],
    )


if __name__ == "__main__":
    typer.run(main)
