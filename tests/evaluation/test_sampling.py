"""A sample is one of the softmax, and depends on its own id and seed and on nothing else."""

import pytest
import torch
from scipy.stats import chisquare
from transformers import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

from showhow.evaluation.generation import generate
from showhow.evaluation.sampling import KeyedNoise, Sampling, sample, sampling_of
from showhow.recipes.evaluation import SamplingSettings
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


def kept_by_transformers(logits: torch.Tensor, temperature: float, **kept: float) -> set[int]:
    """Give the tokens that transformers' own sampling may draw."""
    scores = TemperatureLogitsWarper(temperature)(torch.empty(0), logits[None])
    if kept.get("top_k"):
        scores = TopKLogitsWarper(int(kept["top_k"]))(torch.empty(0), scores)
    if kept.get("top_p", 1.0) < 1:
        scores = TopPLogitsWarper(kept["top_p"])(torch.empty(0), scores)
    return set((~scores[0].isneginf()).nonzero()[:, 0].tolist())


@pytest.mark.parametrize(
    "kept", [{"top_k": 5}, {"top_p": 0.7}, {"top_p": 0.7, "top_k": 50}, {"top_p": 0.7, "top_k": 3}]
)
def test_only_likely_tokens_are_drawn_as_often_as_they_are_probable_among_these(kept):
    torch.manual_seed(4)
    logits = torch.randn(300) * 3
    noise = KeyedNoise(Sampling(0.95, 0, **kept), [f"problem {n}" for n in range(4000)])
    found = noise(torch.empty(0), logits.repeat(4000, 1)).argmax(dim=1)
    likely = sorted(kept_by_transformers(logits, 0.95, **kept))
    assert 1 < len(likely) < 60 and set(found.tolist()) <= set(likely)
    expected = torch.softmax(logits[likely].double() / 0.95, dim=0) * 4000
    counts = torch.bincount(found, minlength=300)[likely]
    often = expected >= 5
    counts = [*counts[often].tolist(), counts[~often].sum().item() + 5]
    wanted = [*expected[often].tolist(), expected[~often].sum().item() + 5]
    assert chisquare(counts, wanted).pvalue > 1e-3


def test_a_likely_sample_is_the_same_in_every_batch(base):
    problems = [(f"p{n}", "1 0 1 " * (1 + n % 4)) for n in range(9)]
    sampling = Sampling(0.95, seed=3, top_p=0.7, top_k=50)
    alone = [generate(base, [each], 1, 8, sampling=sampling)[0] for each in problems]
    assert generate(base, problems[::-1], 4, 8, sampling=sampling) == alone[::-1]


def test_settings_say_how_a_run_with_a_seed_answers():
    assert sampling_of(None, 2) is None
    settings = SamplingSettings(temperature=0.95, top_p=0.7, top_k=50)
    assert sampling_of(settings, 2) == Sampling(0.95, 2, 0.7, 50)
