"""Say what a run would do, and why, before anything runs. Takes Snakemake's own options:

python workflow_scripts/run.py plan --cores 4 --configfile configs/paper.yaml
"""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from commands.snakemake_plan import Plan, print_plan
from showhow.base.repository import shipped
from showhow.forecast.expected_work import work_in
from showhow.forecast.gpus import CPU, read_devices
from showhow.forecast.workload import COMPUTING_STAGES
from showhow.jobs.provenance import hardware
from showhow.models.sizes import parameters_of
from showhow.report.sections.sources import by_split, read_source
from showhow.staleness.plan import (
    Costs,
    Scaled,
    costs_of,
    describe_plan,
    made_here,
    read_cost_records,
)
from showhow.study import grid
from showhow.study.checks.own_data import OWN_DATA, readable_now
from showhow.study.configuration import Configuration
from showhow.study.left_out import DEFAULT_CONFIGURATION as DEFAULT
from showhow.study.left_out import told_left_out
from showhow.study.paths import COSTS, SOURCE, placed
from showhow.tasks.own_data.description import describe as describe_files
from showhow.tasks.own_data.settings import DatasetSettings

DEVICES = shipped(Path("profiles/gpus.yaml"))


def describe(plan: Plan) -> str:
    told = describe_plan(plan.jobs, costs_here(plan.configuration), plan.cores)
    told += "".join(f"{line}\n" for line in [*plan.undone, *left_out(plan)])
    warned = [] if all(job.state == "reused" for job in plan.jobs) else warnings_of(plan)
    mind = "".join(f"- {sentence}\n" for sentence in warned)
    return f"{told}\nMind\n{mind}" if warned else told


def costs_here(configuration: Configuration) -> Costs:
    """Say what jobs took on this machine, and what others like them will."""
    models = configuration.models
    records = made_here(read_cost_records(Path(placed(COSTS)), models), hardware())
    # How many tokens there are is the same on any device.
    scaled = Scaled(
        stages=COMPUTING_STAGES,
        parameters={name: parameters_of(model) for name, model in models.items()},
        work_of=work_in(configuration, read_devices(DEVICES)[CPU]),
    )
    return costs_of(records, scaled)


def warnings_of(plan: Plan) -> list[str]:
    """Warn of what the files say already: the user's own, and the tables of what has run."""
    return [*warnings_of_data(plan.configuration), *warnings_of_tables(plan.configuration)]


def warnings_of_data(configuration: Configuration) -> Iterator[str]:
    """Warn of the user's files: as they are now, or as they were when they were last described."""
    for task in grid.tasks_used(configuration):
        if configuration.tasks[task].kind != OWN_DATA:
            continue
        from showhow.report.warnings import warnings_of_source  # a second, and often for nothing

        _, settings = configuration.loaded_task(task)
        assert isinstance(settings, DatasetSettings)
        described = Path(placed(SOURCE.format(task=task)))
        runs_programs = settings.answer.kind == "program"
        if runs_programs and described.is_file():
            told = by_split(read_source(task, described))
        elif readable_now(settings):
            asked = grid.test_sizes(configuration, task)["test"]
            splits = describe_files(settings, asked, judged=not runs_programs).splits
            told = {split: asdict(source) for split, source in splits.items()}
        elif described.is_file():
            told = by_split(read_source(task, described))
        else:
            continue
        yield from warnings_of_source(task, told)


def warnings_of_tables(configuration: Configuration) -> Iterator[str]:
    """Warn of the runs that studies have finished so far; of several, each by its name."""
    named = len(configuration.studies) > 1
    for study in configuration.studies:
        table = Path(placed(f"results/tables/{study}.parquet"))
        if not table.is_file():
            continue
        from showhow.analysis.table_files import read_table  # as above
        from showhow.report.warnings import COUNTED, warnings_of_runs

        for sentence in warnings_of_runs(read_table(table, COUNTED)):
            yield f"Study {study}: {sentence}" if named else sentence


def left_out(plan: Plan) -> list[str]:
    """Name the studies whose report is not in the plan, where it has another's."""
    reports = [job for job in plan.jobs if job.stage.startswith("write_report")]
    made = {job.name.wildcards["study"] for job in reports}
    return told_left_out(plan.configuration.studies, made, " ".join(plan.configfiles) or DEFAULT)


if __name__ == "__main__":
    sys.exit(print_plan(sys.argv[1:], describe))
