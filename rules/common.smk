# What the rules ask of the configuration, the grid and the code: one small function each.

import inspect
import json
import os
import re
import shlex
import signal
import sys
import threading

sys.path.insert(0, f"{workflow.basedir}/workflow_scripts")

from dataclasses import asdict
from functools import cache
from pathlib import Path

import yaml
from snakemake.common import overwrite_function_params
from snakemake.exceptions import WorkflowError

from showhow.analysis.claims import claim_file, claim_ids
from showhow.base.files import check_writable, visible_files
from showhow.base.hashing import content_hash
from showhow.base.rows import write_text
from showhow.base.wording import COMMAND_VARIABLE, refusal
from showhow.base.errors import ShowhowError
from showhow.tasks.own_data.settings import FETCHED, DatasetSettings
from showhow.figures import figure_files
from showhow.responses import load_variant, variant_files
from showhow.responses.base_variant import BaseVariant
from showhow.responses.written_variant import WrittenVariant
from showhow.tasks import load_task, task_files
from showhow.recipes.voices import other
from showhow.jobs.unfinished import KEEP_VARIABLE, forget_done_work, remove_used
from showhow.study import grid
from showhow.jobs.devices import ASSIGNED
from showhow.staleness.fingerprint import Fingerprint, Known, take_fingerprint
from showhow.staleness.fingerprint_records import (
    record_fingerprint,
    record_meanings,
    recorded_meanings,
)
from showhow.jobs.provenance import revision_of_checkout
from showhow.jobs.slurm import current_job, queued_jobs
from showhow.jobs.warm_start.client import forks_are_safe
from showhow.study.validation import load_configuration

SCRIPTS = Path(workflow.basedir) / "workflow_scripts"
MODEL_LIBRARIES = ("torch", "transformers", "accelerate", "tokenizers", "safetensors")
TABLE_LIBRARIES = ("numpy", "pandas")
RUN_NAME = "{study}/{task}/{variant}/{model}/{budget}/seed{seed}"
RUN = f"results/runs/{RUN_NAME}"

try:
    configuration = load_configuration(config, [Path(file) for file in workflow.configfiles])
except ShowhowError as error:
    raise WorkflowError(str(error)) from None

RUNS = {run.directory: run for run in grid.all_runs(configuration)}
LADDER = [name for name, model in configuration.models.items() if model.kind == "ladder"]
HUB = [name for name, model in configuration.models.items() if model.kind == "hub"]
FOLDERS = [name for name, model in configuration.models.items() if model.kind == "folder"]
ADAPTED = [name for name in configuration.models if configuration.training_of(name).adapter]
CORPORA = {"corpus": configuration.corpus} | {
    f"corpus-{name}": configuration.corpus_of(name)
    for name in LADDER
    if configuration.models[name].corpus
}
REPORTED = next(iter(configuration.studies))


def one_of(names):
    """Give a wildcard constraint; a list without names matches nothing."""
    return "|".join(names) or "$^"


def services_json():
    """Say how each endpoint is reached; that is no parameter of a rule, as it changes no result."""
    endpoints = {
        name: writer.service.model_dump(mode="json")
        for name, writer in configuration.writers.items()
        if writer.kind == "endpoint"
    }
    return json.dumps(endpoints)


wildcard_constraints:
    study=one_of(configuration.studies),
    task=one_of(configuration.tasks),
    variant="[A-Za-z0-9][A-Za-z0-9._-]*",
    corpus=one_of(CORPORA),
    model=one_of(configuration.models),
    ladder_model=one_of(LADDER),
    hub_model=one_of(HUB),
    folder_model=one_of(FOLDERS),
    split="[a-z]+(-n[0-9]+(-draw[0-9]+)?)?",
    budget="n[0-9]+(-matched-[a-z_]+)?",
    seed="[0-9]+",
    figure="[a-z0-9_]+",


# Stages find the python of this environment.
search_path = os.pathsep.join((str(Path(sys.executable).parent), *os.get_exec_path()))
os.environ.update(PATH=search_path, OMP_NUM_THREADS="1", HF_HUB_DISABLE_TELEMETRY="1")
# No stage but `download` asks the hub for anything: a cluster's compute nodes may be offline.
os.environ.update(HF_HUB_OFFLINE="1")
os.environ.update(SHOWHOW_CHECKPOINT_SECONDS=str(configuration.keeping.checkpoint_seconds))
os.environ.update(SHOWHOW_SERVICES=services_json())
os.environ.update(SHOWHOW_TRACKERS=" ".join(configuration.tracking.trackers))
os.environ.update(SHOWHOW_KEEP_ADAPTERS=str(configuration.keeping.weights == "adapters"))
# Stages share one warm start per Snakemake process (showhow/jobs/warm_start); a job's own
# sub-process belongs to the main one. Tests share one among many small studies; a job of these does
# not see that its Snakemake is killed.
if workflow.exec_mode.name == "DEFAULT":
    if forks_are_safe():
        os.environ.setdefault("SHOWHOW_WARM_START", str(os.getpid()))
    else:
        logger.info("Each stage imports its libraries itself: a fork with them is not safe here.")

