"""GPUs without a scheduler: real processes ask for devices, each gets its own."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from itertools import combinations

import pytest

from showhow.jobs.devices import devices_of_this_machine
from started_jobs import SCRIPTS

# Asks for devices, says which it got and when, and holds them until a line (or the end) comes in.
JOB = """
import json, os, sys, time
from pathlib import Path
from showhow.jobs import devices
devices.folder_of_locks = lambda: Path(sys.argv[2])
devices.take_gpus(int(sys.argv[1]))
print(json.dumps({"gpus": os.environ.get("CUDA_VISIBLE_DEVICES"), "from": time.monotonic()}))
sys.stdout.flush()
# then
sys.stdin.readline()
print(json.dumps({"until": time.monotonic()}))
"""


class Jobs:
    """Starts jobs that ask for devices out of a list."""

    def __init__(self, folder, visible):
        self.folder = folder
        self.environment = {**os.environ, "PYTHONPATH": str(SCRIPTS)}
        self.environment.pop("SHOWHOW_GPUS_ASSIGNED", None)
        self.environment["CUDA_VISIBLE_DEVICES"] = visible

    def start(self, count, then="", **environment):
        return subprocess.Popen(
            [sys.executable, "-c", JOB.replace("# then", then), str(count), str(self.folder)],
            env=self.environment | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


def got(job):
    return json.loads(job.stdout.readline())["gpus"]


def let_go(job):
    said, _ = job.communicate("\n", timeout=60)
    return said


@pytest.fixture
def jobs(tmp_path):
    return Jobs(tmp_path / "locks", "4,GPU-7f")


def test_two_jobs_get_two_devices_and_the_third_the_one_that_is_free_first(jobs):
    first, second = jobs.start(1), jobs.start(1)
    devices = {got(first), got(second)}
    assert devices == {"4", "GPU-7f"}
    third = jobs.start(1)
    let_go(second)
    freed = got(third)
    assert freed in devices
    let_go(first)
    let_go(third)


def test_a_killed_job_frees_its_device(jobs):
    holders = [jobs.start(1), jobs.start(1)]
    held = {got(job): job for job in holders}
    held["4"].send_signal(signal.SIGKILL)
    held["4"].wait()
    successor = jobs.start(1)
    assert got(successor) == "4"
    let_go(held["GPU-7f"])
    let_go(successor)


def test_what_a_job_becomes_has_its_device_still(jobs):
    becomes = ["-c", "print(flush=True); input()"]
    job = jobs.start(1, then=f"os.execv(sys.executable, [sys.executable, *{becomes}])")
    assert got(job) == "4"
    job.stdout.readline()
    other = jobs.start(1)
    assert got(other) == "GPU-7f"
    let_go(job)
    let_go(other)


def test_a_job_may_ask_for_several_devices(jobs):
    job = jobs.start(2)
    assert got(job) == "4,GPU-7f"
    let_go(job)


def test_a_job_gets_what_there_is_when_it_asks_for_more(jobs):
    job = jobs.start(3)
    assert got(job) == "4,GPU-7f"
    let_go(job)


def test_no_device_is_held_twice_at_a_time_whoever_asks_for_how_many(tmp_path):
    crowd = Jobs(tmp_path / "locks", "0,1,2")
    started = [crowd.start(1 + number % 2) for number in range(10)]
    for job in started:
        job.stdin.write("\n")
        job.stdin.flush()
    spans = []
    for job in started:
        lines = [json.loads(line) for line in let_go(job).splitlines()]
        spans.append((set(lines[0]["gpus"].split(",")), lines[0]["from"], lines[1]["until"]))
    assert Counter(len(gpus) for gpus, _, _ in spans) == {1: 5, 2: 5}
    for (gpus, begin, end), (others, other_begin, other_end) in combinations(spans, 2):
        if begin < other_end and other_begin < end:
            assert gpus.isdisjoint(others)


def test_what_a_scheduler_has_chosen_stays(jobs):
    holders = [jobs.start(1, SHOWHOW_GPUS_ASSIGNED="yes") for _ in range(2)]
    assert [got(job) for job in holders] == ["4,GPU-7f"] * 2
    for job in holders:
        let_go(job)


def test_a_job_without_gpus_takes_none(jobs):
    first = jobs.start(0)
    assert got(first) == "4,GPU-7f"
    second = jobs.start(2)
    assert got(second) == "4,GPU-7f"
    let_go(first)
    let_go(second)


@pytest.mark.parametrize(
    ("visible", "devices"), [("", []), ("-1", []), ("1, 3", ["1", "3"]), ("GPU-a", ["GPU-a"])]
)
def test_the_devices_are_those_that_the_user_lets_be_seen(monkeypatch, visible, devices):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    assert devices_of_this_machine() == devices


def test_without_a_choice_the_devices_are_all_of_the_machine(monkeypatch):
    import torch

    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert devices_of_this_machine() == ["0", "1"]
