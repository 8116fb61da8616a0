"""Snakemake in a process forked from one that has imported it: that is half of a dry run's time.

It is the same program with the same arguments, and the repository's code is read in the fork alone.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        *("snakemake.cli", "snakemake.workflow", "snakemake.dag", "pydantic", "yaml"),
        *("snakemake_executor_plugin_slurm", "snakemake_logger_plugin_rich"),
    ]
)


def warm_snakemake(
    folder: Path, *arguments: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess:
    """Run Snakemake in `folder` to its end; what it said is in `stdout`."""
    with tempfile.NamedTemporaryFile("r") as said:
        command = ["snakemake", *arguments]
        told = (folder, command, environment or dict(os.environ), said.name)
        process = FORKS.Process(target=become_snakemake, args=told)
        process.start()
        process.join()
        return subprocess.CompletedProcess(command, process.exitcode, said.read())


def become_snakemake(
    folder: Path, command: list[str], environment: dict[str, str], output: str
) -> None:
    """In the fork: take folder, command line, environment and output, and run Snakemake."""
    from snakemake.cli import main

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = command
    sys.dont_write_bytecode = "PYTHONDONTWRITEBYTECODE" in environment
    # As Python finds modules without pytest: nothing of the repository that is tested.
    found_first = environment.get("PYTHONPATH", "").split(os.pathsep)
    installed = [path for path in sys.path if path.startswith((sys.prefix, sys.base_prefix))]
    sys.path = [*filter(None, found_first), *installed]
    with open(output, "w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    main()
