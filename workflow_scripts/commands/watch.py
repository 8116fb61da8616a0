"""Watch a study while it runs, from any machine that shares its folder; nothing is changed.

python workflow_scripts/run.py watch --configfile configs/paper.yaml

Takes Snakemake's own options, as they were given to the run, and --once to look once and leave.
"""

import sys
import time
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.live import Live

from commands.snakemake_plan import planned
from showhow.study.paths import LOGS, placed, stage_of
from showhow.watch.states import View, WatchedJob
from showhow.watch.study_files import StudyFiles, begun_outputs
from showhow.watch.table import table_of

LEAST_SECONDS = 2.0
LINES_OF_HEADINGS = 6
LINES_OF_A_TRAINING = 2
# Looking costs a shared file system something: it takes a twentieth of the time at most.
SECONDS_PER_SECOND_OF_LOOKING = 20


def main(options: list[str]) -> None:
    study, title = read_study([option for option in options if option != "--once"])
    console = Console()
    view = study.look()
    if console.is_terminal and "--once" not in options:
        view = follow(study, title, console)
    console.print(table_of(view, title))


def follow(study: StudyFiles, title: str, console: Console) -> View:
    """Show the study again and again until all is done or the user leaves; give the last view."""
    with (
        suppress(KeyboardInterrupt),
        Live(console=console, screen=True, auto_refresh=False) as live,
    ):
        while True:
            started = time.monotonic()
            view = study.look()
            live.update(table_of(view, title, fitting(console, view)), refresh=True)
            if view.counts["done"] == view.counts.total():
                break
            took = time.monotonic() - started
            time.sleep(max(LEAST_SECONDS, SECONDS_PER_SECOND_OF_LOOKING * took))
    return view


def fitting(console: Console, view: View) -> int:
    """Count the trainings that the screen has room for, beside everything else."""
    others = len(view.stages) + 3 * len(view.failed) + LINES_OF_HEADINGS
    return max(1, (console.height - others) // LINES_OF_A_TRAINING)


def read_study(options: list[str]) -> tuple[StudyFiles, str]:
    """Plan the study as it is now, and name it."""
    begun, planned_at = begun_outputs(Path()), time.time()
    with planned(options) as workflow:
        order, dag = [rule.name for rule in workflow.rules], workflow.dag
        assert dag is not None  # as it is planned
        jobs = [watched(job, dag, begun) for job in dag.jobs if job.output]
        jobs.sort(key=lambda job: order.index(job.stage))
        title = ", ".join(workflow.globals["configuration"].studies)
        return StudyFiles(Path(), jobs, planned_at), title


def watched(job, dag, begun: dict[str, float]) -> WatchedJob:
    outputs = tuple(str(file) for file in job.output if file not in job.temp_output)
    log = str(job.log[0]) if job.log else ""
    planned = "reused"
    if dag.needrun(job):
        whole = all(Path(file).exists() and file not in begun for file in outputs)
        planned = "stale" if whole else "missing"
    stage = stage_of(job.rule.name)
    name = log.removeprefix(f"{placed(LOGS)}/{stage}/").removesuffix(".log")
    return WatchedJob(stage, name, outputs, log, planned)


if __name__ == "__main__":
    main(sys.argv[1:])
