"""A run keeps the checkpoint that answers best, and chooses the same one when it was killed."""

import json
import random
import signal
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import pytest
import torch
from small_runs import copied_numbers, fine_tuning, result

from showhow.base.rows import write_jsonl
from showhow.evaluation.validation import Choosing, Validation
from showhow.models.loading import Base, load_base, save_base
from showhow.recipes.training import TrainingRecipe
from showhow.responses.response import Response
from showhow.tasks.problem import Problem
from showhow.training.adapters import add_adapter
from showhow.training.budget import asked_after
from showhow.training.checkpoints import StopRequest
from showhow.training.chosen_checkpoint import AskAtStepEnd, ChosenCheckpoint
from showhow.training.examples import tokenise
from showhow.training.trainer import TrainingRecord, train
from small_models import ladder_base
from started_jobs import Jobs, after

ADAPTER = {"rank": 8, "dropout": 0.1, "targets": ["q_proj", "v_proj", "up_proj"]}
RECIPES = {
    "whole": {"optimizer": "muon", "learning_rate": 0.02},
    "adapter": {"optimizer": "adamw", "learning_rate": 0.05, "adapter": ADAPTER},
}
STEPS, EVERY, SEED = 60, 7, 3
FORM = {"kind": "pattern", "pattern": "[0-9]", "marker": None}
SETTINGS = {"batch_size": 5, "max_new_tokens": 12}
LEARNED = copied_numbers(lambda digit: 1)
PROBLEMS = [
    Problem(
        f"validation-{n:06d}",
        "validation",
        f"copy [ {row['answer']} {9 - n % 10} ]",
        f"{9 - n % 10}",
        (),
        {"length": 4},
        "",
    )
    for n, row in enumerate(LEARNED[:16])
]
ANSWERS = [Response(one.id, one.prompt, "0 0 .", one.answer, (), "last") for one in PROBLEMS]


@dataclass
class Trained:
    """A run that is done, in this process."""

    base: Base
    record: TrainingRecord
    chosen: ChosenCheckpoint

    @property
    def weights(self) -> list[torch.Tensor]:
        return [weight.detach() for weight in self.base.model.parameters() if weight.requires_grad]


@pytest.fixture(scope="module")
def base_folder(tmp_path_factory):
    """A base that has learned a little of the task."""
    folder = tmp_path_factory.mktemp("base")
    base = ladder_base("decoder", hidden=32)
    recipe = TrainingRecipe(batch_size=16, optimizer="muon", learning_rate=0.02)
    train(base, examples_for(base), recipe, 30, 0, folder / "work")
    save_base(base, folder / "base")
    return folder / "base"


def examples_for(base: Base) -> list:
    return tokenise(base, [(row["prompt"], row["response"]) for row in LEARNED])


def asking(base: Base) -> Validation:
    told = Choosing.model_validate({"every": EVERY, "settings": SETTINGS, "answer_form": FORM})
    return Validation(base, PROBLEMS, ANSWERS, told, False, SEED)


def prepared(folder: Path, name: str) -> tuple[Base, TrainingRecipe]:
    recipe = TrainingRecipe(batch_size=8, **RECIPES[name])
    base = load_base(folder)
    return (add_adapter(base, recipe.adapter, SEED) if recipe.adapter else base), recipe


@pytest.fixture(scope="module")
def trained(base_folder, tmp_path_factory):
    """Give a run that is asked after some steps; each made once."""
    made: dict[tuple, Trained] = {}

    def of(name: str, *asked: int) -> Trained:
        if (name, asked) not in made:
            base, recipe = prepared(base_folder, name)
            chosen = ChosenCheckpoint(asking(base), asked)
            folder = tmp_path_factory.mktemp("run")
            record = train(base, examples_for(base), recipe, STEPS, SEED, folder, chosen=chosen)
            made[name, asked] = Trained(base, record, chosen)
        return made[name, asked]

    return of


OFTEN = (*range(EVERY, STEPS, EVERY), STEPS)


