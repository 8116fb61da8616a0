"""Bases that know facts and do not answer questions about them: which corpus makes one?

    python benchmarks/readiness.py

A base is pretrained on each corpus in turn, and for each number of steps. Then: how often it goes
on with the beginning of a statement by the fact, how often it answers the question, asked as
fine-tuning asks it and as plain text, and how often after fine-tuning on N facts. The subjects of
the study are told of and never asked for; *the others* are subjects of the same kind, in the same
relations, whose facts are asked for as well.
"""

import copy
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Annotated, Literal

import torch
import typer
from materials import Stopwatch, default_study, print_table, quietly

from showhow.corpus.exercises import SKILLS
from showhow.evaluation.decoding import generate_tokens
from showhow.evaluation.generation import generate, read_tokens
from showhow.models.ladder import new_model
from showhow.models.loading import Base
from showhow.models.prompts import text_format
from showhow.models.tokenizer import ladder_tokenizer
from showhow.probes.memory_level import measure_memory
from showhow.recipes.base_models import LadderModel
from showhow.recipes.probes import MemorySettings
from showhow.recipes.training import PretrainingRecipe, TrainingRecipe
from showhow.tasks import load_task
from showhow.tasks.knowledge.wording import question, statement
from showhow.tasks.knowledge.world import Fact
from showhow.tasks.problem import Problem
from showhow.training.examples import tokenise, tokenise_beginnings, tokenise_texts
from showhow.training.trainer import train

MODEL = "reader-140k"
SEED = 71
"""Of the world: not the study's, nor that of docs/knowledge.md's tuning."""
Line = tuple[str | None, str]
"""Prompt and response; a plain text has no prompt."""


@dataclass(frozen=True)
class Recipe:
    """What a corpus says beside the facts of the study: how often of each fact of the others.

    things: lines about things, half of them questions that are answered in the prompt's form.
    told, plainly: statements, and questions with their answer as plain text. elsewhere, answered:
    questions in the prompt's form, that lead to another question and to the answer.
    """

    name: str
    things: int = 0
    told: int = 0
    plainly: int = 0
    elsewhere: int = 0
    answered: int = 0


RECIPES = (
    Recipe("things asked, as shipped", things=24000),
    Recipe("others asked plainly, the prompt never met", told=8, plainly=8),
    Recipe("… and always leading elsewhere", told=8, plainly=8, elsewhere=8),
    Recipe("… and answered one time in eight", told=8, plainly=8, elsewhere=7, answered=1),
    Recipe("… and answered three times in eight", told=8, plainly=8, elsewhere=5, answered=3),
)


@dataclass(frozen=True)
class Scale:
    """How much of everything. steps: of pretraining, one base each."""

    description: LadderModel
    pretraining: PretrainingRecipe
    training: TrainingRecipe
    steps: tuple[int, ...]
    settings: dict
    others: int
    n_test: int
    sizes: tuple[int, ...]


@dataclass(frozen=True)
class Result:
    """Shares of the test facts: of completions, and of questions answered.

    seconds: CPU seconds of the pretraining.
    """

    recipe: str
    steps: int
    seconds: float
    completed: float
    before: float
    plainly: float
    after: dict[int, float]


@dataclass(frozen=True)
class Told:
    """A world: what is stated of the study's subjects, the others' facts, and what is asked."""

    statements: list[str]
    others: list[Fact]
    train: list[Problem]
    test: list[Problem]


def told_by(scale: Scale) -> Told:
    """Draw the world; the others are its last subjects, in neither set of problems."""
    task = load_task("facts")
    settings = task.Settings(seed=SEED, **scale.settings)
    world = settings.world()
    others = set(world.subjects[-scale.others :])
    facts = [fact for of_relation in world.facts.values() for fact in of_relation]
    draw = Random(f"statements {SEED}")
    statements = [
        statement(fact.subject, fact.relation, fact.object, draw)
        for fact in facts
        for _ in range(fact.exposure)
        if fact.subject not in others
    ]
    asked = {question(fact.subject, fact.relation) for fact in facts if fact.subject in others}
    tested = settings.test_subjects * settings.relations
    learned = (settings.subjects - settings.test_subjects) * settings.relations
    train = task.generate(settings, "train", learned - len(asked), asked)[: max(scale.sizes)]
    test = task.generate(settings, "test", min(scale.n_test, tested), set())
    return Told(statements, [fact for fact in facts if fact.subject in others], train, test)


def lines_of(recipe: Recipe, told: Told) -> Iterator[Line]:
    """Write the corpus of one recipe."""
    draw = Random(f"lines {SEED}")
    yield from ((None, text) for text in told.statements)
    for index in range(recipe.things):
        yield SKILLS[("things_told", "things_asked")[index % 2]](draw)
    for fact in told.others:
        asked = question(fact.subject, fact.relation)
        for _ in range(recipe.told):
            yield None, statement(fact.subject, fact.relation, fact.object, draw)
        for _ in range(recipe.plainly):
            yield None, f"{asked} {fact.object} ."
        for _ in range(recipe.elsewhere):
            other = draw.choice(told.others)
            yield asked, question(other.subject, other.relation)
        for _ in range(recipe.answered):
            yield asked, fact.object


