"""A step of Muon: all matrices of one shape at once in fp32, beside torch's one by one in bf16.

python benchmarks/optimizer.py
"""

import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow_scripts"))

import torch

from showhow.models.ladder import new_model
from showhow.models.tokenizer import ladder_tokenizer
from showhow.recipes.base_models import LadderModel
from showhow.training.muon import Muon

WIDTHS = {"decoder-40k": (32, 2), "decoder-150k": (64, 4), "decoder-600k": (136, 4)}
STEPS = 20
ROUNDS = 5


def matrices_of(width: int, heads: int) -> list[torch.nn.Parameter]:
    """Give the hidden matrices of a decoder of the ladder, with gradients."""
    described = LadderModel(kind="ladder", hidden=width, heads=heads)
    layers = new_model(described, ladder_tokenizer(), seed=0).model.layers
    matrices = [parameter for parameter in layers.parameters() if parameter.ndim == 2]
    for matrix in matrices:
        matrix.grad = torch.randn_like(matrix)
    return matrices


def milliseconds(optimizer: torch.optim.Optimizer) -> float:
    """Measure the CPU time of one step."""
    started = time.process_time()
    for _ in range(STEPS):
        optimizer.step()
    return (time.process_time() - started) / STEPS * 1000


def main() -> None:
    torch.set_num_threads(1)
    print(f"One optimiser step, CPU milliseconds, medians of {ROUNDS} alternating rounds.\n")
    print("| model | torch.optim.Muon, bf16 | in batches, fp32 | speed |\n|---|---|---|---|")
    for model, (width, heads) in WIDTHS.items():
        matrices = matrices_of(width, heads)
        theirs = torch.optim.Muon(matrices, lr=0.02, weight_decay=0.0)
        ours = Muon(matrices, learning_rate=0.02, weight_decay=0.0)
        rounds = [(milliseconds(theirs), milliseconds(ours)) for _ in range(ROUNDS)]
        slow, fast = (median(column) for column in zip(*rounds, strict=True))
        print(f"| {model} | {slow:.1f} | {fast:.1f} | {slow / fast:.1f} |")


if __name__ == "__main__":
    main()
