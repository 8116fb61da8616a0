"""Greedy is greedy, whatever a model's own generation_config asks for, and every end ends."""

import pytest
import torch

from showhow.evaluation.decoding import generate_tokens
from showhow.evaluation.generation import generate
from showhow.models.loading import load_base
from small_models import foreign_folder

ASKED_FOR = {
    "repetition_penalty": 1.5,
    "no_repeat_ngram_size": 2,
    "min_new_tokens": 9,
    "suppress_tokens": [20, 21, 22, 23, 24, 25],
    "temperature": 0.3,
    "top_k": 3,
    "num_beams": 3,
    "do_sample": True,
}
INPUTS = [[10, 11, 12], [30, 31, 32, 33], [40], [50, 51]]


@pytest.fixture(params=["llama", "t5"])
def base(request, tmp_path):
    loaded = load_base(foreign_folder(request.param, tmp_path))
    loaded.model.eval()
    return loaded


def told(base, **settings):
    for name, value in settings.items():
        setattr(base.model.generation_config, name, value)


@pytest.mark.parametrize("setting", ASKED_FOR)
def test_what_a_model_asks_for_does_not_act(base, setting):
    plain = generate_tokens(base, INPUTS, 12)
    told(base, **{setting: ASKED_FOR[setting]})
    assert generate_tokens(base, INPUTS, 12) == plain


def test_it_asks_for_it_again_afterwards(base):
    told(base, **ASKED_FOR)
    before = base.model.generation_config.to_dict()
    generate_tokens(base, INPUTS, 2)
    assert base.model.generation_config.to_dict() == before


def test_a_text_ends_at_the_first_of_all_ends_and_is_not_cut_off(base):
    """As with Gemma, whose generation_config names an end of turn beside the end of a text."""
    [written] = generate_tokens(base, INPUTS[:1], 12)
    end = written[3]
    told(base, eos_token_id=[1, end])
    [ended] = generate_tokens(base, INPUTS[:1], 12)
    assert ended == written[: written.index(end) + 1]
    prompt = base.tokenizer.decode(INPUTS[0])
    base.model.generation_config.eos_token_id = list(range(3, len(base.tokenizer)))
    [prediction] = generate(base, [("a", prompt)], batch_size=1, max_new_tokens=12)
    assert not prediction.truncated
    assert prediction.prediction == ""


@torch.inference_mode()
def test_each_token_is_the_most_probable_one(base):
    told(base, **ASKED_FOR)
    for inputs in INPUTS:
        [written] = generate_tokens(base, [inputs], 4)
        if base.encoder_decoder:
            decoder = [base.model.config.decoder_start_token_id, *written]
            logits = base.model(
                input_ids=torch.tensor([inputs]), decoder_input_ids=torch.tensor([decoder])
            ).logits[0, :-1]
        else:
            whole = torch.tensor([[*inputs, *written]])
            logits = base.model(whole).logits[0, len(inputs) - 1 : -1]
        assert logits.argmax(dim=1).tolist() == written
