"""Fine-tuning and evaluation beside a plain trainer script: speed, losses, accuracies.

    python benchmarks/fine_tuning.py        (make bench)

Both sides take the same base, examples, batch size and number of steps, and the same number of
threads; they alternate, so that a slow minute of the machine meets all of them. With AdamW on
both sides the speeds compare batches and trainer set-up alone; the recipe's own optimiser has a
line of its own. Then a small grid is run end to end (benchmarks/end_to_end.py).
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median
from typing import Annotated

import end_to_end
import plain_trainer
import torch
import typer
from materials import (
    BASES,
    Material,
    Stopwatch,
    base_folder,
    default_study,
    listops,
    print_table,
    quietly,
)

from showhow.answers.parsing import parse_answer
from showhow.evaluation.generation import generate, longest_generation
from showhow.models.loading import Base, load_base
from showhow.models.prompts import text_format
from showhow.recipes.training import TrainingRecipe
from showhow.responses.response import Response
from showhow.training.examples import Collator, Example, tokenise
from showhow.training.trainer import train

MODELS = ("decoder-150k", "t5-190k")
VARIANT = "medium"
LIBRARYS_BATCH = 8  # per_device_eval_batch_size of TrainingArguments
PASSES = 2  # whole passes, so that both sides see every example equally often
WARM_UP_STEPS = 3
PLAIN = "plain trainer, adamw"


@dataclass(frozen=True)
class Trained:
    """A fine-tuned model, what its training took in wall and CPU seconds, and how good it is."""

    base: Base
    seconds: float
    cpu_seconds: float
    loss: float
    accuracy: float


# A side fine-tunes the base in a folder on examples for some steps with a seed.
Side = Callable[[Path, list[Response], int, int], tuple[Base, Stopwatch]]


def ours(recipe: TrainingRecipe) -> Side:
    """The workflow's side, as workflow_scripts/stages/fine_tune.py calls it."""

    def fine_tune(
        folder: Path, responses: list[Response], steps: int, seed: int
    ) -> tuple[Base, Stopwatch]:
        base = load_base(folder)
        with tempfile.TemporaryDirectory() as scratch, quietly(), Stopwatch() as watch:
            examples = tokenise(base, [(r.prompt, r.response) for r in responses])
            train(base, examples, recipe, steps, seed, Path(scratch))
        return base, watch

    return fine_tune


def plain(batch_size: int, rate: float) -> Side:
    """The plain script's side."""

    def fine_tune(
        folder: Path, responses: list[Response], steps: int, seed: int
    ) -> tuple[Base, Stopwatch]:
        model, tokenizer = plain_trainer.load(folder)
        examples = [{"prompt": r.prompt, "response": r.response} for r in responses]
        with quietly(), Stopwatch() as watch:
            plain_trainer.train(model, tokenizer, examples, steps, batch_size, rate, seed)
        encoder_decoder = bool(model.config.is_encoder_decoder)
        text = text_format(tokenizer, encoder_decoder, False)
        return Base(model, tokenizer, encoder_decoder, text), watch

    return fine_tune


def sides_of(recipe: TrainingRecipe, rate: float) -> dict[str, Side]:
    """Name the sides: the plain script, ours with its optimiser, ours with the recipe's."""
    adamw = recipe.model_copy(update={"optimizer": "adamw", "learning_rate": rate})
    return {
        PLAIN: plain(recipe.batch_size, rate),
        "showhow, adamw": ours(adamw),
        f"showhow, {recipe.optimizer} (the recipe)": ours(recipe),
    }


def answers_of_ours(base: Base, responses: list[Response]) -> tuple[list[str], int]:
    """Evaluate as workflow_scripts/stages/predict.py does; return texts and generated tokens."""
    limit = longest_generation(base, [r.response for r in responses])
    problems = [(r.id, r.prompt) for r in responses]
    written = generate(base, problems, default_study().evaluation.batch_size, limit)
    return [p.prediction for p in written], sum(p.generated_tokens for p in written)


