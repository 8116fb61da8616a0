"""Sampling a token of every row: a random number for each word, or one for each row.

    python benchmarks/sampling.py

Two ways to make a sample that depends on the problem alone take the same logits in turn: Gumbel
noise on every word of the vocabulary, from a generator of its own for each row, as it was here; and
one number a row that falls on a word by its probability, as it is.
"""

import hashlib
import time
from statistics import median
from typing import Annotated

import torch
import typer
from materials import print_table
from transformers import LogitsProcessor

from showhow.evaluation.sampling import KeyedNoise, Sampling

VOCABULARIES = (32_000, 128_000, 152_000)
SAMPLING = Sampling(temperature=0.7, seed=0)


class NoiseOnEveryWord(LogitsProcessor):
    """Adds Gumbel noise, drawn on the CPU row by row."""

    def __init__(self, sampling: Sampling, ids: list[str]):
        self.temperature = sampling.temperature
        keys = [f"{sampling.seed}/{id}".encode() for id in ids]
        seeds = [int.from_bytes(hashlib.sha256(key).digest()[:8]) >> 1 for key in keys]
        self.generators = [torch.Generator().manual_seed(seed) for seed in seeds]

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        size = scores.shape[1]
        exponential = torch.stack(
            [torch.empty(size).exponential_(generator=each) for each in self.generators]
        )
        return scores / self.temperature - exponential.log().to(scores.device)


def seconds_of(way: LogitsProcessor, logits: torch.Tensor) -> float:
    """Give the processor's seconds: on a machine that others use, the wall's would be theirs."""
    scores = logits.clone()
    started = time.process_time()
    way(torch.empty(0), scores).argmax(dim=1)
    return time.process_time() - started


def measure(rows: int, words: int, tokens: int) -> tuple[float, float]:
    """Give the median seconds of a token: with noise on every word, and with one number a row."""
    ids = [f"problem {row}" for row in range(rows)]
    ways = (NoiseOnEveryWord(SAMPLING, ids), KeyedNoise(SAMPLING, ids))
    logits = torch.randn(rows, words) * 3
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(tokens):
        for way, seconds in zip(ways, taken, strict=True):
            seconds.append(seconds_of(way, logits))
    return median(taken[0]), median(taken[1])


def main(
    rows: Annotated[int, typer.Option(help="Problems in a batch.")] = 210,
    tokens: Annotated[int, typer.Option(help="Tokens that are drawn for each.")] = 7,
    vocabulary: Annotated[list[int] | None, typer.Option(help="Words to choose from.")] = None,
    threads: Annotated[int, typer.Option(help="Threads of torch.")] = 1,
) -> None:
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    table = []
    for words in vocabulary or VOCABULARIES:
        every_word, one_number = measure(rows, words, tokens)
        times = f"{every_word / one_number:.1f}"
        table.append((f"{words:,}", f"{every_word:.3f}", f"{one_number:.3f}", times))
    print_table(
        f"Drawing a token for each of {rows} rows, {threads} thread(s), medians of {tokens}",
        ("vocabulary", "s, noise on every word", "s, one number a row", "gain"),
        table,
    )


if __name__ == "__main__":
    typer.run(main)
