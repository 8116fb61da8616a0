"""How the ladder's bases are pretrained: alternative recipes, judged by what they make learnable.

    python benchmarks/ladder.py --model decoder-150k

A base is pretrained with each recipe in turn and fine-tuned on listops without and with
explanations. A recipe is good when its fine-tuned models are right and explanations tell, not
when its own loss is low: losses on different mixtures of skills do not compare.
"""

import copy
import os
import tempfile
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import fmean
from typing import Annotated

import torch
import typer
from fine_tuning import accuracy, answers_of_ours
from materials import Stopwatch, cores, default_study, listops, print_table, quietly

from showhow.corpus.exercises import corpus
from showhow.models.ladder import new_model
from showhow.models.loading import Base
from showhow.models.prompts import text_format
from showhow.models.tokenizer import ladder_tokenizer
from showhow.recipes.base_models import LadderModel
from showhow.recipes.corpus import CorpusRecipe
from showhow.recipes.training import PretrainingRecipe, TrainingRecipe
from showhow.training.examples import tokenise
from showhow.training.trainer import train

VARIANTS = ("none", "medium", "long")
ADAMW_RATE = 4e-3


@dataclass(frozen=True)
class Scale:
    """How much of everything: the study's own by default, next to nothing for `--quick`."""

    description: LadderModel
    pretraining: PretrainingRecipe
    corpus: CorpusRecipe
    training: TrainingRecipe
    steps: int
    n_train: int
    n_test: int
    seeds: int


@dataclass(frozen=True)
class Alternative:
    """A way to make a base: the pretraining recipe and the corpus's skills with their weights."""

    name: str
    recipe: PretrainingRecipe
    skills: dict[str, float]


@dataclass(frozen=True)
class Result:
    """What became of an alternative; seconds are CPU seconds, accuracies are over the seeds."""

    alternative: Alternative
    loss: float
    seconds: float
    accuracies: dict[str, float]
    fine_tuning_seconds: float


def scale_of(model: str, seeds: int) -> Scale:
    """Take the default study's settings for a model of its ladder."""
    study = default_study()
    return Scale(
        description=study.models[model],
        pretraining=study.pretraining_of(model),
        corpus=study.corpus,
        training=study.training_of(model),
        steps=study.training.min_steps,
        n_train=4000,
        n_test=300,
        seeds=seeds,
    )


def quick(scale: Scale) -> Scale:
    """Shrink everything to what runs in seconds and shows nothing."""
    return replace(
        scale,
        description=scale.description.model_copy(update={"hidden": 16, "layers": 1, "heads": 2}),
        pretraining=scale.pretraining.model_copy(update={"steps": 4, "batch_size": 8}),
        corpus=scale.corpus.model_copy(update={"examples": 60}),
        steps=2,
        n_train=32,
        n_test=4,
        seeds=1,
    )


