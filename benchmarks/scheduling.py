"""What Snakemake itself costs while many jobs wait, with its limit on submissions and without.

    python benchmarks/scheduling.py --jobs 300

The same jobs that only sleep, on two cores, all of them ready at once. The limit has Snakemake look
for jobs again a second after each time that it did, so that ever more looks pile up. The workflow
lifts it where the cores of one machine are the limit (rules/engine.smk).
"""

import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from materials import print_table

SNAKEFILE = """
rule all:
    input: expand("{{number}}.done", number=range({jobs}))

rule wait:
    output: "{{number}}.done"
    shell: "sleep {seconds} && touch {{output}}"

onstart:
    if {lifted}:
        workflow.scheduler.job_rate_limiter = None
"""


@dataclass(frozen=True)
class Cost:
    """Seconds of the clock, and of the processor for Snakemake and its jobs' shells."""

    wall: float
    cpu: float


def cost_of(jobs: int, seconds: float, lifted: bool) -> Cost:
    """Run the jobs once, in a folder of their own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = SNAKEFILE.format(jobs=jobs, seconds=seconds, lifted=lifted)
        (folder / "Snakefile").write_text(text)
        before, started = children_cpu_seconds(), time.perf_counter()
        command = [sys.executable, "-m", "snakemake", "--cores", "2", "--quiet", "all"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return Cost(time.perf_counter() - started, children_cpu_seconds() - before)


def children_cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(
    jobs: Annotated[int, typer.Option(help="How many jobs.")] = 300,
    seconds: Annotated[float, typer.Option(help="How long each sleeps.")] = 1.0,
) -> None:
    """Print both sides."""
    costs = {lifted: cost_of(jobs, seconds, lifted) for lifted in (False, True)}
    plain = costs[False]
    print_table(
        f"{jobs} jobs that sleep for {seconds:g} s, two at a time",
        ("Snakemake", "seconds", "CPU seconds", "CPU per job", "of the plain CPU"),
        [
            [
                "without the limit" if lifted else "as it is",
                f"{cost.wall:.0f}",
                f"{cost.cpu:.1f}",
                f"{cost.cpu / jobs:.2f}",
                f"{cost.cpu / plain.cpu:.0%}",
            ]
            for lifted, cost in costs.items()
        ],
    )


if __name__ == "__main__":
    typer.run(main)
