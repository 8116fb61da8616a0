"""A sample is one of the softmax, and depends on its own id and seed and on nothing else."""

import pytest
import torch
from scipy.stats import chisquare

from showhow.evaluation.generation import generate
from showhow.evaluation.sampling import KeyedNoise, Sampling, sample
from small_models import ladder_base


def drawn(logits, count, seed=0, temperature=1.0):
    noise = KeyedNoise(Sampling(temperature, seed), [f"problem {n}" for n in range(count)])
    return noise(torch.empty(0), logits.repeat(count, 1)).argmax(dim=1)


@pytest.mark.parametrize("words", [2, 5, 256, 700])
@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_tokens_are_as_frequent_as_they_are_probable(words, temperature):
    torch.manual_seed(words)
    logits = torch.randn(words) * 2
    expected = torch.softmax(logits.double() / temperature, dim=0) * 4000
    found = torch.bincount(drawn(logits, 4000, temperature=temperature), minlength=words)
    often = expected >= 5
    counts = [*found[often].tolist(), found[~often].sum().item() + 5]
    wanted = [*expected[often].tolist(), expected[~often].sum().item() + 5]
    assert chisquare(counts, wanted).pvalue > 1e-3


def test_numbers_fall_on_tokens_in_the_order_of_the_vocabulary():
    logits = torch.log(torch.tensor([[0.25, 0.0, 0.5, 0.25]])).repeat(6, 1)
    numbers = torch.tensor([0.0, 0.2, 0.26, 0.74, 0.76, 1 - 1e-16], dtype=torch.float64)
    assert sample(logits, numbers).tolist() == [0, 0, 2, 2, 3, 3]


def test_no_token_comes_that_cannot():
    logits = torch.full((2000,), -float("inf"))
    logits[[3, 700, 1999]] = 0.0
    assert set(drawn(logits, 300).tolist()) == {3, 700, 1999}


@pytest.fixture(scope="module", params=["decoder", "t5"])
def base(request):
    return ladder_base(request.param)


def test_a_problems_sample_is_the_same_in_every_batch(base):
    problems = [(f"p{n}", "1 0 1 " * (1 + n % 4)) for n in range(9)]
    sampling = Sampling(1.0, seed=3)
    alone = [generate(base, [each], 1, 8, sampling=sampling)[0] for each in problems]
    assert generate(base, problems, 9, 8, sampling=sampling) == alone
    assert generate(base, problems[::-1], 4, 8, sampling=sampling) == alone[::-1]
    assert generate(base, problems, 9, 8, sampling=Sampling(1.0, seed=4)) != alone
    assert len({each.prediction for each in alone}) > 1
