"""Optimisers by name: Muon with AdamW for what is no matrix, AdamW, Adafactor."""

import math
from typing import cast

import torch
from torch.optim.lr_scheduler import LambdaLR
from transformers import PreTrainedModel
from transformers.optimization import Adafactor

from showhow.recipes.training import OptimisationRecipe
from showhow.training.muon import Muon

ADAMW_SHARE = 0.25


class MuonWithAdamW(torch.optim.Optimizer):
    """Muon for the hidden matrices; AdamW for embeddings, norms and heads.

    Muon takes matrices only. Both parts keep their own state; the parameter groups are shared with
    them, so that one schedule moves both learning rates.
    """

    def __init__(self, matrices: list, others: list, learning_rate: float, weight_decay: float):
        self.muon = Muon(matrices, learning_rate, weight_decay)
        self.adamw = torch.optim.AdamW(
            others, lr=learning_rate * ADAMW_SHARE, weight_decay=weight_decay, fused=True
        )
        super().__init__(self.muon.param_groups + self.adamw.param_groups, {})
        self._share_groups()

    def _share_groups(self) -> None:
        self.muon.param_groups = self.param_groups[:1]
        self.adamw.param_groups = self.param_groups[1:]

    def step(self, closure=None):
        self.muon.step()
        self.adamw.step()

    def state_dict(self) -> dict:
        return {"muon": self.muon.state_dict(), "adamw": self.adamw.state_dict()}

    def load_state_dict(self, state_dict: dict) -> None:
        self.muon.load_state_dict(state_dict["muon"])
        self.adamw.load_state_dict(state_dict["adamw"])
        self.param_groups = self.muon.param_groups + self.adamw.param_groups
        self._share_groups()


def make_optimizer(model: PreTrainedModel, recipe: OptimisationRecipe) -> torch.optim.Optimizer:
    """Make the recipe's optimiser for the parameters that are trained.

    Adafactor scales its updates by the parameters' size, which T5 needs when it starts from
    random weights (docs/ladder.md).
    """
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    if recipe.optimizer == "adamw":
        return torch.optim.AdamW(
            trained, lr=recipe.learning_rate, weight_decay=recipe.weight_decay, fused=True
        )
    if recipe.optimizer == "adafactor":
        return Adafactor(
            trained,
            lr=recipe.learning_rate,
            weight_decay=recipe.weight_decay,
            scale_parameter=True,
            relative_step=False,
        )
    embeddings = {id(parameter) for parameter in _embeddings(model)}
    matrices = [p for p in trained if p.ndim == 2 and id(p) not in embeddings]
    others = [p for p in trained if p.ndim != 2 or id(p) in embeddings]
    return MuonWithAdamW(matrices, others, recipe.learning_rate, recipe.weight_decay)


def _embeddings(model: PreTrainedModel) -> list[torch.nn.Parameter]:
    """Embedding tables and the output head: matrices by shape, look-ups by nature."""
    tables = [m.weight for m in model.modules() if isinstance(m, torch.nn.Embedding)]
    head = model.get_output_embeddings()
    return cast(list[torch.nn.Parameter], tables if head is None else [*tables, head.weight])


def warm_up_then_cosine(optimizer: torch.optim.Optimizer, steps: int, warmup: int) -> LambdaLR:
    """Rise linearly over `warmup` steps, then fall along a cosine to a twentieth of the peak."""

    def share(step: int) -> float:
        if step < warmup:
            return (step + 1) / warmup
        progress = (step - warmup) / max(1, steps - warmup)
        return 0.05 + 0.95 * (1 + math.cos(math.pi * min(1.0, progress))) / 2

    return LambdaLR(optimizer, share)
