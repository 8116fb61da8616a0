"""A generation that was killed goes on after its last whole batch, to the same bytes."""

import json
import signal

import pytest

from showhow.base.rows import write_jsonl
from showhow.evaluation.prediction import Prediction
from showhow.jobs.attempts import read_attempts
from showhow.jobs.finished_batches import FinishedBatches
from showhow.models.loading import save_base
from small_models import ladder_base
from started_jobs import Jobs

RESPONSES = [
    {
        "id": f"test-{a:02d}{b}",
        "prompt": f"copy [ {a % 10} {' 1' * (a % 7)} {b} ]",
        "response": f"{a % 10} {b} .",
        "answer": f"{b}",
        "steps": [],
        "answer_position": "last",
    }
    for a in range(20)
    for b in range(6)
]
BATCH = 4


@pytest.fixture(scope="module", params=["decoder", "t5"])
def model(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model") / request.param
    save_base(ladder_base(request.param), folder)
    write_jsonl(folder.parent / "test.jsonl", RESPONSES)
    return folder


def prediction(model, max_new_tokens=40):
    settings = {"batch_size": BATCH, "max_new_tokens": max_new_tokens}
    return [
        "predict",
        f"--model={model}",
        f"--responses={model.parent / 'test.jsonl'}",
        f"--options={json.dumps({'settings': settings})}",
        "--output=predictions.jsonl",
    ]


@pytest.fixture(scope="module")
def undisturbed(model, tmp_path_factory):
    jobs = Jobs(tmp_path_factory.mktemp("undisturbed"))
    job = jobs.run(*prediction(model))
    assert job.status == 0, job.log
    return (jobs.folder / "predictions.jsonl").read_bytes()


def done(jobs) -> list[bytes]:
    """The lines of the batches that are kept."""
    kept = jobs.kept()
    file = kept / "batches.jsonl" if kept else None
    return file.read_bytes().splitlines(True) if file and file.is_file() else []


@pytest.fixture
def killed(model, tmp_path):
    """Jobs whose prediction was killed twice, each time after some more batches."""
    jobs = Jobs(tmp_path)
    for number in (signal.SIGTERM, signal.SIGKILL):
        before = len(done(jobs))
        job = jobs.kill(number, lambda before=before: len(done(jobs)) > before, *prediction(model))
        assert job.status != 0, job.log
        assert len(done(jobs)) > before
        assert not (tmp_path / "predictions.jsonl").exists()
    return jobs


def test_killed_it_goes_on_to_the_same_bytes(killed, model, undisturbed):
    answered = BATCH * len(done(killed))
    job = killed.run(*prediction(model))
    assert job.status == 0, job.log
    assert f" {answered}/{len(RESPONSES)} " in job.log
    assert (killed.folder / "predictions.jsonl").read_bytes() == undisturbed
    attempts = read_attempts(killed.kept())
    assert (attempts.number, attempts.resumed) == (3, True)
    assert attempts.earlier.cpu_seconds > 0


@pytest.mark.parametrize("cut", [1, 40])
def test_a_half_written_batch_is_done_again(cut, killed, model, undisturbed):
    lines = done(killed)
    file = killed.kept() / "batches.jsonl"
    file.write_bytes(b"".join(lines)[:-cut])
    job = killed.run(*prediction(model))
    assert f"is damaged after batch {len(lines) - 1}" in job.log
    assert (killed.folder / "predictions.jsonl").read_bytes() == undisturbed


def test_batches_of_other_settings_are_stale(killed, model):
    job = killed.run(*prediction(model, max_new_tokens=5))
    assert "is stale (changed: settings) and not used" in job.log
    assert f" 0/{len(RESPONSES)} " in job.log
    assert len(list(killed.folder.glob("checkpoints/*"))) == 1
    assert not read_attempts(killed.kept()).resumed


def batches(count):
    return [
        [Prediction(f"{number}", f"prompt {number}", "5\n\u2028 .", False, 3)]
        for number in range(count)
    ]


@pytest.mark.parametrize("damaged", range(4))
def test_only_batches_before_a_damage_count(damaged, tmp_path):
    finished = FinishedBatches(tmp_path / "batches.jsonl", Prediction)
    assert finished.read() == []
    for number, batch in enumerate(batches(4)):
        finished.add(number, batch)
    assert finished.read() == batches(4)
    lines = finished.path.read_bytes().splitlines(True)
    lines[damaged] = lines[damaged].replace(b"prompt", b"prompf")
    finished.path.write_bytes(b"".join(lines))
    assert finished.read() == batches(damaged)
    finished.add(damaged, batches(4)[damaged])
    assert finished.read() == batches(damaged + 1)


def test_a_batch_out_of_order_does_not_count(tmp_path):
    finished = FinishedBatches(tmp_path / "batches.jsonl", Prediction)
    finished.add(0, batches(1)[0])
    finished.add(2, batches(3)[2])
    assert finished.read() == batches(1)