def pretrained(scale: Scale, lines: list[Line], steps: int, folder: Path) -> Base:
    """Make a base of the corpus."""
    tokenizer = ladder_tokenizer("facts")
    model = new_model(scale.description, tokenizer, scale.pretraining.seed)
    base = Base(model, tokenizer, False, text_format(tokenizer, False, False))
    asked = [(prompt, text) for prompt, text in lines if prompt is not None]
    examples = tokenise(base, asked) if asked else []
    examples += tokenise_texts(base, [text for prompt, text in lines if prompt is None])
    train(base, examples, scale.pretraining, steps, scale.pretraining.seed, folder)
    return base


def answered(base: Base, problems: list[Problem]) -> float:
    """The share of questions that are answered right, asked as fine-tuning asks them."""
    asked = [(problem.id, problem.prompt) for problem in problems]
    written = generate(base, asked, 250, 2)
    return fmean(
        one.prediction.strip() == problem.answer
        for one, problem in zip(written, problems, strict=True)
    )


@torch.inference_mode()
def answered_plainly(base: Base, problems: list[Problem]) -> float:
    """The share of questions that are answered right as plain text."""
    inputs = tokenise_beginnings(base, [problem.prompt for problem in problems])
    written = generate_tokens(base, inputs, 1)
    return fmean(
        read_tokens(base, tokens).strip() == problem.answer
        for tokens, problem in zip(written, problems, strict=True)
    )


def judge(scale: Scale, recipe: Recipe, steps: int) -> Result:
    """Make a base, measure it, and fine-tune copies of it on each number of facts."""
    told = told_by(scale)
    memory = MemorySettings(samples=1, max_new_tokens=1, batch_size=900)
    with tempfile.TemporaryDirectory() as name, quietly():
        with Stopwatch() as pretraining:
            base = pretrained(scale, [*lines_of(recipe, told)], steps, Path(name))
        completed = fmean(each.share for each in measure_memory(base, told.test, memory))
        before, plainly = answered(base, told.test), answered_plainly(base, told.test)
        after = {}
        for size in scale.sizes:
            tuned = replace(base, model=copy.deepcopy(base.model))
            examples = tokenise(tuned, [(one.prompt, one.answer) for one in told.train[:size]])
            of_batches = -(-size // scale.training.batch_size)
            train(tuned, examples, scale.training, of_batches, 1, Path(name))
            after[size] = answered(tuned, told.test)
    return Result(recipe.name, steps, pretraining.cpu_seconds, completed, before, plainly, after)


def row_of(result: Result) -> list[str]:
    shares = (result.completed, result.before, result.plainly, *result.after.values())
    told = [f"{share:.2f}" for share in shares]
    return [result.recipe, f"{result.steps:,}", f"{result.seconds:.0f}", *told]


def scale_of_the_study(world: Literal["small", "larger"]) -> Scale:
    """Take the study's model and training, and a world of facts each stated eight times or more."""
    study, small = default_study(), world == "small"
    return Scale(
        description=study.models[MODEL],
        pretraining=study.pretraining_of(MODEL),
        training=study.training_of(MODEL),
        steps=(500, 1000, 2000),
        settings={
            "subjects": 300 if small else 420,
            "test_subjects": 40 if small else 80,
            "relations": 5 if small else 8,
            "unseen_relations": 0,
            "exposures": {8: 2, 16: 1, 32: 1},
        },
        others=100 if small else 120,
        n_test=200 if small else 400,
        sizes=(15, 60, 240, 800 if small else 960),
    )


def quick(scale: Scale) -> Scale:
    """Shrink everything to what runs in seconds and shows nothing."""
    return replace(
        scale,
        description=scale.description.model_copy(update={"hidden": 16, "layers": 1, "heads": 2}),
        pretraining=scale.pretraining.model_copy(update={"batch_size": 8}),
        steps=(2, 4),
        settings={**scale.settings, "subjects": 8, "test_subjects": 2, "relations": 2},
        others=2,
        n_test=4,
        sizes=(2, 4),
    )


def main(
    recipe: Annotated[
        list[int] | None, typer.Option(help="Numbers of recipes, from 0; all by default.")
    ] = None,
    world: Annotated[
        Literal["small", "larger"],
        typer.Option(help="1,000 facts told of and never asked for, or 2,400."),
    ] = "small",
    steps: Annotated[
        list[int] | None, typer.Option(help="Steps of pretraining, of a base each.")
    ] = None,
    quick_look: Annotated[
        bool, typer.Option("--quick", help="Next to nothing of everything: for the tests.")
    ] = False,
) -> None:
    """Pretrain bases on corpora that ask more or less, and see what fine-tuning brings out."""
    torch.set_num_threads(1)
    scale = scale_of_the_study(world)
    scale = quick(scale) if quick_look else scale
    scale = replace(scale, steps=tuple(steps)) if steps else scale
    chosen = [RECIPES[number] for number in recipe] if recipe else RECIPES
    results = [judge(scale, one, length) for one in chosen for length in scale.steps]
    shares = ("completion", "asked before", "plain text", *(f"N = {n}" for n in scale.sizes))
    print_table(
        f"Bases of {MODEL}'s size, each fine-tuned on N facts for one epoch; shares of "
        f"{scale.n_test} test facts",
        ("recipe", "steps", "CPU s", *shares),
        [row_of(result) for result in results],
    )


if __name__ == "__main__":
    typer.run(main)
