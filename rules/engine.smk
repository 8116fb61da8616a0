# What the workflow does inside Snakemake itself (9.27): each with its reason and the place upstream
# that makes it necessary. (commands/snakemake_plan.py and showhow/watch/study_files.py read its plan
# and its records, and change nothing.) tests/workflow/test_engine.py says of each when it can go.

import shlex
import signal
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from functools import cache
from pathlib import Path

import snakemake.common
import snakemake.rules
from snakemake.dag import DAG
from snakemake.jobs import GroupJob
from snakemake.path_modifier import PathModifier
from snakemake.persistence import PersistenceBase
from snakemake.persistence.file import FilePersistence

from showhow.base.repository import shipped
from showhow.base.surroundings import tell
from showhow.jobs.cluster import GPU, accounts_of_user, nodes_of_cluster
from showhow.jobs.devices import ASSIGNED
from showhow.jobs.failures import FailuresInSentences, FirstFailures, QuietTerminal
from showhow.jobs.slurm import current_job, queued_jobs
from showhow.jobs.unfinished import forget_done_work, remove_used
from showhow.jobs.warm_start.client import OWNER_VARIABLE, forks_are_safe
from showhow.staleness.selections import listed
from showhow.study.cluster_requests import Files, Wanted, missing, profiles_in_use

BEGAN = time.time()

IN_A_GROUP = "--local-groupid" in sys.argv
"""Whether this is a cluster's job of several of ours.

Snakemake keeps what it was told about groups to itself until the rules are read (cli.py, args_to_api:
group_settings comes with the DAG).
"""

# Stages share one warm start per Snakemake process; a job's own sub-process belongs to the main
# one. Tests share one among many small studies.
if workflow.exec_mode.name == "DEFAULT":
    if forks_are_safe():
        os.environ.setdefault(OWNER_VARIABLE, str(os.getpid()))
    else:
        logger.info("Each stage imports its libraries itself: a fork with them is not safe here.")

if workflow.exec_mode.name != "SUBPROCESS":
    # For messages and records only; neither makes anything stale.
    given = [os.path.relpath(file) for file in workflow.overwrite_configfiles]
    chosen = ["--configfile", *given] if given else []
    elsewhere = Path(workflow.basedir) != Path.cwd()
    snakefile = ["-s", os.path.relpath(workflow.main_snakefile)] if elsewhere else []
    tell(command=shlex.join(["snakemake", *snakefile, "--cores", "2", *chosen]))
    tell(**revision_of_checkout(workflow.basedir))

# A failed job ends in its own sentence. Snakemake has no other place for that: it logs a job's
# command with every failure (local.py of its executors, print_exception; logging.py,
# format_job_error), and --quiet rules hides the path of the log (logging.py, DefaultFilter).
failures = FailuresInSentences()
logger.addFilter(failures)
quiet = {each.name for each in workflow.output_settings.quiet or ()}
for handler in logger.handlers:
    if handler.name != "DefaultLogFileHandler":
        handler.addFilter(FirstFailures())
    if handler.name == "DefaultStreamHandler" and "RULES" in quiet:
        handler.addFilter(QuietTerminal())


def with_its_reason(self, msg=None, aux_logs=None, **kwargs):
    """Keep what the cluster said of a group, such as what sbatch refused (jobs.py drops it)."""
    failures.said_of_group = msg or ""
    told_by_snakemake(self, msg, aux_logs, **kwargs)


told_by_snakemake = GroupJob.log_error
if told_by_snakemake.__module__ == GroupJob.__module__:
    GroupJob.log_error = with_its_reason

# A cluster's job: a single stage would warm up for itself alone; the scheduler has chosen its GPUs,
# and announces the end of its time to all its processes, of which Snakemake and shells must not die
# (neither executor nor jobstep plugin forwards or ignores SIGUSR1).
if workflow.exec_mode.name == "REMOTE":
    if IN_A_GROUP:
        os.environ[OWNER_VARIABLE] = str(os.getpid())
        tell(kept_by=current_job() or "none")
        running = queued_jobs()
        if running is not None:
            remove_used(Path("checkpoints"), running)
    else:
        os.environ.pop(OWNER_VARIABLE, None)
    os.environ[ASSIGNED] = "yes"
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)


