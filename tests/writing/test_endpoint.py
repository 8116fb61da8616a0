"""Responses by a model behind a real server: what fails is survived, nothing is asked twice."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from faulty_proxy import FaultyProxy

from showhow.base.surroundings import VARIABLE, Surroundings, in_words
from showhow.tasks.problem import Problem, write_problems

SCRIPT = Path(__file__).parents[2] / "workflow_scripts/run.py"
KEY = "sk-this-must-stand-nowhere"
KEY_VARIABLE = "KEY_OF_THE_TEST"
FORM = {"kind": "choice", "choices": "AB", "marker": None}
QUESTIONS = 200
CONCURRENCY = 8
FAULTS = {
    **{9: "busy", 21: "broken", 33: "silence", 45: "dropped", 57: "nonsense"},
    **{150: "busy", 160: "broken", 170: "dropped", 180: "nonsense"},
}


def problem(number: int) -> Problem:
    name = f"train-{number:06d}"
    return Problem(name, "train", f"Question {number} : A or B ?", "AB"[number % 2], (), {}, "")


class Asking:
    """One variant's questions in a folder, asked by the script that the rule runs."""

    def __init__(self, folder: Path, model: Path, url: str, count: int = QUESTIONS, **service):
        self.folder = folder
        self.record = folder / "written/letters.jsonl"
        self.output, self.usage = folder / "results/out.jsonl", folder / "results/usage.json"
        self.log = folder / "log"
        self.count = count
        self.url = url
        self.service = {
            **{"url": url, "key_variable": KEY_VARIABLE, "timeout_seconds": 15},
            **{"concurrency": CONCURRENCY, **service},
        }
        self.writer = {"kind": "endpoint", "model": str(model), "temperature": 1.0}
        write_problems(folder / "problems.jsonl", [problem(number) for number in range(count)])

    def start(self, key: str | None = KEY) -> subprocess.Popen:
        told = {
            "writer_name": "coin",
            "writer": {**self.writer, "max_new_tokens": 6},
            "template": "{question} {ending}",
            "count": self.count,
            "attempts": 4,
            "answer_form": FORM,
        }
        options = {
            "options": json.dumps(told),
            "problems": self.folder / "problems.jsonl",
            "record": self.record,
            "output": self.output,
            "usage": self.usage,
            "cost": self.folder / "results/cost.json",
        }
        around = in_words(Surroundings(services={"coin": self.service}))
        environment = {**os.environ, VARIABLE: around}
        environment.pop(KEY_VARIABLE, None)
        if key is not None:
            environment[KEY_VARIABLE] = key
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                [sys.executable, SCRIPT, "ask_endpoint", *words],
                env=environment,
                stdout=log,
                stderr=log,
            )

    def run(self, key: str | None = KEY) -> int:
        return self.start(key).wait()

    def lines(self) -> list[dict]:
        """Give the record's whole lines."""
        if not self.record.is_file():
            return []
        whole = [line for line in self.record.read_bytes().splitlines(True) if line[-1:] == b"\n"]
        return [json.loads(line) for line in whole]

    def said(self) -> str:
        return self.log.read_text()


def files_with(folder: Path, text: str) -> list[Path]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return [file for file in files if text.encode() in file.read_bytes()]


def test_faults_and_a_kill_are_survived_and_nothing_is_asked_twice(coin, server, tmp_path):
    with FaultyProxy(server, FAULTS) as proxy:
        asking = Asking(tmp_path, coin, proxy.url)
        first = asking.start()
        while len(asking.lines()) < QUESTIONS // 3 and first.poll() is None:
            time.sleep(0.1)
        first.send_signal(signal.SIGKILL)
        first.wait()
        while proxy.under_way:
            time.sleep(0.1)
        before, answered = asking.lines(), proxy.answered.total()
        assert QUESTIONS // 3 <= len(before) < QUESTIONS
        assert not asking.output.exists()
        with open(asking.record, "a") as record:
            record.write('{"key": "half a li')

        assert asking.run() == 0, asking.said()
        lines = asking.lines()
        assert lines[: len(before)] == before
        assert len({line["key"] for line in lines}) == len(lines)
        assert proxy.answered.total() - answered == len(lines) - len(before)
        assert answered <= len(before) + CONCURRENCY
        assert len(proxy.answered) == QUESTIONS
        assert 1 < proxy.most_under_way <= CONCURRENCY + 1  # the one that is given up

        written = [json.loads(line) for line in asking.output.read_text().splitlines()]
        assert [row["id"] for row in written] == [problem(n).id for n in range(QUESTIONS)]
        for number, row in enumerate(written):
            assert row["response"] is None or row["response"].split()[-1] == problem(number).answer
        used = json.loads(asking.usage.read_text())
        assert used["asked"] == QUESTIONS == used["written"] + used["left_out"]
        assert (used["requests"], used["retries"] >= 3) == (len(lines), True)
        assert used["unended"] == sum(not line["reply"]["ended"] for line in lines) >= 2
        assert used["prompt_tokens"] == sum(line["reply"]["prompt_tokens"] for line in lines)

        requests, output = proxy.requests, asking.output.read_bytes()
        assert asking.run() == 0
        assert (proxy.requests, asking.output.read_bytes()) == (requests, output)
        assert proxy.keys == {f"Bearer {KEY}"}
    assert files_with(tmp_path, KEY) == []


def test_a_budget_is_never_exceeded_and_what_was_paid_for_is_kept(coin, server, tmp_path):
    price = {"prompt": 1000.0, "completion": 1000.0}
    with FaultyProxy(server) as proxy:
        asking = Asking(tmp_path, coin, proxy.url, 12, price=price, budget=1.0)
        assert asking.run() == 1
        assert "The budget of 1 is used up" in asking.said()
        assert "Traceback" not in asking.said()
        paid = asking.lines()
        tokens = sum(x["reply"]["prompt_tokens"] + x["reply"]["completion_tokens"] for x in paid)
        assert 0 < tokens / 1000 <= 1.0
        asking.service["budget"] = 100.0
        assert asking.run() == 0
        assert asking.lines()[: len(paid)] == paid
        used = json.loads(asking.usage.read_text())
        tokens = used["prompt_tokens"] + used["completion_tokens"]
        assert used["cost"] == pytest.approx(tokens / 1000)
        assert proxy.requests == len(asking.lines())


def test_the_pace_is_kept_with_repeated_requests_too(coin, server, tmp_path):
    with FaultyProxy(server, {2: "broken"}) as proxy:
        asking = Asking(tmp_path, coin, proxy.url, 5, requests_per_minute=3)
        running = asking.start()
        while proxy.requests < 3 and running.poll() is None:
            time.sleep(0.1)
        time.sleep(2)
        assert proxy.requests == 3
        running.kill()
        running.wait()


@pytest.mark.parametrize(
    ("always", "key", "said"),
    [
        ("", None, f"The environment variable {KEY_VARIABLE} with the key for"),
        ("refused", KEY, f"refuses the key in {KEY_VARIABLE}"),
        ("wrong", KEY, "does not take a request to the model"),
        ("broken", KEY, "did not answer, though asked 2 times"),
        ("dropped", KEY, "did not answer, though asked 2 times"),
    ],
)
def test_an_endpoint_that_refuses_or_stays_away_is_told_in_a_sentence(always, key, said, tmp_path):
    with FaultyProxy(0, always=always) as proxy:
        asking = Asking(tmp_path, Path("a-model"), proxy.url, 3, retries=1)
        assert asking.run(key) == 1
    assert said in asking.said()
    assert "Traceback" not in asking.said()
    assert files_with(tmp_path, KEY) == []