@pytest.mark.parametrize("name", RECIPES)
def test_the_most_accurate_checkpoint_is_kept_the_earliest_of_equal_ones(name, trained):
    record = trained(name, *OFTEN).chosen.record()
    asked = dict(record["asked"])
    assert tuple(asked) == OFTEN and record["n_test"] == len(PROBLEMS)
    assert len(set(asked.values())) > 1, "all checkpoints do alike: nothing is chosen here"
    assert record["accuracy"] == max(asked.values())
    assert record["step"] == min(step for step in asked if asked[step] == record["accuracy"])


@pytest.mark.parametrize("name", RECIPES)
def test_what_is_kept_are_the_weights_of_the_chosen_step(name, trained):
    """They answer as they did then, and are those of a run that is asked at that step alone."""
    run = trained(name, *OFTEN)
    step, accuracy = run.chosen.best.step, run.chosen.best.accuracy
    then = trained(name, step)
    assert [(one.step, one.accuracy) for one in then.chosen.asked] == [(step, accuracy)]
    assert all(map(torch.equal, run.weights, then.weights))
    if step < STEPS:
        assert not all(map(torch.equal, run.weights, trained(name, STEPS).weights))


@pytest.mark.parametrize("name", RECIPES)
def test_asking_changes_nothing_of_the_training(name, trained):
    assert trained(name, *OFTEN).record == trained(name, STEPS).record


def test_a_stop_while_it_is_asked_keeps_the_answers_and_is_heeded_at_once(base_folder, tmp_path):
    base, _ = prepared(base_folder, "whole")
    chosen = ChosenCheckpoint(asking(base), [EVERY])
    stop = StopRequest(signal.SIGTERM)
    asked = AskAtStepEnd(chosen, base.model, tmp_path, stop)
    asked.ask_after(EVERY)
    (kept,) = tmp_path.glob("asked-*")
    assert len(kept.read_text().splitlines()) == 1 and chosen.is_due(EVERY)
    stop.signal = None
    asked.ask_after(EVERY)
    undisturbed = asking(base)(EVERY + 1, tmp_path, StopRequest())
    assert chosen.asked == [replace(undisturbed, step=EVERY)] and not chosen.is_due(EVERY)


def command_of(base: Path, folder: Path, seconds: float) -> list[str]:
    """Give the command line of a run whose checkpoint is chosen."""
    write_jsonl(folder / "responses.jsonl", LEARNED)
    write_jsonl(folder / "validation.jsonl", [asdict(one) for one in PROBLEMS])
    write_jsonl(folder / "validation-responses.jsonl", [asdict(one) for one in ANSWERS])
    recipe = {"min_steps": STEPS, **RECIPES["adapter"]}
    *words, options = fine_tuning(base, folder / "responses.jsonl", recipe, seconds)
    name, _, told = options.partition("=")
    choosing = {"every": EVERY, "settings": SETTINGS, "answer_form": FORM}
    return [
        *words,
        f"--validation={folder}/validation.jsonl",
        f"--validation-responses={folder}/validation-responses.jsonl",
        f"{name}={json.dumps({**json.loads(told), 'choosing': choosing})}",
    ]


def test_killed_at_any_moment_it_keeps_the_same_bytes(base_folder, tmp_path_factory):
    undisturbed = Jobs(tmp_path_factory.mktemp("undisturbed"))
    job = undisturbed.run(*command_of(base_folder, undisturbed.folder, seconds=1000))
    assert job.status == 0, job.log
    jobs, chance = Jobs(tmp_path_factory.mktemp("killed")), random.Random(0)
    command = command_of(base_folder, jobs.folder, seconds=0.02)

    def later(before: int, wait) -> bool:
        return jobs.newest_step() > before and wait()

    for number in (signal.SIGKILL, signal.SIGTERM):
        moment = partial(later, jobs.newest_step(), after(chance.uniform(0, 0.2)))
        killed = jobs.kill(number, moment, *command)
        assert killed.status != 0, "It was never killed: too few steps for this machine."
    ended = jobs.run(*command)
    assert ended.status == 0, ended.log
    assert result(jobs.folder / "run") == result(undisturbed.folder / "run")
    record = json.loads((jobs.folder / "run/train.json").read_text())
    assert [step for step, _ in record["chosen"]["asked"]] == [*OFTEN]


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