@cache
def all_of_one_job():
    """Have Snakemake take all groups of a name together, and give that name.

    In a cluster's job it reads no profile (spawn_jobs.py passes on no --group-components), and would
    make the runs one after the other, each in a Snakemake of its own. What it was told about groups
    it knows once the rules are read: when its first job asks for its group.
    """
    workflow.group_settings.group_components = {"one-job": sys.maxsize}
    return "one-job"


def in_group(name):
    """Name a group on a cluster; the job itself takes all it has as one."""
    if name is None or workflow.local_exec:
        return None
    return all_of_one_job() if workflow.remote_exec else name


def group_of_data(wildcards):
    """Name what is made of the configuration alone: no path leads out of this group and back."""
    return in_group("data")


def group_of_run(wildcards):
    """Name the runs that may share a job."""
    return in_group(ask.group(wildcards))


class InTheirFolder(PathModifier):
    """Puts what the rules name below results/ and logs/ where the configuration says.

    Snakemake does that for a workflow that is taken as a module, whose configuration another one
    gives; and leaves out what a rule has in place of another's (ruleinfo.py, apply_modifier).
    """

    modifies_prefixes = False

    def __init__(self):
        super().__init__(None, None, workflow)

    def replace_prefix(self, path, property=None):
        return path if callable(path) else placed(path)


workflow.modifier.path_modifier = InTheirFolder()


class DataError(snakemake.rules.InputFunctionException):
    """Tells what is wrong with the user's data in its one sentence.

    Snakemake shows the wildcards of some job and a traceback for whatever a function of a rule raises
    (rules.py, apply_input_function).
    """

    def __init__(self, msg, **where):
        if isinstance(msg, ShowhowError):
            WorkflowError.__init__(self, str(msg))
        else:
            super().__init__(msg, **where)


if snakemake.rules.InputFunctionException.__module__ == "snakemake.exceptions":
    snakemake.rules.InputFunctionException = DataError


parameters_by_function = {}


def parameters_once(function):
    """Look once at what a rule's function takes: Snakemake does for every job (snakemake.common,
    get_input_function_aux_params), which is a sixth of the time in which the paper's study is planned.
    """
    defined = getattr(function, "__func__", function)
    if defined not in parameters_by_function:
        parameters_by_function[defined] = found_out_by_snakemake(function)
    return parameters_by_function[defined]


found_out_by_snakemake = snakemake.common.get_function_params
if found_out_by_snakemake.__module__ == snakemake.common.__name__:
    for asking in (snakemake.common, snakemake.rules):
        asking.get_function_params = parameters_once


def all_that_is_newer(self, direction, *jobs, stop=lambda job: False):
    """Go through the jobs behind these; but not, from what is made to what is made of it, by inputs
    whose date counts nothing.

    Snakemake does not ask a job whether it is stale by itself where one before it is, even if what
    lies between is ancient (dag.py, update_needrun: masked). It then finds it stale a run later.
    """
    if direction is not self.depending:
        yield from found_by_snakemake(self, direction, *jobs, stop=stop)
        return
    queue, seen = deque(jobs), set(jobs)
    while queue:
        job = queue.popleft()
        if stop(job):
            continue
        yield job
        for other, files in direction[job].items():
            if other not in seen and not all(file.is_ancient for file in files):
                queue.append(other)
                seen.add(other)


found_by_snakemake = DAG.bfs
if found_by_snakemake.__module__ == DAG.__module__:
    DAG.bfs = all_that_is_newer


def by_content(paths):
    """Take what was selected of the user's own files as old: a parameter says what is in it.

    Snakemake knows of a file only that it will be made again, and not whether as it was; as an
    ancient input it waits for the file and asks no more (dag.py, update_needrun).
    """

    def flagged(wildcards):
        return [
            ancient(path) if selected.tells_of(path) else path for path in listed(paths(wildcards))
        ]

    return flagged


def group_of_trial(wildcards):
    """Name the trials that may share a job."""
    return in_group(ask.group_of_trial(wildcards))


def chosen_rate(wildcards):
    """Name what says which learning rate was chosen, once it is; [] where there is nothing to.

    Only after a checkpoint does Snakemake look again at what needs to run (dag.py, update_needrun):
    a run whose parameters, the rate among them, are what they were is then left as it is.
    """
    if not training.is_tuned(wildcards):
        return []
    condition = {name: wildcards[name] for name in paths.WILDCARDS_OF_CONDITION}
    return checkpoints.choose_learning_rate.get(**condition).output.chosen


