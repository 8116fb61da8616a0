"""Small runs on a cluster: many in one SLURM job, beside a SLURM job for each.

    python benchmarks/groups.py --partition main

Needs SLURM; .ci/slurm_on_this_machine starts one of two nodes on this machine. Both sides train and
evaluate the same runs through profiles/slurm-noacct with the table's smallest models `packed`, and
differ in how many runs a job holds (--group-components). Data and base are made beforehand.
"""

import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
import yaml
from end_to_end import Grid, checked, prepare
from materials import BASES, Stopwatch, print_table

PROFILE = "profiles/slurm-noacct"
GROUP = "runs-up-to-5M"
VARIANTS = ("none", "short", "medium", "long")


@dataclass(frozen=True)
class Outcome:
    """One pass over the runs: wall seconds, SLURM jobs, and the results by file."""

    seconds: float
    jobs: int
    results: dict[str, bytes]


def set_up_cluster(folder: Path, partition: str) -> None:
    """Write the partition into the copy's profile, and pack the smallest models' runs."""
    profile = folder / PROFILE / "config.yaml"
    profile.write_text(profile.read_text().replace("your_partition", partition))
    table = folder / "profiles/resources.yaml"
    resources = yaml.safe_load(table.read_text())
    smallest = resources["stages"]["fine_tune"][0]
    smallest["packed"] = True
    table.write_text(yaml.safe_dump(resources))


def run_study(folder: Path, runs_per_job: int, cores: int) -> Outcome:
    """Have the cluster make all runs, `runs_per_job` in a SLURM job, of which `cores` at once."""
    for name in ("runs", "costs/fine_tune", "costs/predict", "costs/score"):
        shutil.rmtree(folder / "results" / name, ignore_errors=True)
    command = [sys.executable, "-m", "snakemake", "runs", "--workflow-profile", PROFILE]
    command += ["--cores", str(cores), "--group-components", f"{GROUP}={runs_per_job}"]
    # Snakemake looks for finished jobs after 40 s and then more rarely: right for longer ones.
    command += ["--slurm-init-seconds-before-status-checks", "3"]
    with Stopwatch() as watch:
        checked(command, folder)
    files = [file for file in (folder / "results/runs").rglob("*") if file.is_file()]
    results = {str(file.relative_to(folder)): file.read_bytes() for file in files}
    return Outcome(watch.seconds, len(slurm_jobs(folder)), results)


def slurm_jobs(folder: Path) -> set[str]:
    """Read from the records in which SLURM jobs the stages ran."""
    records = (folder / "results/costs/fine_tune").rglob("*.json")
    jobs = (json.loads(path.read_text())["provenance"]["hardware"]["slurm_job"] for path in records)
    return set(jobs)


def main(
    partition: Annotated[str, typer.Option(help="The cluster's partition.")] = "main",
    bases: Annotated[Path, typer.Option(help="The folder of the base models.")] = BASES,
    model: Annotated[str, typer.Option(help="The base of every run.")] = "decoder-150k",
    seeds: Annotated[int, typer.Option(help="Runs of each of the four variants.")] = 6,
    steps: int = 100,
    runs_per_job: Annotated[int, typer.Option(help="Runs that share a SLURM job.")] = 6,
    cores: Annotated[int, typer.Option(help="Runs of one SLURM job at once.")] = 2,
    rounds: int = 1,
    test_size: Annotated[int, typer.Option(help="Problems per split.")] = 60,
) -> None:
    """Run small runs on a cluster, packed and single, and compare."""
    with tempfile.TemporaryDirectory(prefix="showhow-benchmark-") as name:
        folder = Path(name)
        grid = Grid(folder, model, VARIANTS, tuple(range(1, seeds + 1)), steps)
        prepare(grid, bases, test_size)
        set_up_cluster(folder, partition)
        sides = {"a SLURM job for each run": 1, f"{runs_per_job} runs in a SLURM job": runs_per_job}
        outcomes: dict[str, list[Outcome]] = {side: [] for side in sides}
        for _ in range(rounds):
            for side, together in sides.items():
                outcomes[side].append(run_study(folder, together, cores))
    single, packed = outcomes.values()
    reference = median(outcome.seconds for outcome in single)
    rows = [
        [
            side,
            str(passes[0].jobs),
            f"{median(outcome.seconds for outcome in passes):.1f}",
            f"{reference / median(outcome.seconds for outcome in passes):.2f}",
        ]
        for side, passes in outcomes.items()
    ]
    same = single[0].results == packed[0].results
    print_table(
        f"{len(grid.runs())} runs of {model}, {steps} steps each, trained and evaluated; "
        f"{rounds} round(s); {cores} of a job at once\n"
        f"Results of both sides to the byte: {'the same' if same else 'NOT the same'}",
        ("side", "SLURM jobs", "seconds", "speed"),
        rows,
    )


if __name__ == "__main__":
    typer.run(main)
