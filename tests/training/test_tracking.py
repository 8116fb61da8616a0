"""A training can be followed from outside, killed or not, and following it changes nothing."""

import json
import signal
from pathlib import Path
from typing import get_args

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from transformers.integrations import integration_utils

from showhow.base.rows import read_json, write_jsonl
from showhow.jobs.unfinished import forget_done_work
from showhow.models.loading import save_base
from showhow.recipes.surroundings import Tracker
from showhow.training.progress import Pace, ProgressWriter, progress_file, read_progress
from showhow.training.tracking import Tracking
from small_models import ladder_base
from started_jobs import Jobs, in_surroundings

STEPS = 60
LOG = Path("logs/fine_tune/s/t/v/m/n20/seed3.log")
RUN = {"study": "s", "task": "t", "variant": "v", "model": "m", "n_train": 20, "seed": 3}
RESPONSES = [
    {
        "id": f"train-{digit}",
        "prompt": f"copy [ {digit} ]",
        "response": f"{digit} .",
        "answer": f"{digit}",
        "steps": [],
        "answer_position": "last",
    }
    for digit in range(10)
]
LOGGED = f"--log={LOG}"


@pytest.fixture
def materials(tmp_path):
    save_base(ladder_base(), tmp_path / "base")
    write_jsonl(tmp_path / "responses.jsonl", RESPONSES)
    return tmp_path


def command(materials: Path, *logged: str) -> list[str]:
    recipe = {"batch_size": 8, "min_steps": STEPS, "epochs": 1}
    told = {"run": {**RUN, "match": "examples"}, "recipe": recipe}
    trackers = ("tensorboard",) if logged else ()
    return [
        in_surroundings(checkpoint_seconds=0.1, trackers=trackers),
        "fine_tune",
        f"--base={materials / 'base'}",
        f"--responses={materials / 'responses.jsonl'}",
        "--model-output=model",
        "--output=train.json",
        f"--options={json.dumps(told)}",
        *logged,
    ]


def result(folder: Path) -> dict[str, bytes]:
    files = [folder / "train.json", *(folder / "model").iterdir()]
    return {file.name: file.read_bytes() for file in files}


def told_to_tensorboard(folder: Path) -> list[tuple[int, float]]:
    events = EventAccumulator(str(folder / "logs/tensorboard/s/t/v/m/n20/seed3")).Reload()
    return [(event.step, event.value) for event in events.Scalars("train/loss")]


def test_a_killed_training_tells_its_whole_loss_curve_once_and_ends_in_the_same_bytes(materials):
    quiet, told = (Jobs(materials / name) for name in ("quiet", "told"))
    for jobs in (quiet, told):
        jobs.folder.mkdir()
    assert quiet.run(*command(materials)).status == 0
    for number in (signal.SIGKILL, signal.SIGTERM):
        step = told.newest_step()
        told.kill(number, lambda step=step: told.newest_step() > step, *command(materials, LOGGED))
    assert told.newest_step() > 0
    last = told.run(*command(materials, LOGGED))
    assert last.status == 0 and "Going on from" in last.log

    assert result(told.folder) == result(quiet.folder)
    curve = [tuple(point) for point in read_json(told.folder / "train.json")["loss_curve"]]
    progress = read_progress(progress_file(told.folder / LOG))
    assert (progress.step, progress.steps) == (STEPS, STEPS)
    assert list(progress.loss_curve) == curve
    in_events = told_to_tensorboard(told.folder)
    assert [step for step, _ in in_events] == [step for step, _ in curve]
    assert [loss for _, loss in in_events] == pytest.approx([loss for _, loss in curve], rel=1e-6)
    assert not (quiet.folder / "logs").exists()


def test_a_training_that_starts_anew_forgets_what_another_one_told(materials):
    jobs = Jobs(materials / "run")
    jobs.folder.mkdir()
    for _ in range(2):
        assert jobs.run(*command(materials, LOGGED)).status == 0
        forget_done_work(jobs.folder / "checkpoints")
    assert len(told_to_tensorboard(jobs.folder)) == STEPS
    lines = progress_file(jobs.folder / LOG).read_text().splitlines()
    assert sum('"step": 0,' in line for line in lines) == 1


def test_trackers_are_transformers_own():
    known = set(integration_utils.INTEGRATION_TO_CALLBACK)
    assert {*get_args(Tracker), "tensorboard"} <= known
    assert Tracking(LOG, ("tensorboard", "wandb")).others == ["wandb"]
    assert Tracking(LOG).name == "s/t/v/m/n20/seed3"


# The progress file.


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def writer(tmp_path, clock):
    return ProgressWriter(tmp_path / "run.progress.jsonl", Pace(100, 1000, clock), clock)


def train(writer, clock, steps, seconds):
    """Let steps pass, each with a point of the curve."""
    for step in steps:
        clock.now += seconds
        writer.step_done(step)
        writer.add_loss(step, 1 / step)


def test_progress_has_curve_speed_and_time_left(writer, clock):
    writer.begin(0, [])
    train(writer, clock, range(1, 51), 1.0)
    writer.end(50)
    progress = read_progress(writer.path)
    assert progress.loss_curve == tuple((step, 1 / step) for step in range(1, 51))
    assert (progress.time, progress.step, progress.steps) == (50.0, 50, 100)
    assert (progress.tokens_per_second, progress.seconds_left) == (10.0, 50.0)


def test_points_are_written_together_and_a_slow_step_gives_signs_of_life(writer, clock):
    writer.begin(0, [])
    train(writer, clock, range(1, 11), 0.1)
    assert read_progress(writer.path).step == 0
    train(writer, clock, [11], 2.0)
    assert read_progress(writer.path).loss_curve[-1][0] == 10
    clock.now += 20.0
    writer.step_done(12)
    assert read_progress(writer.path).time == clock.now


def test_a_resumed_training_goes_on_with_the_curve_of_its_checkpoint(writer, clock):
    writer.begin(0, [])
    train(writer, clock, range(1, 21), 2.0)
    writer.begin(12, [(step, 1 / step) for step in range(1, 13)])
    resumed = read_progress(writer.path)
    assert (resumed.step, resumed.loss_curve[-1], resumed.seconds_left) == (12, (12, 1 / 12), None)
    train(writer, clock, range(13, 15), 2.0)
    writer.end(14)
    assert [step for step, _ in read_progress(writer.path).loss_curve] == list(range(1, 15))


def test_a_line_that_is_being_written_is_left_out(writer, clock):
    assert read_progress(writer.path) is None
    writer.begin(0, [])
    train(writer, clock, [1], 2.0)
    writer.end(1)
    whole = read_progress(writer.path)
    with open(writer.path, "a") as file:
        file.write('{"time": 3, "st')
    assert read_progress(writer.path) == whole


def test_a_disk_that_refuses_does_not_stop_the_training(tmp_path, clock, caplog):
    (tmp_path / "logs").write_text("a file in the folder's place")
    writer = ProgressWriter(tmp_path / "logs" / "run.jsonl", Pace(10, 10, clock), clock)
    writer.begin(0, [])
    train(writer, clock, range(1, 5), 5.0)
    writer.end(5)
    assert caplog.text.count("not told any further") == 1
