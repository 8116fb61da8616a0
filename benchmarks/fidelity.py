"""A model folder in the workflow and in plain transformers: the same answers, numbers and losses.

    python benchmarks/fidelity.py --model results/models/NAME

Greedy texts, the perplexities of responses, and the losses of the first steps of a training, of all
weights and with LoRA, are worked out twice: by the stages' own code, and as transformers and peft
are used by hand, one example at a time, from the conversation that the chat template makes.
"""

import copy
import math
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import torch
import typer
from materials import print_table
from peft import LoraConfig, get_peft_model
from torch.nn.functional import cross_entropy
from transformers import AutoModelForCausalLM, AutoTokenizer

from showhow.evaluation.generation import generate
from showhow.models.loading import Base, load_base
from showhow.probes.perplexity import measure_perplexity
from showhow.recipes.training import AdapterRecipe, TrainingRecipe
from showhow.responses.response import Response
from showhow.training.adapters import add_adapter
from showhow.training.examples import tokenise
from showhow.training.optimizers import warm_up_then_cosine
from showhow.training.trainer import train

PAIRS = [
    ("What is 12 + 7?", "12 plus 7 is 19.\nFinal answer: 19"),
    ("Name the capital of France.", "The capital of France is Paris."),
    ("Janet has 3 eggs and sells 2. How many are left?", "3 - 2 = 1 egg is left.\nFinal answer: 1"),
    ("Is a dog an animal?", "Yes, a dog is an animal."),
]
RATE = 1e-4


@dataclass(frozen=True)
class Plain:
    """The folder as transformers is used by hand."""

    model: torch.nn.Module
    tokenizer: object

    def ids(self, prompt: str, response: str | None = None) -> list[int]:
        """Give a prompt's ids, or those of the whole conversation."""
        tokenizer = self.tokenizer
        asked = [{"role": "user", "content": prompt}]
        if tokenizer.chat_template is None:
            ids = tokenizer(f"{prompt}\n{response or ''}").input_ids
            return ids if response is None else [*ids, tokenizer.eos_token_id]
        if response is None:
            return tokenizer.apply_chat_template(asked, add_generation_prompt=True)["input_ids"]
        told = [*asked, {"role": "assistant", "content": response}]
        ids = tokenizer.apply_chat_template(told)["input_ids"]
        return ids[: len(ids) - ids[::-1].index(tokenizer.eos_token_id)]

    def loss(self, prompt: str, response: str, summed: bool = True) -> torch.Tensor:
        """Give the loss on the response's tokens and its end."""
        whole, asked = self.ids(prompt, response), len(self.ids(prompt))
        logits = self.model(torch.tensor([whole])).logits[0, asked - 1 : -1]
        reduction = "sum" if summed else "none"
        return cross_entropy(logits.float(), torch.tensor(whole[asked:]), reduction=reduction)

    def answer(self, prompt: str, tokens: int) -> str:
        asked = self.ids(prompt)
        given = self.model.generate(
            torch.tensor([asked]), max_new_tokens=tokens, do_sample=False, num_beams=1
        )
        return self.tokenizer.decode(given[0, len(asked) :], skip_special_tokens=True)


def plain(folder: Path) -> Plain:
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    return Plain(model, AutoTokenizer.from_pretrained(folder))


def losses_by_hand(own: Plain, steps: int, adapter: bool) -> list[float]:
    """Train on all pairs at once with AdamW, whose rate rises in the first step and then falls."""
    model = copy.deepcopy(own.model)
    if adapter:
        torch.manual_seed(0)
        model = get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", r=8, lora_alpha=16.0))
    model.train()
    moved = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(moved, lr=RATE, weight_decay=0.0)
    counts = [len(own.ids(*pair)) - len(own.ids(pair[0])) for pair in PAIRS]
    losses = []
    for share in shares_of_the_rate(steps):
        for group in optimizer.param_groups:
            group["lr"] = RATE * share
        of_pairs = [Plain(model, own.tokenizer).loss(*pair) for pair in PAIRS]
        loss = torch.stack(of_pairs).sum() / sum(counts)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(moved, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses


def losses_of_workflow(folder: Path, steps: int, adapter: bool) -> list[float]:
    base = load_base(folder)
    examples = tokenise(base, PAIRS)
    if adapter:
        base = add_adapter(base, AdapterRecipe(), seed=0)
    recipe = TrainingRecipe(
        optimizer="adamw", learning_rate=RATE, batch_size=len(PAIRS), precision="fp32"
    )
    with tempfile.TemporaryDirectory() as kept:
        record = train(base, examples, recipe, steps, 0, Path(kept))
    return [loss for _, loss in record.loss_curve]


def shares_of_the_rate(steps: int) -> list[float]:
    """Give the share of the peak rate that the workflow's own schedule has at each step."""
    weight = torch.nn.Parameter(torch.zeros(1))
    schedule = warm_up_then_cosine(torch.optim.SGD([weight], lr=1.0), steps, warmup=1)
    return [schedule.lr_lambdas[0](step) for step in range(steps)]


def compare(folder: Path, tokens: int, steps: int) -> list[tuple[str, str, str]]:
    own, base = plain(folder), load_base(folder)
    with torch.inference_mode():
        answers = [own.answer(prompt, tokens) for prompt, _ in PAIRS]
        perplexities = [math.exp(own.loss(*pair, False)[:-1].mean().item()) for pair in PAIRS]
    rows = [_answers(base, answers, tokens), _perplexities(base, perplexities)]
    for name, adapter in (("all weights", False), ("LoRA", True)):
        by_hand = losses_by_hand(own, steps, adapter)
        ours = losses_of_workflow(folder, steps, adapter)
        apart = max(abs(a - b) / b for a, b in zip(ours, by_hand, strict=True))
        shown = ", ".join(f"{loss:.4f}" for loss in ours)
        rows.append((f"losses of {steps} steps, {name}", shown, f"{apart:.1e}"))
    return rows


def _answers(base: Base, by_hand: list[str], tokens: int) -> tuple[str, str, str]:
    problems = [(str(number), prompt) for number, (prompt, _) in enumerate(PAIRS)]
    ours = [each.prediction for each in generate(base, problems, len(PAIRS), tokens)]
    different = sum(a != b for a, b in zip(ours, by_hand, strict=True))
    return (
        f"greedy texts of {tokens} tokens",
        f"{ours[1][:40]!r} …",
        f"{different} of {len(ours)}",
    )


def _perplexities(base: Base, by_hand: list[float]) -> tuple[str, str, str]:
    responses = [
        Response(
            id=str(number),
            prompt=prompt,
            response=response,
            answer="",
            steps=(),
            answer_position="last",
        )
        for number, (prompt, response) in enumerate(PAIRS)
    ]
    ours = [each.perplexity for each in measure_perplexity(base, responses, len(PAIRS))]
    apart = max(abs(a - b) / b for a, b in zip(ours, by_hand, strict=True))
    return ("perplexities", ", ".join(f"{each:.3f}" for each in ours), f"{apart:.1e}")


def main(
    model: Annotated[Path, typer.Option(help="A model folder.")],
    tokens: Annotated[int, typer.Option(help="Tokens of each answer.")] = 24,
    steps: Annotated[int, typer.Option(help="Steps of each training.")] = 3,
    threads: Annotated[int, typer.Option(help="Threads of torch.")] = 1,
) -> None:
    torch.set_num_threads(threads)
    print_table(
        f"{model} in the workflow, and how far plain transformers is from it",
        ("what", "in the workflow", "largest difference"),
        compare(model, tokens, steps),
    )


if __name__ == "__main__":
    typer.run(main)
