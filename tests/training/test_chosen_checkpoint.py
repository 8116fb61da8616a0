"""A run keeps the checkpoint that answers best, and chooses the same one when it was killed."""

import json
import random
import signal
from pathlib import Path

import pytest
from safetensors.torch import load_file
from small_runs import copied_numbers, fine_tuning, result

from showhow.base.rows import write_jsonl
from showhow.models.loading import save_base
from showhow.training.budget import asked_after
from small_models import ladder_base
from started_jobs import Jobs, after

RECIPES = {
    "whole": {"optimizer": "muon", "learning_rate": 0.02},
    "adapter": {
        "optimizer": "adamw",
        "learning_rate": 0.02,
        "adapter": {"rank": 8, "dropout": 0.1, "targets": ["q_proj", "v_proj", "up_proj"]},
    },
}
STEPS, EVERY, PROBLEMS = 60, 7, 16
SETTINGS = {"batch_size": 5, "max_new_tokens": 12}


@pytest.fixture(scope="module")
def materials(tmp_path_factory):
    """A base, responses to learn from, and validation problems that are none of them."""
    folder = tmp_path_factory.mktemp("materials")
    save_base(ladder_base("decoder", hidden=32), folder / "base")
    write_jsonl(folder / "responses.jsonl", copied_numbers(lambda digit: 1))
    asked = [
        {**row, "id": f"validation-{n:06d}", "prompt": f"copy [ {row['answer']} {n % 10} ]"}
        for n, row in enumerate(copied_numbers(lambda digit: 1)[:PROBLEMS])
    ]
    write_jsonl(folder / "validation-responses.jsonl", asked)
    problem = {"split": "validation", "steps": [], "groups": {"length": 4}, "last_operand": ""}
    problems = [
        {"id": row["id"], "prompt": row["prompt"], "answer": row["answer"], **problem}
        for row in asked
    ]
    write_jsonl(folder / "validation.jsonl", problems)
    return folder


def command_of(materials: Path, recipe: dict, every=EVERY, seconds=1000.0) -> list[str]:
    """Give the command line of a run whose checkpoint is chosen; last answers are numbers."""
    recipe = {"min_steps": STEPS, **recipe}
    *words, options = fine_tuning(
        materials / "base", materials / "responses.jsonl", recipe, seconds
    )
    name, _, told = options.partition("=")
    form = {"kind": "pattern", "pattern": "[0-9]", "marker": None}
    choosing = {"every": every, "settings": SETTINGS, "answer_form": form}
    return [
        *words,
        f"--validation={materials}/validation.jsonl",
        f"--validation-responses={materials}/validation-responses.jsonl",
        f"{name}={json.dumps({**json.loads(told), 'choosing': choosing})}",
    ]


@pytest.fixture(scope="module")
def undisturbed(materials, tmp_path_factory):
    """Give the folder of a run that nobody killed; each made once."""
    made = {}

    def of(name: str) -> Path:
        if name not in made:
            folder = tmp_path_factory.mktemp("undisturbed")
            job = Jobs(folder).run(*command_of(materials, RECIPES[name]))
            assert job.status == 0, job.log
            made[name] = folder / "run"
        return made[name]

    return of


def record_of(run: Path) -> dict:
    return json.loads((run / "train.json").read_text())


def weights_of(run: Path) -> dict:
    (file,) = (run / "model").glob("*.safetensors")
    return load_file(file)


@pytest.mark.parametrize("name", RECIPES)
def test_the_most_accurate_checkpoint_is_kept_and_told_of(name, undisturbed):
    record = record_of(undisturbed(name))
    chosen, asked = record["chosen"], dict(map(tuple, record["chosen"]["asked"]))
    assert list(asked) == [*range(EVERY, STEPS, EVERY), STEPS]
    assert record["steps"] == STEPS and chosen["n_test"] == PROBLEMS
    assert len(set(asked.values())) > 1, "all checkpoints do alike: nothing is chosen here"
    best = max(asked.values())
    assert chosen["accuracy"] == best
    assert chosen["step"] == min(step for step, right in asked.items() if right == best)


@pytest.mark.parametrize("name", RECIPES)
def test_what_is_kept_are_the_weights_of_the_chosen_step(name, undisturbed, materials, tmp_path):
    """Asked after that step alone, a run has nothing else to keep than after being cut there."""
    chosen = record_of(undisturbed(name))["chosen"]
    last_only = Jobs(tmp_path / "last")
    command = command_of(materials, RECIPES[name], every=chosen["step"])
    assert last_only.run(*command).status == 0
    again = record_of(last_only.folder / "run")["chosen"]
    kept, other = weights_of(undisturbed(name)), weights_of(last_only.folder / "run")
    assert again["asked"][0] == [chosen["step"], chosen["accuracy"]]
    assert again["step"] == chosen["step"]
    assert all((kept[key] == other[key]).all() for key in kept)


def test_asking_changes_nothing_of_the_training(undisturbed, materials, tmp_path):
    """The loss curve of a run that is asked is that of one which is asked at its end alone."""
    seldom = Jobs(tmp_path)
    assert seldom.run(*command_of(materials, RECIPES["adapter"], every=STEPS)).status == 0
    curve = record_of(seldom.folder / "run")["loss_curve"]
    assert curve == record_of(undisturbed("adapter"))["loss_curve"]


@pytest.mark.parametrize("name", RECIPES)
def test_killed_at_any_moment_it_keeps_the_same_bytes(name, undisturbed, materials, tmp_path):
    jobs, chance = Jobs(tmp_path), random.Random(name)
    command = command_of(materials, RECIPES[name], seconds=0.05)
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
        before = jobs.newest_step()
        moment, wait = jobs.newest_step, after(chance.uniform(0, 0.3))

        def later(before=before, moment=moment, wait=wait) -> bool:
            return moment() > before and wait()

        ended = jobs.kill(number, later, *command)
        if ended.status == 0:
            break
    else:
        ended = jobs.run(*command)
    assert ended.status == 0, ended.log
    assert result(jobs.folder / "run") == result(undisturbed(name))


def test_a_stop_while_it_is_asked_loses_no_answer(undisturbed, materials, tmp_path):
    jobs = Jobs(tmp_path)
    command = command_of(materials, RECIPES["whole"])

    def asked() -> bool:
        kept = jobs.kept()
        return kept is not None and any(kept.glob("asked-*"))

    stopped = jobs.kill(signal.SIGTERM, asked, *command)
    assert stopped.status == 143, stopped.log
    ended = jobs.run(*command)
    assert ended.status == 0 and "Going on from" in ended.log
    assert result(jobs.folder / "run") == result(undisturbed("whole"))


@pytest.mark.parametrize(
    "every, steps, examples, batch_size, expected",
    [
        (10, 30, 50, 8, [10, 20, 30]),
        (10, 25, 50, 8, [10, 20, 25]),
        (100, 25, 50, 8, [25]),
        (1, 3, 50, 8, [1, 2, 3]),
        ("epoch", 25, 50, 10, [5, 10, 15, 20, 25]),
        ("epoch", 19, 50, 8, [7, 13, 19]),
        ("epoch", 4, 5, 8, [1, 2, 3, 4]),
        ("epoch", 2, 50, 8, [2]),
    ],
)
def test_when_a_run_is_asked(every, steps, examples, batch_size, expected):
    assert asked_after(every, steps, examples, batch_size) == expected