def answers_of_plain(
    base: Base, responses: list[Response], batch_size: int | None = None
) -> list[str]:
    """Evaluate as the plain script does, in batches of the same size unless another is given."""
    examples = [{"prompt": r.prompt, "response": r.response} for r in responses]
    limit = plain_trainer.token_limit(base.tokenizer, examples)
    size = batch_size or default_study().evaluation.batch_size
    return plain_trainer.answer(base.model, base.tokenizer, examples, size, limit)


def accuracy(written: list[str], responses: list[Response]) -> float:
    """Give the share of right final answers, parsed as the workflow does."""
    right = [
        parse_answer(text, response.answer_position) == response.answer
        for text, response in zip(written, responses, strict=True)
    ]
    return sum(right) / len(right)


@torch.inference_mode()
def response_loss(base: Base, responses: list[Response]) -> float:
    """Give the mean loss in nats per response token on responses never trained on."""
    base.model.eval()
    examples = tokenise(base, [(r.prompt, r.response) for r in responses])
    collate, total = Collator(base.tokenizer.pad_token_id), 0.0
    for example in examples:
        batch = {key: value.to(base.model.device) for key, value in collate([example]).items()}
        total += base.model(**batch).loss.item() * example.target_tokens
    return total / sum(example.target_tokens for example in examples)


def measure_training(
    folder: Path, sides: dict[str, Side], material: Material, steps: int, rounds: int
) -> dict[str, list[Trained]]:
    """Fine-tune on every side in turn, `rounds` times; the round is the seed."""
    measured: dict[str, list[Trained]] = {name: [] for name in sides}
    for seed in range(rounds + 1):
        for name, side in sides.items():
            base, watch = side(folder, material.train, steps if seed else WARM_UP_STEPS, seed)
            if not seed:
                continue
            with quietly():
                written = (
                    answers_of_plain(base, material.test)
                    if name == PLAIN
                    else answers_of_ours(base, material.test)[0]
                )
            measured[name].append(
                Trained(
                    base,
                    watch.seconds,
                    watch.cpu_seconds,
                    response_loss(base, material.test),
                    accuracy(written, material.test),
                )
            )
    return measured


def measure_evaluation(base: Base, responses: list[Response], rounds: int) -> list[list[str]]:
    """Have one model answer by each evaluation in turn; return the rows of their table."""
    size = default_study().evaluation.batch_size
    same, default = f"plain, batches of {size}", f"plain, batches of {LIBRARYS_BATCH}"
    sides = {
        same: lambda: answers_of_plain(base, responses),
        default: lambda: answers_of_plain(base, responses, LIBRARYS_BATCH),
        f"showhow, batches of {size}": lambda: answers_of_ours(base, responses)[0],
    }
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    answers: dict[str, list[str]] = {}
    with quietly():
        _, tokens = answers_of_ours(base, responses)
        for _ in range(rounds):
            for name, side in sides.items():
                with Stopwatch() as watch:
                    answers[name] = side()
                seconds[name].append(watch.seconds)
    reference = median(seconds[same])
    return [
        [
            name,
            f"{median(taken):.2f}",
            f"{tokens / median(taken):,.0f}",
            f"{reference / median(taken):.2f}",
            f"{accuracy(answers[name], responses):.3f}",
        ]
        for name, taken in seconds.items()
    ]


def matrix_throughput(rows: int, inner: int, columns: int, repeats: int = 7) -> float:
    """Measure fp32 matrix products, in GFLOP/s: the median over `repeats` stretches of 50 ms."""
    first, second = torch.rand(rows, inner), torch.rand(inner, columns)
    flops = 2 * rows * inner * columns
    per_stretch = max(1, round(0.05 * 1e11 / flops))
    rates = []
    for _ in range(repeats):
        with Stopwatch() as watch:
            for _ in range(per_stretch):
                first @ second
        rates.append(per_stretch * flops / watch.seconds / 1e9)
    return median(rates)


def tokens_of(base: Base, examples: list[Example]) -> int:
    """Count the tokens that pass through the model, padding out."""
    return sum(len(e.input_ids) + base.encoder_decoder * len(e.labels) for e in examples)


