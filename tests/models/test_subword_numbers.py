"""Numbers and a tokenizer of T5's kind: in digit by digit, and back out as they were."""

import pytest

from showhow.answers.parsing import parse_answer, parse_steps
from showhow.evaluation.generation import read_tokens
from showhow.models.loading import Base
from showhow.models.prompts import text_format
from showhow.responses import load_variant
from showhow.tasks import load_task
from showhow.training.examples import tokenise, tokenise_prompts, tokenise_responses
from small_models import ladder_base, trained_subword_tokenizer

VARIANTS = ("none", "short", "medium", "long", "answer_first")


@pytest.fixture(scope="module")
def responses():
    """Responses of the paper's task, whose numbers have one to three digits, in each variant."""
    task = load_task("listops")
    limits = {"operators_max": None, "length_max": 45, "longer_length_max": None}
    settings = task.Settings(values=30, arity_max=10, **limits)
    problems = task.generate(settings, "train", 60, set())
    written = {}
    for name in VARIANTS:
        variant = load_variant(name)
        written[name] = [variant.write(variant.Settings(), task, one) for one in problems]
    return written


@pytest.fixture(scope="module")
def tokenizer(responses):
    texts = [text for rows in responses.values() for r in rows for text in (r.prompt, r.response)]
    return trained_subword_tokenizer(texts, pieces=300)


def base_with(tokenizer, space_digits):
    model = ladder_base("t5").model
    return Base(model, tokenizer, True, text_format(tokenizer, True, space_digits))


def digits_of(tokenizer, ids):
    pieces = (piece.strip("▁") for piece in tokenizer.convert_ids_to_tokens(ids))
    return [piece for piece in pieces if any(character.isdigit() for character in piece)]


def test_without_spaces_such_a_tokenizer_splits_numbers_unevenly(tokenizer, responses):
    base = base_with(tokenizer, space_digits=False)
    written = tokenise_responses(base, [r.response for r in responses["medium"]])
    lengths = {len(piece) for ids in written for piece in digits_of(tokenizer, ids)}
    assert {1, 2} <= lengths


@pytest.mark.parametrize("variant", VARIANTS)
def test_with_spaces_each_digit_is_a_piece_and_answers_and_steps_come_back(
    variant, tokenizer, responses
):
    base = base_with(tokenizer, space_digits=True)
    prompts = tokenise_prompts(base, [r.prompt for r in responses[variant]])
    written = tokenise_responses(base, [r.response for r in responses[variant]])
    for response, prompt, ids in zip(responses[variant], prompts, written, strict=True):
        assert tokenizer.unk_token_id not in prompt + ids
        assert {len(piece) for piece in digits_of(tokenizer, prompt + ids)} == {1}
        text = read_tokens(base, [*ids, tokenizer.eos_token_id])
        assert parse_answer(text, response.answer_position) == response.answer
        assert parse_steps(text, response.answer_position) == response.steps


def test_prompt_and_response_of_an_example_end(tokenizer, responses):
    base = base_with(tokenizer, space_digits=True)
    pairs = [(r.prompt, r.response) for r in responses["short"]]
    for example in tokenise(base, pairs):
        assert example.input_ids[-1] == example.labels[-1] == tokenizer.eos_token_id
