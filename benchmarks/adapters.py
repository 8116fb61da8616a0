"""A real model on a CPU: what makes training with LoRA, and answering with it, faster.

    python benchmarks/adapters.py --model results/models/NAME

Each side takes the same batches, or answers the same prompts: the base in fp32 and in bf16, logits
for all words at every place or only before the response's tokens, an adapter beside the weights or
merged into them. Seconds are the processor's.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, cast

import torch
import typer
from materials import listops, print_table

from showhow.evaluation.generation import generate
from showhow.models.loading import Base, load_base
from showhow.recipes.training import AdapterRecipe
from showhow.training.adapters import add_adapter
from showhow.training.examples import Collator, tokenise
from showhow.training.losses import with_places

VARIANT = "medium"
Batch = dict[str, Any]


class Side:
    """A model in training: which inputs a batch becomes, what each step took, and its loss."""

    def __init__(self, base: Base, prepared: Callable[[Batch], Batch]):
        self.model, self.prepared = base.model, prepared
        moved = [weight for weight in base.model.parameters() if weight.requires_grad]
        self.optimizer = torch.optim.AdamW(moved, lr=1e-4)
        self.seconds: list[float] = []
        self.losses: list[float] = []

    def step(self, batch: Batch) -> None:
        started = time.process_time()
        loss = self.model(**self.prepared(batch)).loss
        loss.backward()
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.losses.append(loss.item())
        self.seconds.append(time.process_time() - started)


def adapted(folder: Path, bf16: bool) -> Base:
    """Load a base with a fresh adapter, whose own weights peft keeps in fp32."""
    base = load_base(folder)
    if bf16:
        base = replace(base, model=cast(Any, base.model).to(torch.bfloat16))
    base = add_adapter(base, AdapterRecipe(), seed=0)
    base.model.train()
    return base


def everywhere(batch: Batch) -> Batch:
    return batch


def batches_of(base: Base, size: int, count: int) -> list[Batch]:
    responses = listops(VARIANT, size * count, 1).train
    examples = tokenise(base, [(each.prompt, each.response) for each in responses])
    examples.sort(key=lambda example: example.length)
    collate = Collator(base.padding_token)
    return [collate(examples[start : start + size]) for start in range(0, size * count, size)]


def compare_training(folder: Path, size: int, steps: int) -> list[tuple[str, ...]]:
    sides = {
        "fp32, logits everywhere": Side(adapted(folder, False), everywhere),
        "fp32, logits before targets": Side(adapted(folder, False), with_places),
        "bf16, logits everywhere": Side(adapted(folder, True), everywhere),
        "bf16, logits before targets": Side(adapted(folder, True), with_places),
    }
    batches = batches_of(load_base(folder), size, steps + 1)
    for batch in batches:
        for side in sides.values():
            side.step(batch)
    tokens = sum(int(batch["attention_mask"].sum()) for batch in batches[1:])
    rates = {name: tokens / sum(side.seconds[1:]) for name, side in sides.items()}
    slowest = rates["fp32, logits everywhere"]
    return [
        (name, f"{rate:.0f}", f"{rate / slowest:.2f}", f"{sides[name].losses[-1]:.4f}")
        for name, rate in rates.items()
    ]


def compare_answers(folder: Path, problems: int, tokens: int) -> list[tuple[str, ...]]:
    base = adapted(folder, False)
    for name, weight in base.model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.01)
    asked = [(each.id, each.prompt) for each in listops(VARIANT, 1, problems).test]
    rows, answers, rates = [], [], []
    for name in ("an adapter beside the weights", "merged into them"):
        if rows:
            base = replace(base, model=cast(Any, base.model).merge_and_unload())
        started = time.process_time()
        given = generate(base, asked, problems, tokens)
        seconds = time.process_time() - started
        answers.append([each.prediction for each in given])
        rates.append(sum(each.generated_tokens for each in given) / seconds)
        alike = sum(one == other for one, other in zip(answers[0], answers[-1], strict=True))
        cells = f"{rates[-1]:.1f}", f"{rates[-1] / rates[0]:.2f}", f"{alike} of {problems}"
        rows.append((name, *cells))
    return rows


def main(
    model: Annotated[Path, typer.Option(help="A model folder.")],
    batch_size: Annotated[int, typer.Option(help="Examples in a batch.")] = 8,
    steps: Annotated[int, typer.Option(help="Steps that are measured, behind one more.")] = 3,
    problems: Annotated[int, typer.Option(help="Problems that are answered together.")] = 8,
    tokens: Annotated[int, typer.Option(help="Tokens of each answer.")] = 24,
    threads: Annotated[int, typer.Option(help="Threads of torch.")] = 1,
) -> None:
    torch.set_num_threads(threads)
    print_table(
        f"LoRA on {model.name}: {steps} batches of {batch_size} {VARIANT} ListOps examples",
        ("base", "tokens/s", "speed", "last loss"),
        compare_training(model, batch_size, steps),
    )
    print_table(
        f"Answering {problems} problems together, {tokens} tokens each",
        ("side", "tokens/s", "speed", "same answers"),
        compare_answers(model, problems, tokens),
    )


if __name__ == "__main__":
    typer.run(main)
