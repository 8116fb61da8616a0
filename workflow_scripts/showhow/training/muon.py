"""Muon (Jordan et al. 2024): momentum, made orthogonal, for matrices.

torch.optim.Muon goes through the matrices one by one, in bf16. A small model has many small
matrices, and many processors have no bf16: there it took as long as the rest of a training step.
Here all matrices of one shape are one batched product, in their own precision
(benchmarks/optimizer.py shows both).
"""

from collections import defaultdict
from collections.abc import Iterable

import torch

MOMENTUM = 0.95
ITERATIONS = 5
# The quintic that brings every singular value near 1 in five iterations.
COEFFICIENTS = (3.4445, -4.7750, 2.0315)
SMALLEST_NORM = 1e-7


class Muon(torch.optim.Optimizer):
    """Moves each matrix along its Nesterov momentum, made orthogonal.

    The same update as torch.optim.Muon with its defaults: a tall matrix takes steps longer by the
    root of its rows over its columns, and weight decay is decoupled.
    """

    def __init__(self, matrices: Iterable, learning_rate: float, weight_decay: float):
        super().__init__(matrices, {"lr": learning_rate, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure=None) -> None:
        for group in self.param_groups:
            matrices = [matrix for matrix in group["params"] if matrix.grad is not None]
            if not matrices:
                continue
            gradients = [matrix.grad for matrix in matrices]
            momenta = [self._momentum(matrix) for matrix in matrices]
            torch._foreach_lerp_(momenta, gradients, 1 - MOMENTUM)
            directions = torch._foreach_lerp(gradients, momenta, MOMENTUM)
            torch._foreach_mul_(matrices, 1 - group["lr"] * group["weight_decay"])
            for alike in _by_shape(matrices):
                updates = orthogonal(torch.stack([directions[index] for index in alike]))
                rows, columns = updates.shape[-2:]
                step = group["lr"] * max(1.0, rows / columns) ** 0.5
                moved = [matrices[index] for index in alike]
                torch._foreach_add_(moved, list(updates.unbind()), alpha=-step)

    def _momentum(self, matrix: torch.Tensor) -> torch.Tensor:
        state = self.state[matrix]
        if not state:
            state["momentum"] = torch.zeros_like(matrix)
        return state["momentum"]


def _by_shape(matrices: list[torch.Tensor]) -> list[list[int]]:
    alike = defaultdict(list)
    for index, matrix in enumerate(matrices):
        alike[matrix.shape].append(index)
    return list(alike.values())


def orthogonal(matrices: torch.Tensor) -> torch.Tensor:
    """Bring the singular values of (count, rows, columns) matrices near 1 (Newton-Schulz)."""
    tall = matrices.shape[-2] > matrices.shape[-1]
    wide = matrices.mT if tall else matrices
    wide = wide / torch.linalg.matrix_norm(wide, keepdim=True).clamp(min=SMALLEST_NORM)
    linear, cubic, quintic = COEFFICIENTS
    for _ in range(ITERATIONS):
        gram = wide @ wide.mT
        polynomial = torch.baddbmm(gram, gram, gram, beta=cubic, alpha=quintic)
        wide = torch.baddbmm(wide, polynomial, wide, beta=linear)
    return wide.mT if tall else wide