if workflow.exec_mode.name != "SUBPROCESS":
    # For messages and records only; neither makes anything stale.
    given = [os.path.relpath(file) for file in workflow.overwrite_configfiles]
    chosen = ["--configfile", *given] if given else []
    os.environ[COMMAND_VARIABLE] = shlex.join(["snakemake", "--cores", "2", *chosen])
    os.environ.update(revision_of_checkout(workflow.basedir))

# A cluster's job: a single stage would warm up for itself alone; the scheduler has chosen its GPUs,
# and announces the end of its time to all its processes, of which Snakemake and shells must not die.
if workflow.exec_mode.name == "REMOTE":
    # Snakemake keeps what it was told about groups to itself until the rules are read.
    if "--local-groupid" not in sys.argv:
        os.environ.pop("SHOWHOW_WARM_START", None)
    else:
        os.environ.update(SHOWHOW_WARM_START=str(os.getpid()))
        os.environ[KEEP_VARIABLE] = current_job() or "none"
        running = queued_jobs()
        if running is not None:
            remove_used(Path("checkpoints"), running)
    os.environ[ASSIGNED] = "yes"
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)

# Snakemake would find this out job by job.
if workflow.exec_mode.name == "DEFAULT" and not workflow.dryrun:
    try:
        check_writable("results")
    except ShowhowError as error:
        raise WorkflowError(str(error)) from None


def asked_of_every_job(function):
    """Tell Snakemake the parameters of a rule's function once: it asks for them job by job.

    That was a sixth of the time in which the paper's study is planned.
    """
    overwrite_function_params(function, inspect.signature(function).parameters)
    return function


# Staleness: the meaning of a stage's code, as a parameter of its rule. What a fingerprint is made
# of stands beside Snakemake's own records, so that `make plan` can name what changed.

FINGERPRINTS: dict[str, Fingerprint] = {}
RECORDED = recorded_meanings()
KNOWN = Known(meanings=dict(RECORDED))


def code_of(script, modules=(), libraries=()):
    return digest_of(script, tuple(modules), libraries)


@cache
def digest_of(script, modules, libraries):
    roots = [SCRIPTS / "stages" / f"{script}.py", *(SCRIPTS / "showhow" / module for module in modules)]
    taken = take_fingerprint(roots, libraries, KNOWN)
    FINGERPRINTS[taken.digest] = taken
    return taken.digest


def end_gracefully(*_):
    """Have Snakemake wait for its running jobs and end, after SIGTERM.

    Its own answer to the signal takes the scheduler's lock in the thread that may be holding it, and
    then waits for ever (found by tests/crash.py). A thread of its own gets it in its turn.
    """
    threading.Thread(target=workflow.scheduler.exit_gracefully).start()


onstart:
    for taken in FINGERPRINTS.values():
        record_fingerprint(taken)
    if KNOWN.meanings.keys() != RECORDED.keys():
        record_meanings(KNOWN.meanings)
    # For its limit on submissions a second, Snakemake looks for jobs again a second after each time
    # that it did: a time more for every job done, as long as any waits. On one machine, whose cores
    # are the limit, that took a fifth of a study (benchmarks/scheduling.py).
    if workflow.local_exec:
        workflow.scheduler.job_rate_limiter = None
    signal.signal(signal.SIGTERM, end_gracefully)


# What nobody read in this run; the rest went when it was read.
onsuccess:
    forget_done_work(Path("checkpoints"))


# What a cluster's job of many runs has kept in case that it is done again.
onerror:
    remove_used(Path("checkpoints"))


@cache
def task_module(task):
    return task_files()[configuration.tasks[task].kind]


@cache
def variant_module(variant):
    return variant_files()[configuration.variant_of(variant).kind]


@cache
def loaded_variant(variant):
    return load_variant(configuration.variant_of(variant).kind)


@cache
def is_for_base(variant):
    loaded = loaded_variant(variant)
    return isinstance(loaded, BaseVariant) or (is_written(variant) and loaded.for_base)


def is_written(variant):
    return isinstance(loaded_variant(variant), WrittenVariant)


@cache
def own_code(task):
    """List the user's own files that a task's settings have it run."""
    kind = load_task(configuration.tasks[task].kind)
    settings = kind.Settings(**configuration.task_settings(task))
    return [file.resolve() for file in kind.code(settings)]


def code_of_task(script):
    """Give the code of a stage that makes problems of the task."""

    @asked_of_every_job
    def code(wildcards):
        return code_of(script, [task_module(wildcards.task), *own_code(wildcards.task)])

    return code


def code_of_answers(script, libraries=()):
    """Give the code of a stage that reads answers as the task reads them."""

    @asked_of_every_job
    def code(wildcards):
        return code_of(script, own_code(wildcards.task), libraries)

    return code


def code_of_responses(wildcards):
    modules = [task_module(wildcards.task), variant_module(wildcards.variant)]
    return code_of("write_responses", modules)


# Used by several stages.


def as_json(value):
    return json.dumps(value, sort_keys=True)


def recipe_json(recipe):
    return as_json(recipe.model_dump(mode="json"))


def options(flag, paths):
    return " ".join(f"{flag} {shlex.quote(path)}" for path in paths)


@cache
def splits_of(task):
    return grid.evaluation_splits(configuration, task)
