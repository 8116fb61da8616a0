"""What `make watch` shows of a study that fails, runs, is killed and is finished."""

import base64
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showhow.training.progress import Progress, progress_file, read_progress
from showhow.watch.states import Signs, WatchedJob, sparkline, state_of, view_of
from showhow.watch.study_files import ToldBySnakemake, begun_outputs, last_sentence
from tiny_study import SNAKEMAKE, configuration, snakemake, write_configuration

PATIENCE_SECONDS = 600
ENDLESS = 30_000
RUNS = [f"tiny/bits/{variant}/small/n8/seed1" for variant in ("none", "medium")]


def watch(folder: Path) -> list[str]:
    """Look once; give the lines with single spaces."""
    done = subprocess.run(
        [sys.executable, "workflow_scripts/run.py", "watch", "--once"],
        cwd=folder,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [" ".join(line.split()) for line in done.stdout.splitlines()]


@contextmanager
def running(folder: Path) -> Iterator[subprocess.Popen]:
    """Run the study in the background, and end what is left of it."""
    # With a warm start of its own, by which jobs see that their Snakemake is killed.
    inherited = {key: value for key, value in os.environ.items() if key != "SHOWHOW_WARM_START"}
    process = subprocess.Popen(
        [SNAKEMAKE, "--cores", "2"], cwd=folder, env=inherited, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(happened) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_finished_study_is_done(finished_study):
    lines = watch(finished_study)
    assert lines[0] == "tiny: 25 of 25 jobs are done."
    assert "fine_tune 0 0 2 0" in lines


def test_a_study_that_fails_then_runs_then_is_killed(unfinished_study):
    folder = unfinished_study
    shutil.rmtree(folder / "results/runs")
    predict = folder / "workflow_scripts/stages/predict.py"
    sound = predict.read_text()
    refusal = (
        "from showhow.base.errors import ShowhowError; raise ShowhowError('No answers today.')"
    )
    predict.write_text(sound.replace("    chosen = options.settings", f"    {refusal}"))
    assert snakemake(folder, "--keep-going", "runs").returncode != 0
    lines = watch(folder)
    assert lines[0].endswith("jobs are done; Snakemake is not running.")
    assert {"fine_tune 0 0 2 0", "predict 0 0 0 2", "score 2 0 0 0"} <= set(lines)
    where = lines.index("predict tiny/bits/medium/small/n8/seed1 failed: No answers today.")
    assert lines[where + 1] == "logs/predict/tiny/bits/medium/small/n8/seed1.log"

    predict.write_text(sound)
    endless = configuration()
    endless["training"]["min_steps"] = ENDLESS
    write_configuration(folder, endless)
    told = [progress_file(folder / f"logs/fine_tune/{run}.log") for run in RUNS]
    with running(folder):
        wait_until(lambda: all(map(has_losses_of_the_endless_training, told)))
        lines = watch(folder)
        assert lines[0].endswith("jobs are done.")
        assert {"fine_tune 0 2 0 0", "predict 2 0 0 0"} <= set(lines)
        for run in RUNS:
            shown = lines[lines.index(f"fine_tune {run}") + 1]
            assert "/30,000 loss" in shown and "tokens/s" in shown
        assert not any("failed:" in line for line in lines)

    # A Snakemake that is killed takes its jobs along, and tells nobody.
    wait_until(lambda: all(read_progress(path).ended for path in told))
    lines = watch(folder)
    assert lines[0].endswith("; Snakemake is not running.")
    assert "fine_tune 2 0 0 0" in lines
    assert lines[lines.index(f"fine_tune {RUNS[0]}") + 1].endswith("interrupted")


def has_losses_of_the_endless_training(path: Path) -> bool:
    progress = read_progress(path)
    return bool(progress and progress.steps == ENDLESS and progress.loss_curve)


# How the state of a job is known.

NOW = 1000.0


def progress(step=5, time=NOW - 1, ended=False):
    return Progress(time, step, 10, ((1, 2.0), (step, 1.0)), 100.0, 20.0, ended)


@pytest.mark.parametrize(
    ("signs", "alive", "state"),
    [
        (Signs(), True, "waiting"),
        (Signs(made=True), False, "done"),
        (Signs(made=True, error=True), True, "done"),
        (Signs(error=True), False, "failed"),
        (Signs(error=True, begun=True), True, "waiting"),
        (Signs(begun=True), True, "waiting"),
        (Signs(begun=True, at_work=True), True, "running"),
        (Signs(begun=True, at_work=True), False, "waiting"),
        (Signs(begun=True, progress=progress()), False, "running"),
        (Signs(begun=True, progress=progress(time=NOW - 100)), False, "waiting"),
        (Signs(begun=True, progress=progress(ended=True)), False, "waiting"),
        (Signs(progress=progress()), True, "waiting"),
    ],
)
def test_the_state_of_a_job(signs, alive, state):
    assert state_of(signs, alive, NOW) == state


def job(name: str) -> WatchedJob:
    return WatchedJob("fine_tune", name, (f"{name}.json",), f"logs/{name}.log", "missing")


def test_interrupted_trainings_stand_behind_running_ones():
    jobs = [
        (job("stopped"), Signs(progress=progress(time=NOW - 500))),
        (job("runs"), Signs(begun=True, progress=progress())),
        (job("new"), Signs()),
        (job("broken"), Signs(error=True, progress=progress())),
    ]
    view = view_of(jobs, {"logs/broken.log": "It broke."}, alive=True, now=NOW)
    assert [(row.name, row.state) for row in view.trainings] == [
        ("runs", "running"),
        ("stopped", "waiting"),
    ]
    assert [(row.name, row.sentence) for row in view.failed] == [("broken", "It broke.")]
    assert view.counts == {"waiting": 2, "running": 1, "failed": 1}


def test_snakemakes_marks_are_read_long_names_too(tmp_path):
    records = tmp_path / ".snakemake/incomplete"
    long = "results/" + "x" * 300
    for output in ("results/short.json", long):
        name = base64.urlsafe_b64encode(output.encode()).decode()
        parts = [name[start : start + 254] for start in range(0, len(name), 254)]
        mark = records.joinpath(*(f"@{part}" for part in parts[:-1]), parts[-1])
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.write_text("{}")
    (records / "migration_underway").touch()
    assert begun_outputs(tmp_path).keys() == {"results/short.json", long}
    assert begun_outputs(tmp_path / "nothing") == {}


def test_snakemakes_log_is_followed_by_whole_lines_and_only_the_last_counts(tmp_path):
    folder = tmp_path / ".snakemake/log"
    folder.mkdir(parents=True)
    told = ToldBySnakemake(tmp_path)
    told.read()
    assert told.failed_logs == set()
    first = folder / "2026-01-01T000000.000000.snakemake.log"
    error = "score of a b: It broke. Its log: logs/score/a b.log\n"
    first.write_text(f"  Host: node7\n{error[:-9]}")
    told.read()
    assert (told.host, told.failed_logs) == ("node7", set())
    first.write_text(f"  Host: node7\n{error}")
    told.read()
    assert told.failed_logs == {"logs/score/a b.log"}
    (folder / "2026-01-02T000000.000000.snakemake.log").write_text("  Host: node8\n")
    told.read()
    assert (told.host, told.failed_logs) == ("node8", set())


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("a\nError: The disk is full;\nfree some.\n", "The disk is full; free some."),
        ("Traceback\nValueError: 7\n\n", "ValueError: 7"),
        ("training: 3%\rtraining: 7%", "training: 7%"),
        ("", ""),
    ],
)
def test_the_last_sentence_of_a_log(written, sentence, tmp_path):
    (tmp_path / "job.log").write_text(written)
    assert last_sentence(tmp_path / "job.log") == sentence
    assert last_sentence(tmp_path / "none.log") == ""


@given(st.lists(st.floats()), st.integers(1, 30))
def test_a_sparkline_fits_and_rises_with_its_curve(values, width):
    assert len(sparkline(values, width)) <= width
    assert sparkline(sorted(range(len(values))), width) == "".join(
        sorted(sparkline(sorted(range(len(values))), width))
    )
