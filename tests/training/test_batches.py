"""Batches: every example equally often, full, of like lengths, and the same for the same seed."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showhow.base.errors import ShowhowError
from showhow.training.batches import RunBatches, length_bucketed_batches

lengths = st.lists(st.integers(1, 200), min_size=1, max_size=120)
sizes = st.integers(1, 40)
steps = st.integers(1, 60)


@given(lengths, sizes, steps, st.integers(0, 5))
def test_every_example_is_seen_equally_often_to_within_one_pass(lengths, size, steps, seed):
    batches = length_bucketed_batches(lengths, size, steps, seed)
    assert len(batches) == steps
    assert {len(batch) for batch in batches} == {min(size, len(lengths))}
    seen = Counter(index for batch in batches for index in batch)
    counts = [seen[index] for index in range(len(lengths))]
    # The last pool may be cut short, so an example may lag by the passes that a pool spans.
    assert max(counts) - min(counts) <= 2


@given(lengths, sizes, steps)
def test_a_longer_run_begins_with_the_shorter_one(lengths, size, steps):
    short = length_bucketed_batches(lengths, size, steps, seed=1)
    assert length_bucketed_batches(lengths, size, steps + 7, seed=1)[:steps] == short


def test_passes_and_seeds_differ():
    lengths = [5] * 64
    batches = length_bucketed_batches(lengths, 8, steps=16, seed=1)
    assert batches[:8] != batches[8:]
    assert batches != length_bucketed_batches(lengths, 8, steps=16, seed=2)


def test_bucketing_wastes_less_padding_than_random_batches():
    lengths = [1 + index % 97 for index in range(970)]

    def padding(batches):
        return sum(
            max(lengths[i] for i in b) * len(b) - sum(lengths[i] for i in b) for b in batches
        )

    in_order = [list(range(start, start + 10)) for start in range(0, 970, 10)]
    assert padding(length_bucketed_batches(lengths, 10, 97, seed=0)) < padding(in_order) / 3


@given(st.integers(1, 6), st.integers(1, 6))
def test_micro_batches_are_the_batches_in_parts(micro, parts):
    batches = length_bucketed_batches([3] * 100, micro * parts, steps=5, seed=0)
    micro_batches = list(RunBatches(batches, micro))
    assert [len(part) for part in micro_batches] == [micro] * parts * 5
    joined = [index for part in micro_batches for index in part]
    assert joined == [index for batch in batches for index in batch]


@given(st.integers(1, 40), st.integers(2, 9), st.integers(1, 5))
def test_the_processes_of_a_run_have_each_batch_among_them(size, micro, processes):
    batches = length_bucketed_batches(list(range(1, 81)), size * processes, steps=3, seed=0)
    shares = [RunBatches(batches, micro, processes, process) for process in range(processes)]
    steps = [steps_of(share) for share in shares]
    for number, batch in enumerate(batches):
        joined = [index for share in steps for part in share[number] for index in part]
        assert sorted(joined) == sorted(batch)
    assert len({len(share) for share in shares}) == 1
    assert all(1 <= len(part) <= micro for share in shares for part in share)


def steps_of(share):
    parts = list(share)
    return [parts[at : at + share.accumulation] for at in range(0, len(parts), share.accumulation)]


def test_shares_of_a_batch_are_of_like_lengths():
    [batch] = length_bucketed_batches(list(range(1, 33)), 32, steps=1, seed=0)
    tokens = [sum(map(sum, RunBatches([batch], None, 4, process))) for process in range(4)]
    assert max(tokens) < 1.3 * min(tokens)


def test_a_batch_that_is_too_small_for_its_processes_is_refused():
    with pytest.raises(ShowhowError, match="cannot be shared by 4 processes"):
        RunBatches([[0, 1, 2]], None, processes=4)
