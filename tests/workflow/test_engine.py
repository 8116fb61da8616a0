"""When what rules/engine.smk does inside Snakemake can go: each test fails once it is not needed.

They look at the installed Snakemake. When one fails after an upgrade, read the place that it names,
take the piece out of engine.smk, and see that tests/slurm, tests/crash.py and benchmarks/ agree.
"""

import inspect
import threading

import snakemake.api
import snakemake.common
from snakemake.exceptions import InputFunctionException
from snakemake.jobs import GroupJob
from snakemake.persistence import PersistenceBase
from snakemake.persistence.file import FilePersistence
from snakemake.ruleinfo import RuleInfo
from snakemake.scheduling.job_scheduler import JobScheduler
from snakemake.spawn_jobs import SpawnedJobArgsFactory

from warm_snakemake import warm_snakemake

TWO_JOBS = """
rule made:
    output: "made"
    params: config["first"]
    shell: "echo > {output}"
rule read:
    input: ancient("made")
    output: "read"
    params: config["second"]
    shell: "cp {input} {output}"
"""


def test_sigterm_still_takes_a_lock_that_the_same_thread_may_hold():
    """engine.smk answers SIGTERM in a thread of its own; an RLock would make that needless."""
    assert "with self._lock" in inspect.getsource(JobScheduler.exit_gracefully)
    assert "self._lock = threading.Lock()" in inspect.getsource(JobScheduler.__init__)
    lock = threading.Lock()
    with lock:
        assert not lock.acquire(blocking=False)


def test_the_limit_on_submissions_still_wakes_the_scheduler_every_second():
    """engine.smk lifts the limit on one machine, whose cores are limit enough."""
    assert "self._schedule_reevalutation(self.job_rate_limiter.timespan)" in inspect.getsource(
        JobScheduler.schedule
    )


def test_a_job_on_a_cluster_is_still_not_told_how_many_runs_share_it():
    """engine.smk has the job take all of its group together."""
    source = inspect.getsource(SpawnedJobArgsFactory.general_args)
    assert "if executor_common_settings.pass_group_args:" in source


def test_what_a_function_takes_is_still_found_out_job_by_job():
    """engine.smk remembers it by function."""

    def of_rule(wildcards):
        return wildcards

    first, second = (snakemake.common.get_function_params(of_rule) for _ in range(2))
    assert first is not second
    assert "get_function_params(func)" in inspect.getsource(
        snakemake.common.get_input_function_aux_params
    )


def test_all_that_follows_a_stale_job_is_still_stale_but_for_a_checkpoint():
    """engine.smk has runs wait for a checkpoint, so that a new rate alone makes none stale."""
    source = inspect.getsource(snakemake.dag.DAG.update_needrun)
    assert "masked.update(self.bfs(self.depending, job))" in source


def test_a_dry_run_still_wants_to_write_in_another_ones_folder():
    """engine.smk lets it be; tests/workflow/test_hostile_machine.py plans in one."""
    assert "suppress" not in inspect.getsource(PersistenceBase.save_iocache)


def test_the_folder_of_locks_still_goes_after_each_run():
    """engine.smk leaves it there; tests/workflow/test_hostile_machine.py plans in another's."""
    assert "shutil.rmtree(self._lockdir)" in inspect.getsource(FilePersistence._delete_locks)


def test_what_a_cluster_says_of_a_group_is_still_left_out():
    """engine.smk keeps it for the sentence: what sbatch refused, how the job ended."""
    source = inspect.getsource(GroupJob.log_error)
    assert "job.get_log_error_info(indent=True, **kwargs)" in source


def test_what_a_rule_has_in_place_of_anothers_is_still_left_where_it_is():
    """engine.smk moves these results to the configuration's folder as well."""
    assert "path_modifier.skip_properties = skips" in inspect.getsource(RuleInfo.apply_modifier)


def test_rules_are_still_read_before_groups_are_known(tmp_path):
    """engine.smk looks for --local-groupid in the command line."""
    (tmp_path / "Snakefile").write_text(
        "assert 'runs' not in repr(workflow.group_settings)\nrule nothing:\n"
    )
    planned = warm_snakemake(tmp_path, "--dry-run", "--cores", "1", "--local-groupid", "runs")
    assert planned.returncode == 0, planned.stdout


def test_a_job_behind_an_ancient_input_is_still_not_asked_whether_it_is_stale(tmp_path):
    """engine.smk asks it: by_content leans on that."""
    (tmp_path / "Snakefile").write_text(TWO_JOBS)

    def run(*arguments: str, settings: str) -> str:
        words = ("read", "--cores", "1", *arguments, "--config", *settings.split())
        done = warm_snakemake(tmp_path, *words)
        assert done.returncode == 0, done.stdout
        return done.stdout

    run(settings="first=1 second=1")
    assert "rule read:" in run("--dry-run", settings="first=1 second=2")
    assert "rule read:" not in run("--dry-run", settings="first=2 second=2")


def test_a_function_of_a_rule_that_fails_is_still_shown_with_a_traceback():
    """engine.smk shows a sentence about the user's data alone."""
    assert "Traceback" in inspect.getsource(InputFunctionException)
