"""How the end of a failed job is told: in its own sentence, once, and where to read more."""

import logging
from types import SimpleNamespace

import pytest

from showhow.base.surroundings import VARIABLE, tell
from showhow.jobs.failures import (
    MOST_FAILURES,
    FailuresInSentences,
    FirstFailures,
    job_of_log,
    told,
)
from tiny_study import snakemake, workflow_copy

REFUSAL = "The dog ate the problems; ask for others."


@pytest.fixture
def failing_study(tmp_path):
    study = workflow_copy(tmp_path / "study")
    stage = study / "workflow_scripts/stages/generate_problems.py"
    begin = "def generate_problems(options: Options) -> None:\n"
    broken = "    from showhow.base.errors import ShowhowError\n"
    broken += f"    raise ShowhowError({REFUSAL!r})\n"
    assert begin in stage.read_text()
    stage.write_text(stage.read_text().replace(begin, begin + broken))
    return study


@pytest.mark.parametrize(
    "quiet", [[], ["--quiet", "rules"], ["--quiet", "rules", "--logger", "rich"]]
)
def test_a_failed_job_ends_in_its_sentence_and_the_path_of_its_log(failing_study, quiet):
    said = snakemake(failing_study, *quiet, "--", "data").stdout
    log = "logs/generate_problems/bits/test.log"
    assert f"generate_problems of bits/test: {REFUSAL} Its log: {log}\n" in said, said
    assert said.count(REFUSAL) == 1
    assert "run.py" not in said and "Traceback" not in said and "None" not in said
    assert "the same command goes on from there" in said
    if quiet:
        assert len(said.splitlines()) < 30


def record(event="job_error", **said):
    made = logging.makeLogRecord({"msg": "as Snakemake says it", "levelno": logging.ERROR})
    made.__dict__.update({"event": SimpleNamespace(value=event), "indent": False, "rule_msg": None})
    made.__dict__.update(said)
    return made


def log_with(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


def test_what_the_cluster_says_counts_where_the_stage_was_killed(tmp_path):
    own = log_with(tmp_path / "own.log", "training: 3%")
    cluster = log_with(tmp_path / "slurm.log", "slurmstepd: error\n")
    said = (
        "SLURM-job '7' failed, SLURM status is: 'CANCELLED'. Detailed failure reason unavailable "
        "(status command is not 'sacct').For further error details see the cluster/cloud log."
    )
    killed = told([own, cluster], said, began=0)
    assert killed == f"SLURM-job '7' failed, SLURM status is: 'CANCELLED'. Its log: {own}"
    log_with(tmp_path / "own.log", "x\nError: The disk is full.\n")
    assert told([own, cluster], said, began=0) == f"The disk is full. Its log: {own}"


def test_a_job_that_said_nothing_has_its_log_named():
    assert told(["logs/none.log"], "", 0) == (
        "it said nothing before its end. Its log: logs/none.log"
    )


def test_of_a_group_only_the_jobs_that_came_to_an_error_are_told(tmp_path):
    good = log_with(tmp_path / "logs/fine_tune/a.log", "all is well\n")
    bad = log_with(tmp_path / "logs/fine_tune/b.log", "\nError: It broke.\n")
    jobs = [{"log": [log], "rule_name": "fine_tune", "rule_msg": None} for log in (good, bad)]
    sentences = FailuresInSentences()
    group = record("group_error", job_error_info=jobs, aux_logs=[])
    assert sentences.filter(group)
    assert group.getMessage().count("Its log") == 1
    assert f"It broke. Its log: {bad}" in group.getMessage()
    member = record(log=[bad], rule_name="fine_tune", indent=True)
    assert not sentences.filter(member)


def test_of_many_failures_a_terminal_shows_the_first_and_the_number_of_the_others(tmp_path):
    sentences, terminal = FailuresInSentences(), FirstFailures()
    shown = kept = 0
    for number in range(MOST_FAILURES + 3):
        log = log_with(tmp_path / f"{number}.log", f"\nError: Number {number}.\n")
        failure = record(log=[log], rule_name="score")
        kept += sentences.filter(failure)
        shown += terminal.filter(failure)
    assert (shown, kept) == (MOST_FAILURES, MOST_FAILURES + 3)
    end = record(None, msg="Exiting because a job execution failed. Look above for error messages")
    assert sentences.filter(end)
    assert end.getMessage().startswith("And 3 more; make watch lists them.")


def test_a_job_that_is_tried_again_and_fails_alike_is_told_of_once(tmp_path):
    log = log_with(tmp_path / "a.log", "\nError: No.\n")
    sentences = FailuresInSentences()
    failures = [record(log=[log], rule_name="score") for _ in range(2)]
    assert [sentences.filter(failure) for failure in failures] == [True, False]


def test_snakemakes_lines_about_the_command_are_left_out_and_others_stay():
    sentences = FailuresInSentences()
    command = 'RuleException:\nCalledProcessError in file "data.smk", line 31:\nCommand …'
    assert not sentences.filter(record("error", msg=command))
    assert sentences.filter(record("error", msg="WorkflowError: no such file"))
    assert sentences.filter(record("progress", msg="1 of 2 steps"))


def test_what_the_cluster_says_of_a_group_is_told_without_the_command(tmp_path):
    jobs = [{"log": [], "rule_name": name, "rule_msg": None} for name in ("fine_tune", "predict")]
    sentences = FailuresInSentences()
    sentences.said_of_group = (
        "SLURM sbatch failed. The error message was 'sbatch: error: CPU count per node can not be "
        "satisfied\nsbatch: error: Batch job submission failed: Requested node configuration is "
        "not available'.\n    sbatch call:\n        sbatch --parsable --job-name 96e7c6c4 …"
    )
    group = record("group_error", job_error_info=jobs, aux_logs=[])
    assert sentences.filter(group)
    assert group.getMessage() == (
        "a job of fine_tune, predict: SLURM refused it: CPU count per node can not be satisfied. "
        "Batch job submission failed: Requested node configuration is not available."
    )
    assert sentences.said_of_group == ""


def test_jobs_are_named_by_their_logs_in_whichever_folder_these_lie(monkeypatch):
    monkeypatch.setenv(VARIABLE, "{}")
    tell(results="results-mine")
    assert job_of_log("results-mine/logs/fine_tune/a/b.log") == "fine_tune of a/b"
    assert job_of_log("results-mine/logs/write_report.log") == "write_report"
    tell(results="results")
    assert job_of_log("logs/fine_tune/a/b.log") == "fine_tune of a/b"