def kept_where_one_may(self):
    """Keep what a plan found of the files for the run after it, but not in another one's folder.

    Snakemake would end a dry run there with a traceback (save_iocache).
    """
    with suppress(PermissionError):
        kept_by_snakemake(self)


kept_by_snakemake = PersistenceBase.save_iocache
if kept_by_snakemake.__module__ == PersistenceBase.__module__:
    PersistenceBase.save_iocache = kept_where_one_may


def unlocked(self):
    """Leave the folder of locks, empty, as a dry run does: another one's may not make it.

    Snakemake makes it to look for locks, and takes it away after each run (_delete_locks).
    """
    unlocked_by_snakemake(self)
    with suppress(OSError):
        os.makedirs(self._lockdir, exist_ok=True)


unlocked_by_snakemake = FilePersistence._delete_locks
if unlocked_by_snakemake.__module__ == FilePersistence.__module__:
    FilePersistence._delete_locks = unlocked


def check_name_is_free(study):
    """Refuse a study with the name of another target: asking for it would not mean the study."""
    if study in [made_by.name for made_by in workflow.rules]:
        raise WorkflowError(
            f"studies.{study} has the name of a target of the workflow, so that 'snakemake "
            f"{study}' would not mean the study; rename it."
        )


def end_gracefully(*_):
    """Have Snakemake wait for its running jobs and end, after SIGTERM.

    Its own answer to the signal takes the scheduler's lock in the thread that may be holding it, and
    then waits for ever (job_scheduler.py, exit_gracefully; found by tests/crash.py). A thread of its
    own gets it in its turn.
    """
    threading.Thread(target=workflow.scheduler.exit_gracefully).start()


def wanted_of(job):
    """Say what a job of the cluster asks for, as the executor will."""
    members = job.jobs if job.is_group() else [job]
    shared = GPU.search(str(job.resources.get("gres", "")))
    return Wanted(
        stages=tuple(sorted({paths.stage_of(each.rule.name) for each in members})),
        cores=job.threads,
        memory_mb=job.resources.get("mem_mb"),
        minutes=job.resources.get("runtime"),
        gpus=int(shared[2]) if shared else job.resources.get("gpu") or 0,
        gpu_model=(shared[1] if shared else job.resources.get("gpu_model")) or None,
        partition=job.resources.get("slurm_partition"),
        account=job.resources.get("slurm_account"),
    )


def refuse_what_the_cluster_lacks():
    """Ask SLURM, before the first job is submitted, whether it has what the jobs ask for.

    sbatch would refuse each of them in turn, and each try of it again (no executor asks beforehand).
    """
    if workflow.local_exec or workflow.executor_plugin.name != "slurm":
        return
    alone_or_together = {
        workflow.dag.get_job_group(job) or job
        for job in workflow.dag.needrun_jobs()
        if not job.is_local
    }
    for each in alone_or_together:
        if each.is_group():
            each.finalize()
    wanted = {wanted_of(each) for each in alone_or_together if not each.resources.get("clusters")}
    table = shipped(Path(configuration.cluster.resources))
    files = Files(profiles_in_use(sys.argv, Path(workflow.basedir)), table)
    lacking = missing(sorted(wanted, key=str), nodes_of_cluster(), accounts_of_user(), files)
    if lacking:
        raise WorkflowError("\n".join(lacking))


onstart:
    refuse_what_the_cluster_lacks()
    code.record()
    selected.memory.record()
    record_holdings(holdings_of(studies, configuration_file))
    # For its limit on submissions a second, Snakemake looks for jobs again a second after each time
    # that it did: a time more for every job done, as long as any waits (job_scheduler.py, schedule).
    # On one machine, whose cores are the limit, that took a fifth of a study
    # (benchmarks/scheduling.py).
    if workflow.local_exec:
        workflow.scheduler.job_rate_limiter = None
    signal.signal(signal.SIGTERM, end_gracefully)


# What nobody read in this run; the rest went when it was read.
onsuccess:
    forget_done_work(Path("checkpoints"))
    for sentence in tables.new_warnings(BEGAN):
        logger.warning(f"Mind: {sentence}")


# What a cluster's job of many runs has kept in case that it is done again.
onerror:
    remove_used(Path("checkpoints"))