def training_flops(base: Base, examples: list[Example]) -> float:
    """Count 6 x parameters x tokens; in an encoder-decoder each stack sees its own tokens."""
    model = base.model
    if not base.encoder_decoder:
        return 6.0 * model.num_parameters() * tokens_of(base, examples)
    shared = model.get_input_embeddings().weight.numel()
    encoder = sum(p.numel() for p in model.get_encoder().parameters()) - shared
    decoder = sum(p.numel() for p in model.get_decoder().parameters())
    read = sum(len(example.input_ids) for example in examples)
    written = sum(example.target_tokens for example in examples)
    return 6.0 * (encoder * read + decoder * written)


def training_rows(
    measured: dict[str, list[Trained]], material: Material, peak: float
) -> list[list[str]]:
    """Write the rows of the table of trainings; `peak` is in GFLOP/s."""
    base = measured[PLAIN][0].base
    examples = tokenise(base, [(r.prompt, r.response) for r in material.train])
    tokens, flops = PASSES * tokens_of(base, examples), PASSES * training_flops(base, examples)
    reference = median(trained.seconds for trained in measured[PLAIN])
    rows = []
    for name, trainings in measured.items():
        seconds = median(trained.seconds for trained in trainings)
        rows.append(
            [
                name,
                f"{seconds:.2f}",
                f"{median(trained.cpu_seconds for trained in trainings):.2f}",
                f"{tokens / seconds:,.0f}",
                f"{reference / seconds:.2f}",
                f"{fmean(trained.loss for trained in trainings):.3f}",
                f"{fmean(trained.accuracy for trained in trainings):.3f}",
                f"{flops / seconds / 1e9:.1f}",
                f"{flops / seconds / 1e9 / peak:.1%}",
            ]
        )
    return rows


def compare(model: str, bases: Path, steps: int, rounds: int, test_size: int) -> None:
    """Measure one model and print its two tables."""
    folder = base_folder(bases, model)
    recipe = default_study().training_of(model)
    n_train = steps * recipe.batch_size // PASSES
    material = listops(VARIANT, n_train, test_size)
    rate = end_to_end.ADAMW_RATE[default_study().models[model].family]
    measured = measure_training(folder, sides_of(recipe, rate), material, steps, rounds)
    base = measured[PLAIN][-1].base
    large = matrix_throughput(2048, 2048, 2048)
    width = default_study().models[model].hidden
    own = matrix_throughput(32 * recipe.batch_size, width, 2 * width)
    print_table(
        f"Fine-tuning {model} ({base.model.num_parameters():,} parameters): {steps} steps of "
        f"{recipe.batch_size} {VARIANT} listops examples, {torch.get_num_threads()} thread(s)\n"
        f"Medians of {rounds} alternating rounds; mean loss and accuracy on {test_size} test "
        f"problems\n"
        f"fp32 matrix products: {large:.0f} GFLOP/s (2048 x 2048), {own:.0f} GFLOP/s (the model's "
        f"own shape)",
        (
            "side",
            "seconds",
            "CPU s",
            "tokens/s",
            "speed",
            "test loss",
            "accuracy",
            "GFLOP/s",
            "share",
        ),
        training_rows(measured, material, large),
    )
    print_table(
        f"Evaluating one fine-tuned {model} on {test_size} problems",
        ("side", "seconds", "tokens/s", "speed", "accuracy"),
        measure_evaluation(base, material.test, rounds),
    )


def main(
    model: Annotated[
        list[str] | None, typer.Option(help="Models of config.yaml; a decoder and the T5.")
    ] = None,
    bases: Annotated[Path, typer.Option(help="The folder of the base models.")] = BASES,
    steps: Annotated[int, typer.Option(help="Optimiser steps, an even number.")] = 300,
    rounds: Annotated[int, typer.Option(help="Trainings of every side.")] = 3,
    test_size: int = 300,
    threads: Annotated[int, typer.Option(help="Threads of both sides.")] = 1,
    grid: Annotated[bool, typer.Option(help="Then run the small grid end to end.")] = True,
) -> None:
    """Compare fine-tuning and evaluation with the plain trainer script."""
    print("Comparing with a plain trainer script; some ten minutes on two cores.", flush=True)
    torch.set_num_threads(threads)
    for name in model or MODELS:
        compare(name, bases, steps, rounds, test_size)
    if grid:
        end_to_end.main(bases=bases, steps=steps)


if __name__ == "__main__":
    typer.run(main)
