"""Sampled generation in which every problem has a random source of its own."""

from dataclasses import dataclass
from random import Random
from typing import Any

import torch
from transformers import (
    LogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from showhow.recipes.evaluation import SamplingSettings

NUMBERS = 2**20
"""Probabilities that are worked out at a time: as many as a processor's cache holds."""
BLOCK = 256
"""Tokens of the vocabulary whose probabilities are added up together, to find the right block."""


@dataclass(frozen=True)
class Sampling:
    """How answers are sampled; another seed gives other answers.

    top_p: only the most probable tokens that have so much of the probability together. top_k: only
    so many of the most probable; 0 for all.
    """

    temperature: float
    seed: int
    top_p: float = 1.0
    top_k: int = 0


def sampling_of(settings: SamplingSettings | None, seed: int) -> Sampling | None:
    """Say how a run with this seed answers; None for greedily."""
    if settings is None:
        return None
    return Sampling(settings.temperature, seed, settings.top_p, settings.top_k)


class KeyedNoise(LogitsProcessor):
    """Makes of the greedy choice a sample of the softmax: one random number a row and token.

    The number falls on one token of the vocabulary, laid out by probability (the inverse of the
    cumulative distribution), and that token becomes the most probable one. A problem's numbers
    depend on its id and the seed alone, so its answer does not depend on which problems share its
    batch.
    """

    def __init__(self, sampling: Sampling, ids: list[str]):
        self.temperature = sampling.temperature
        self.kept = _those_that_keep(sampling)
        self.sources = [Random(f"{sampling.seed}/{id}") for id in ids]

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """scores: (problems, vocabulary), and so is what is returned."""
        drawn = [source.random() for source in self.sources]
        numbers = torch.tensor(drawn, dtype=torch.float64, device=scores.device)
        together = max(1, NUMBERS // scores.shape[1])
        chosen = [
            sample(self._likely(some), of_each, self.temperature)
            for some, of_each in zip(scores.split(together), numbers.split(together), strict=True)
        ]
        return scores.scatter_(1, torch.cat(chosen)[:, None], float("inf"))

    def _likely(self, scores: torch.Tensor) -> torch.Tensor:
        """Give minus infinity to the tokens that are not to be drawn, as transformers does."""
        unread: Any = None
        if not self.kept:
            return scores
        kept = TemperatureLogitsWarper(self.temperature)(unread, scores)
        for keep in self.kept:
            kept = keep(unread, kept)
        return scores.masked_fill(kept.isneginf(), float("-inf"))


def _those_that_keep(sampling: Sampling) -> list[LogitsProcessor]:
    """Give what leaves the likely tokens, in the order in which transformers itself does it."""
    top_k = [TopKLogitsWarper(sampling.top_k)] if sampling.top_k else []
    top_p = [TopPLogitsWarper(sampling.top_p)] if sampling.top_p < 1 else []
    return [*top_k, *top_p]


def sample(logits: torch.Tensor, numbers: torch.Tensor, temperature: float = 1.0) -> torch.Tensor:
    """Give the token of each row on which its number, from 0 to 1, falls.

    logits: (rows, vocabulary). Probabilities are added up by blocks, and one by one in the one
    block that matters, in float64: a row's token is the same in every batch.
    """
    rows, words = logits.shape
    weights = logits.new_zeros(rows, words + -words % BLOCK)
    likely = weights[:, :words]
    torch.sub(logits, logits.amax(dim=1, keepdim=True), out=likely)
    likely.div_(temperature).exp_()
    blocks = weights.view(rows, -1, BLOCK)
    ends = blocks.sum(dim=2).double().cumsum(dim=1)
    target = numbers[:, None] * ends[:, -1:]
    block = _first_beyond(ends, target)
    before = torch.cat([torch.zeros_like(target), ends], dim=1).gather(1, block)
    inside = blocks[torch.arange(rows, device=logits.device), block[:, 0]].double()
    place = _first_beyond(inside.cumsum(dim=1), target - before)
    return (block * BLOCK + place)[:, 0].clamp_(max=words - 1)


def _first_beyond(ends: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Give, for each row, the first place whose end lies beyond the target."""
    return torch.searchsorted(ends, target, right=True).clamp_(max=ends.shape[1] - 1)
