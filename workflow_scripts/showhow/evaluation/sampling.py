"""Sampled generation in which every problem has a random source of its own."""

import hashlib
from dataclasses import dataclass

import torch
from transformers import LogitsProcessor


@dataclass(frozen=True)
class Sampling:
    """How answers are sampled; another seed gives other answers."""

    temperature: float
    seed: int


class KeyedNoise(LogitsProcessor):
    """Adds Gumbel noise, with which the most probable token is a sample of the softmax.

    (The Gumbel-max trick.) A problem's noise depends on its id and the seed alone, so its answer
    does not depend on which problems share its batch.
    """

    def __init__(self, sampling: Sampling, ids: list[str]):
        self.temperature = sampling.temperature
        self.generators = [
            torch.Generator().manual_seed(_seed(f"{sampling.seed}/{id}")) for id in ids
        ]

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """scores: (problems, vocabulary), and so is what is returned."""
        size = scores.shape[1]
        exponential = torch.stack(
            [torch.empty(size).exponential_(generator=each) for each in self.generators]
        )
        return scores / self.temperature - exponential.log().to(scores.device)


def _seed(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) >> 1
