"""fp32 against bf16 autocast: seconds of an optimiser step, for the ladder's decoders.

    python benchmarks/precision.py

Two copies of a model take the same batches in turn, one in each precision, so that a slow moment
of the machine meets both.
"""

import time
from statistics import fmean, median
from typing import Annotated

import torch
import typer
from materials import default_study, listops, print_table

from showhow.models.ladder import new_model
from showhow.models.loading import Base
from showhow.models.prompts import text_format
from showhow.models.tokenizer import ladder_tokenizer
from showhow.recipes.base_models import LadderModel
from showhow.training.batches import length_bucketed_batches
from showhow.training.examples import Collator, tokenise
from showhow.training.optimizers import make_optimizer

VARIANT = "medium"
WARM_UP_STEPS = 3


class Side:
    """A model in training in one precision: what each step took, and its loss."""

    def __init__(self, model: torch.nn.Module, optimizer: torch.optim.Optimizer, bf16: bool):
        self.model, self.optimizer, self.bf16 = model, optimizer, bf16
        self.seconds: list[float] = []
        self.losses: list[float] = []

    def step(self, batch: dict[str, torch.Tensor]) -> None:
        device = next(self.model.parameters()).device.type
        started = time.perf_counter()
        with torch.autocast(device, torch.bfloat16, enabled=self.bf16):
            loss = self.model(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.losses.append(loss.item())
        self.seconds.append(time.perf_counter() - started)


def batches_of(base: Base, batch_size: int, steps: int) -> list[dict[str, torch.Tensor]]:
    """Collate the batches that a training of so many steps would see."""
    material = listops(VARIANT, max(64, batch_size * 10), 1)
    examples = tokenise(base, [(r.prompt, r.response) for r in material.train])
    lengths = [example.length for example in examples]
    collate = Collator(base.tokenizer.pad_token_id)
    chosen = length_bucketed_batches(lengths, batch_size, steps, seed=0)
    return [collate([examples[index] for index in batch]) for batch in chosen]


def compare(model: str, batch_size: int, steps: int) -> list[str]:
    """Train a model of the ladder from random weights in both precisions; return its row."""
    description = default_study().models[model]
    sides = []
    for bf16 in (False, True):
        base = fresh_base(description)
        base.model.train()
        optimizer = make_optimizer(base.model, default_study().training_of(model))
        sides.append(Side(base.model, optimizer, bf16))
    for batch in batches_of(base, batch_size, steps + WARM_UP_STEPS):
        for side in sides:
            side.step(batch)
    fp32, bf16 = (1000 * median(side.seconds[WARM_UP_STEPS:]) for side in sides)
    losses = [f"{fmean(side.losses[-10:]):.3f}" for side in sides]
    parameters = f"{base.model.num_parameters():,}"
    return [model, parameters, f"{fp32:.1f}", f"{bf16:.1f}", f"{fp32 / bf16:.2f}", *losses]


def fresh_base(description: LadderModel) -> Base:
    tokenizer = ladder_tokenizer()
    model = new_model(description, tokenizer, seed=0)
    return Base(model, tokenizer, False, text_format(tokenizer, False, False))


def decoders() -> list[str]:
    """Name the default study's decoders that differ in size."""
    models = default_study().models.items()
    sized = [(n, m) for n, m in models if m.family == "decoder" and m.start == "pretrained"]
    return [n for n, m in sized if m.corpus is None]


def main(
    steps: int = 60,
    batch_size: Annotated[
        list[int] | None,
        typer.Option(help="Examples per step; the recipe's, and 8 times it."),
    ] = None,
    threads: int = 1,
) -> None:
    """Compare the two number formats on this machine."""
    torch.set_num_threads(threads)
    own = default_study().training.batch_size
    for size in batch_size or (own, 8 * own):
        print_table(
            f"Steps of {size} {VARIANT} listops examples, {threads} thread(s), medians of {steps} "
            f"alternating steps\nGain: how much faster bf16 autocast is; losses are means of the "
            f"last ten steps",
            ("model", "parameters", "fp32 ms", "bf16 ms", "gain", "fp32 loss", "bf16 loss"),
            [compare(model, size, steps) for model in decoders()],
        )


if __name__ == "__main__":
    typer.run(main)