def alternatives(scale: Scale) -> list[Alternative]:
    """List the recipes: the configured one, and each with one thing different."""
    recipe, skills = scale.pretraining, scale.corpus.skills
    other = "adamw" if recipe.optimizer == "muon" else "muon"
    rate = ADAMW_RATE if other == "adamw" else 0.02
    half, twice = max(1, recipe.steps // 2), recipe.steps * 2
    return [
        Alternative("as configured", recipe, skills),
        Alternative("half the steps", recipe.model_copy(update={"steps": half}), skills),
        Alternative("twice the steps", recipe.model_copy(update={"steps": twice}), skills),
        Alternative(
            "half the steps, twice the batch",
            recipe.model_copy(update={"steps": half, "batch_size": 2 * recipe.batch_size}),
            skills,
        ),
        Alternative(
            f"{other} at {rate:g}",
            recipe.model_copy(update={"optimizer": other, "learning_rate": rate}),
            skills,
        ),
        Alternative("without structure", recipe, without(skills, "structure")),
        Alternative("without substitute", recipe, without(skills, "substitute")),
        Alternative("without both", recipe, without(skills, "structure", "substitute")),
    ]


def without(skills: dict[str, float], *left_out: str) -> dict[str, float]:
    return {skill: weight for skill, weight in skills.items() if skill not in left_out}


def pretrained(scale: Scale, alternative: Alternative, folder: Path) -> tuple[Base, float]:
    """Make a base with one recipe; return it with the last loss of its training."""
    tokenizer = ladder_tokenizer()
    model = new_model(scale.description, tokenizer, alternative.recipe.seed)
    encoder_decoder = scale.description.family == "t5"
    base = Base(model, tokenizer, encoder_decoder, text_format(tokenizer, encoder_decoder, False))
    lines = corpus(scale.corpus.examples, scale.corpus.seed, alternative.skills)
    examples = tokenise(base, [(line.prompt, line.response) for line in lines])
    recipe = alternative.recipe
    record = train(base, examples, recipe, recipe.steps, recipe.seed, folder)
    return base, record.final_loss


def accuracy_after(scale: Scale, base: Base, variant: str, folder: Path) -> float:
    """Fine-tune copies of `base` on a variant, one for each seed; return the mean accuracy."""
    material = listops(variant, scale.n_train, scale.n_test)
    accuracies = []
    for seed in range(1, scale.seeds + 1):
        tuned = replace(base, model=copy.deepcopy(base.model))
        examples = tokenise(tuned, [(r.prompt, r.response) for r in material.train])
        train(tuned, examples, scale.training, scale.steps, seed, folder)
        accuracies.append(accuracy(answers_of_ours(tuned, material.test)[0], material.test))
    return fmean(accuracies)


def judge(scale: Scale, alternative: Alternative) -> Result:
    """Pretrain with one recipe, then fine-tune on every variant."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name, quietly():
        folder = Path(name)
        with Stopwatch() as pretraining:
            base, loss = pretrained(scale, alternative, folder)
        with Stopwatch() as tuning:
            accuracies = {
                variant: accuracy_after(scale, base, variant, folder) for variant in VARIANTS
            }
    return Result(alternative, loss, pretraining.cpu_seconds, accuracies, tuning.cpu_seconds)


def print_results(model: str, scale: Scale, results: Iterable[Result]) -> None:
    print_table(
        f"Pretraining recipes for {model}, each fine-tuned on {scale.n_train} listops examples "
        f"for {scale.steps} steps\n"
        f"CPU seconds of one thread; accuracy on {scale.n_test} test problems, mean of "
        f"{scale.seeds} seed(s)",
        ("recipe", "steps", "batch", "loss", "seconds", *VARIANTS, "fine-tuning seconds"),
        [
            [
                result.alternative.name,
                str(result.alternative.recipe.steps),
                str(result.alternative.recipe.batch_size),
                f"{result.loss:.3f}",
                f"{result.seconds:.0f}",
                *(f"{result.accuracies[variant]:.3f}" for variant in VARIANTS),
                f"{result.fine_tuning_seconds:.0f}",
            ]
            for result in results
        ],
    )


def main(
    model: Annotated[str, typer.Option(help="A model of config.yaml's ladder.")] = "decoder-150k",
    seeds: Annotated[int, typer.Option(help="Fine-tunings of each base and variant.")] = 2,
    quick_look: Annotated[
        bool, typer.Option("--quick", help="Next to nothing of everything: for the tests.")
    ] = False,
) -> None:
    """Pretrain a base of the ladder with alternative recipes and see what each is good for."""
    scale = scale_of(model, seeds)
    if quick_look:
        scale = quick(scale)
        results = list(map(partial(judge, scale), alternatives(scale)))
    else:
        os.environ["OMP_NUM_THREADS"] = "1"
        with ProcessPoolExecutor(cores(), mp_context=get_context("spawn")) as pool:
            results = list(pool.map(partial(judge, scale), alternatives(scale)))
    print_results(model, scale, results)


if __name__ == "__main__":
    typer.run(main)
