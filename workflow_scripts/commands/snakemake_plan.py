"""Snakemake's own plan, for `make plan`, `make forecast` and `make watch`: they alone import it."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from snakemake.api import SnakemakeApi
from snakemake.cli import parse_args, parse_config
from snakemake.settings.types import (
    ConfigSettings,
    DAGSettings,
    OutputSettings,
    ResourceSettings,
)
from snakemake.workflow import Workflow

from commands.check_yaml import check_yaml
from showhow.staleness.fingerprint_records import code_changes, recorded_fingerprint
from showhow.staleness.parameter_changes import parameter_changes
from showhow.staleness.plan import PlannedJob
from showhow.study import paths
from showhow.study.configuration import Configuration


@dataclass(frozen=True)
class Plan:
    """What Snakemake would do: the jobs, the configuration behind them, and the cores to use.

    configfiles: where the configuration stands, as the user wrote it. undone: what it would make
    anew of another one's results, in sentences.
    """

    jobs: list[PlannedJob]
    configuration: Configuration
    cores: int
    configfiles: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()


def print_plan(options: list[str], describe: Callable[[Plan], str]) -> int:
    """Have Snakemake plan with its own `options`, and print what `describe` says of the plan.

    Returns the exit status; for what is wrong with the configuration see `planned`.
    """
    with planned(options) as workflow:
        jobs, configuration = PlanReader(workflow).jobs(), workflow.globals["configuration"]
        cores = workflow.resource_settings.cores or 1
        files = tuple(os.path.relpath(file) for file in workflow.overwrite_configfiles)
        undone = tuple(workflow.globals["undone"])
        print(describe(Plan(jobs, configuration, cores, files, undone)), end="")
    return 0


@contextmanager
def planned(options: list[str]) -> Iterator[Workflow]:
    """Have Snakemake plan with its own `options`; give its workflow with the plan. Nothing runs.

    What is wrong with the configuration is printed as Snakemake does, and the process ends.
    """
    _, chosen = parse_args(["--dry-run", *options])
    check_yaml(chosen.configfile or [])
    with SnakemakeApi(OutputSettings(dryrun=True, log_level_override=logging.ERROR)) as api:
        try:
            yield _make_plan(api, chosen)
        except Exception as error:
            api.print_exception(error)
            raise SystemExit(1) from None


def _make_plan(api: SnakemakeApi, chosen) -> Workflow:
    workflow_api = api.workflow(
        ResourceSettings(
            cores=chosen.cores or 1,
            overwrite_resources=chosen.set_resources,
            default_resources=chosen.default_resources,
        ),
        ConfigSettings(
            config=parse_config(chosen.config),
            configfiles=chosen.configfile,
            config_args=chosen.config,
        ),
        snakefile=chosen.snakefile,
        workdir=chosen.directory,
    )
    dag_api = workflow_api.dag(
        DAGSettings(
            targets=chosen.targets,
            forceall=chosen.forceall,
            forcerun=chosen.forcerun,
            force_incomplete=chosen.rerun_incomplete,
            rerun_triggers=chosen.rerun_triggers,
            max_checksum_file_size=chosen.max_checksum_file_size,
        )
    )
    # The rule graph is the shortest of what Snakemake tells of a plan. A dry run would go on to
    # choose the order of jobs and to word each, which takes half as long again.
    with redirect_stdout(StringIO()):
        dag_api.printrulegraph()
    workflow_api.resource_settings.cores = chosen.cores or 1  # for that graph, Snakemake takes one
    return workflow_api._workflow


def is_record(file: str) -> bool:
    """Say whether it is one of a run's lasting files: weights come and go (`keeping`)."""
    return "/runs/" in file and file.endswith((".json", ".jsonl"))


class PlanReader:
    """Reads from Snakemake's plan and records what becomes of a job, and why."""

    def __init__(self, workflow):
        self.stages = [rule.name for rule in workflow.rules]
        self.dag = workflow.dag
        self.records = workflow.persistence
        self.fingerprints = workflow.globals["code"].taken

    def jobs(self) -> list[PlannedJob]:
        """Give all jobs that make something, in the order in which the rules are written."""
        jobs = [self.read(job) for job in self.dag.jobs if job.output]
        return sorted(jobs, key=lambda job: self.stages.index(job.stage))

    def read(self, job) -> PlannedJob:
        stage = paths.stage_of(job.rule.name)
        named = next((value for key, value in job.wildcards.items() if "model" in key), "")
        model = paths.Base.read(named).model
        costs = f"{paths.placed(paths.COSTS)}/"
        cost = str(next((file for file in job.output if file.startswith(costs)), ""))
        cost = cost.removeprefix(costs)
        if not self.dag.needrun(job):
            gone = [file for file in job.output if is_record(file) and not Path(file).exists()]
            return PlannedJob(stage, model, cost, "reused", gone=tuple(map(str, gone)))
        if not any(self.records.metadata(file) for file in job.output):
            return PlannedJob(stage, model, cost, "new")
        return PlannedJob(stage, model, cost, "stale", tuple(self.causes(job)))

    def causes(self, job) -> list[str]:
        reason = self.dag.reason(job)
        causes = [*self._parameters(job), *self._inputs(job)]
        if any(self.records.code_changed(job)):
            causes.append("the rule's command")
        if any(self.records.software_stack_changed(job)):
            causes.append("the software environment")
        causes += [f"the content of {file}" for file in sorted(reason.updated_input)]
        if reason.forced:
            causes.append("it is forced")
        if reason.updated_input_run and not causes:
            upstream = self._stages(self.dag.dependencies[job], reason.updated_input_run)
            causes.append(f"follows {upstream}")
        if not causes and reason.missing_output:
            missing = ", ".join(sorted(Path(file).name for file in reason.missing_output))
            wanted_by = self._stages(self.dag.depending[job], reason.missing_output)
            causes.append(f"{missing} is gone" + (f", and {wanted_by} needs it" * bool(wanted_by)))
        return causes

    def _stages(self, neighbours, files) -> str:
        wanted = set(files)
        rules = {job.rule.name for job, between in neighbours.items() if wanted & set(between)}
        return ", ".join(sorted({paths.stage_of(rule) for rule in rules}))

    def _parameters(self, job) -> list[str]:
        changed = self.records.params_changed(job)
        if not changed:
            return []
        new = {name: value for name, value in job.params.items() if repr(value) in changed.only_new}
        return parameter_changes(changed.only_old, new, self._code)

    def _code(self, old: str, new: str) -> list[str]:
        before = recorded_fingerprint(old)
        return code_changes(before, self.fingerprints[new]) if before else ["the stage's code"]

    def _inputs(self, job) -> list[str]:
        now = set(map(str, job.input))
        before = set(self.records.input(job.output[0]) or now)
        changes = ((now - before, "new"), (before - now, "gone"))
        return [f"{len(files)} inputs {how}" for files, how in changes if files]
