"""What a model keeps: the divergence from its base, held against one example at a time."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from showhow.evaluation.prediction import Prediction
from showhow.probes.divergence import measure_divergence
from showhow.probes.retained_tasks import Divergence, RetainedTask, retained_items, summarise
from showhow.responses.response import Response
from showhow.tasks.problem import Problem
from small_models import ladder_base

TEXTS = [
    ("add 1 2", "add [ 1 2 ] , sum is 3 ."),
    ("x", ""),
    ("sort [ 9 1 4 4 4 4 4 4 ]", "sorted list [ 1 4 4 4 4 4 4 9 ] ."),
    ("copy [ 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 ]", "7"),
]


def one_at_a_time(family: str, seed: int, prompt: str, text: str) -> torch.Tensor:
    """Give the next-token probabilities along a text and at its end: (tokens + 1, vocabulary)."""
    base = ladder_base(family, seed)
    model, tokenizer = base.model.double().eval(), base.tokenizer
    asked = tokenizer(prompt if family == "t5" else f"{prompt} <answer>").input_ids
    written = tokenizer(text).input_ids
    if family == "t5":
        inputs = {
            "input_ids": torch.tensor([asked]),
            "decoder_input_ids": torch.tensor([[tokenizer.pad_token_id, *written]]),
        }
    else:
        inputs = {"input_ids": torch.tensor([[*asked, *written]])}
    with torch.no_grad():
        logits = model(**inputs).logits[0]
    return logits[-len(written) - 1 :].softmax(-1)


@pytest.mark.parametrize("family", ["decoder", "t5"])
@settings(max_examples=5, deadline=None)
@given(batch_size=st.integers(1, 5))
def test_the_divergence_is_that_of_one_example_at_a_time(family, batch_size):
    base, tuned = ladder_base(family, seed=0), ladder_base(family, seed=1)
    measured = measure_divergence(base, tuned, TEXTS, batch_size)
    for text, found in zip(TEXTS, measured, strict=True):
        before, after = (one_at_a_time(family, seed, *text) for seed in (0, 1))
        expected = (before * (before.log() - after.log())).sum(-1)
        assert found.tokens == len(expected)
        assert found.kl == pytest.approx(expected.mean().item(), rel=1e-4)


def test_a_model_does_not_diverge_from_itself():
    base = ladder_base()
    assert all(found.kl < 1e-9 for found in measure_divergence(base, base, TEXTS, 2))


def test_a_task_is_scored_before_and_after_and_long_answers_count_more():
    ids = ["test-0", "test-1", "test-2"]
    problems = [Problem(id, "test", id, "4", (), {"length": 1}, "4") for id in ids]
    references = [Response(id, id, "4", "4", (), "alone") for id in ids]
    before = [Prediction(id, id, text, False, 1) for id, text in zip(ids, "445", strict=True)]
    after = [Prediction(id, id, text, False, 1) for id, text in zip(ids, "455", strict=True)]
    moved = [Divergence(0.5, 1), Divergence(0.0, 1), Divergence(1.0, 3)]
    rows = retained_items(RetainedTask("sums", problems, references, before), after, moved)
    assert [(row.correct_before, row.correct_after) for row in rows] == [
        (True, True),
        (True, False),
        (False, False),
    ]
    summary = summarise(rows, truncated_after=0)
    assert (summary.n_correct_before, summary.n_correct_after) == (2, 1)
    assert (summary.kl, summary.kl_tokens) == (pytest.approx(0.7), 5)
