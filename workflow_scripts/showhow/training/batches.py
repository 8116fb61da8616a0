"""The batches of a whole run, as a pure function of lengths, seed and batch size."""

import math
import random
from collections.abc import Iterator
from itertools import islice, pairwise

from showhow.base.errors import ShowhowError

POOL_BATCHES = 50


def shuffled_passes(count: int, seed: int) -> Iterator[int]:
    """Give the indices 0 … count - 1 pass after pass, each pass in an order of its own."""
    epoch = 0
    while True:
        order = list(range(count))
        random.Random(f"pass/{seed}/{epoch}").shuffle(order)
        yield from order
        epoch += 1


def length_bucketed_batches(
    lengths: list[int], batch_size: int, steps: int, seed: int
) -> list[list[int]]:
    """Cut shuffled passes over the examples into `steps` batches of similar lengths.

    Every batch is full (or as large as the training set, if that is smaller). Consecutive
    examples are pooled, at most one pass or 50 batches at a time, sorted by length and cut; the
    batches of a pool come in random order. So padding is small, every example is seen equally
    often to within one, and the batches differ from pass to pass.
    """
    batch_size = min(batch_size, len(lengths))
    pool_batches = min(POOL_BATCHES, len(lengths) // batch_size)
    indices = shuffled_passes(len(lengths), seed)
    batches: list[list[int]] = []
    while len(batches) < steps:
        pool = sorted(islice(indices, pool_batches * batch_size), key=lengths.__getitem__)
        cut = [pool[start : start + batch_size] for start in range(0, len(pool), batch_size)]
        random.Random(f"pool/{seed}/{len(batches)}").shuffle(cut)
        batches += cut
    return batches[:steps]


class RunBatches:
    """A batch sampler that holds every micro-batch of a run, so that a step number says all.

    The trainer sees one long epoch; to resume at a step is to skip that many micro-batches. Where
    several processes train together, each has its share of every batch, in as many micro-batches
    as the others, and together they have the whole batch. Examples of a batch are ordered by
    length, so a share is every so-manieth of them: all shares cost about the same.
    Raises ShowhowError where a process would have a micro-batch without an example.
    """

    def __init__(
        self,
        batches: list[list[int]],
        micro_batch_size: int | None = None,
        processes: int = 1,
        process: int = 0,
    ):
        examples = max(map(len, batches))
        largest_share = math.ceil(examples / processes)
        self.batch_size = micro_batch_size or largest_share
        self.accumulation = math.ceil(largest_share / self.batch_size)
        if examples // processes < self.accumulation:
            raise ShowhowError(
                f"A batch of {examples} examples in micro-batches of {self.batch_size} cannot be "
                f"shared by {processes} processes: ask for a number of GPUs that divides it."
            )
        self.micro_batches = [
            part
            for batch in batches
            for part in _parts(batch[process::processes], self.accumulation)
        ]

    def __len__(self) -> int:
        return len(self.micro_batches)

    def __iter__(self) -> Iterator[list[int]]:
        return iter(self.micro_batches)


def _parts(share: list[int], count: int) -> list[list[int]]:
    """Cut a share into `count` consecutive parts, equal to within one example."""
    cuts = [len(share) * part // count for part in range(count + 1)]
    return [share[start:end] for start, end in pairwise(cuts)]
