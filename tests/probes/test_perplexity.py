"""Perplexity, held against a computation that knows no batches, no padding and no labels."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from showhow.base.errors import ShowhowError
from showhow.jobs.finished_batches import FinishedBatches
from showhow.models.loading import Base, load_base
from showhow.models.prompts import text_format
from showhow.probes.perplexity import ResponsePerplexity, measure_perplexity, summarise
from showhow.responses.response import Response
from small_models import foreign_t5_folder, ladder_base

TEXTS = [
    ("add 1 2", "add [ 1 2 ] , sum is 3 ."),
    ("sort [ 9 1 4 4 4 4 4 4 ]", "sorted list [ 1 4 4 4 4 4 4 9 ] ."),
    ("x", "5"),
    ("median [ 3 1 2 ]", "sorted list [ 1 2 3 ] , median is 2 .\nFinal answer : 2"),
    ("copy [ 7 ]", "copy [ 7 ] ."),
    ("copy [ 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 ]", "7"),
]
RESPONSES = [
    Response(f"train-{number}", prompt, response, "", (), "last")
    for number, (prompt, response) in enumerate(TEXTS)
]


def without_template() -> Base:
    base = ladder_base("decoder", seed=1)
    base.tokenizer.chat_template = None
    return Base(base.model, base.tokenizer, False, text_format(base.tokenizer, False, False))


@pytest.fixture(scope="module", params=["decoder", "no-template", "t5", "foreign-t5"])
def base(request, tmp_path_factory) -> Base:
    """Random weights, made ten times larger so that perplexities are far from uniform."""
    made = {
        "decoder": lambda: ladder_base("decoder"),
        "no-template": without_template,
        "t5": lambda: ladder_base("t5"),
        "foreign-t5": lambda: load_base(foreign_t5_folder(tmp_path_factory.mktemp("t5"))),
    }[request.param]()
    with torch.no_grad():
        made.model.get_input_embeddings().weight.mul_(10 if request.param != "foreign-t5" else 1)
    return made


def one_at_a_time(base: Base, prompt: str, response: str) -> list[float]:
    """Ask the model in float64, alone and token by token, how probable each token of this is."""
    model, tokenizer = base.model.double().eval(), base.tokenizer
    if tokenizer.chat_template and not base.encoder_decoder:
        message = [{"role": "user", "content": prompt}]
        asked = tokenizer.apply_chat_template(
            message, add_generation_prompt=True, return_dict=False
        )
    else:
        asked = tokenizer(prompt if base.encoder_decoder else prompt + "\n").input_ids
    wanted = [*tokenizer(response, add_special_tokens=False).input_ids, tokenizer.eos_token_id]
    so_far = [model.config.decoder_start_token_id] if base.encoder_decoder else list(asked)
    found = []
    with torch.no_grad():
        for token in wanted:
            inputs = {"input_ids": torch.tensor([so_far])}
            if base.encoder_decoder:
                inputs = {
                    "input_ids": torch.tensor([asked]),
                    "decoder_input_ids": torch.tensor([so_far]),
                }
            last = model(**inputs).logits[0, -1]
            found.append((last[token] - torch.logsumexp(last, 0)).item())
            so_far.append(token)
    model.float()
    return found


@pytest.fixture(scope="module")
def expected(base) -> list[list[float]]:
    return [one_at_a_time(base, *text) for text in TEXTS]


@settings(max_examples=12, deadline=None)
@given(
    batch_size=st.integers(1, len(TEXTS) + 1),
    order=st.permutations(range(len(TEXTS))),
    side=st.sampled_from(["left", "right"]),
)
def test_it_agrees_with_one_example_at_a_time_in_float64(base, expected, batch_size, order, side):
    base.tokenizer.padding_side = side
    measured = measure_perplexity(base, [RESPONSES[index] for index in order], batch_size)
    assert [each.id for each in measured] == [f"train-{index}" for index in order]
    for index, each in zip(order, measured, strict=True):
        wanted = expected[index]
        assert each.tokens == len(wanted) - 1
        assert each.log_probabilities == pytest.approx(wanted, abs=1e-5)
        mean = sum(wanted[:-1]) / each.tokens
        assert each.perplexity == pytest.approx(math.exp(-mean), rel=1e-5)


def test_the_perplexities_of_the_test_are_not_all_alike(base, expected):
    values = [math.exp(-sum(row[:-1]) / len(row[:-1])) for row in expected]
    assert max(values) > 1.05 * min(values)


def test_finished_batches_are_not_measured_again(tmp_path):
    base = ladder_base()
    finished = FinishedBatches(tmp_path / "batches.jsonl", ResponsePerplexity)
    whole = measure_perplexity(base, RESPONSES, 2, finished)
    lines = finished.path.read_bytes().splitlines(True)
    assert len(lines) == 3
    finished.path.write_bytes(b"".join(lines[:2]))
    base.model.get_input_embeddings().weight.data.zero_()
    resumed = measure_perplexity(base, RESPONSES, 2, finished)
    assert sum(a == b for a, b in zip(whole, resumed, strict=True)) == 4
    assert len(finished.path.read_bytes().splitlines()) == 3


def test_a_response_without_text_is_refused():
    empty = Response("train-7", "x", "", "", (), "last")
    with pytest.raises(ShowhowError, match=r"1 responses have no text.*train-7"):
        measure_perplexity(ladder_base(), [*RESPONSES, empty], 4)


def measured(*values: float) -> list[ResponsePerplexity]:
    return [ResponsePerplexity(str(value), value, 4, []) for value in values]


def test_the_summary_counts_what_the_capped_mean_leaves_out():
    summary = summarise(measured(2.0, 4.0, 30.0, 31.0, 1000.0), cap=30.0)
    assert (summary.n, summary.median, summary.mean_tokens) == (5, 30.0, 4)
    assert summary.mean == pytest.approx(1067 / 5)
    assert (summary.capped_mean, summary.above_cap) == (12.0, 2)
    assert summarise(measured(31.0, 99.0), cap=30.0).capped_mean is None
