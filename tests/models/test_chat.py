"""Chats and plain texts have the ids that the model's own template and tokenizer give them."""

import pytest
import torch
from published_tokenizers import ENDS, LLAMA_3, MAKERS, TEXTS
from transformers import LlamaConfig, LlamaForCausalLM

from showhow.base.errors import ShowhowError
from showhow.evaluation.generation import read_tokens
from showhow.models.loading import Base, load_base
from showhow.models.prompts import text_format
from showhow.training.examples import (
    IGNORED,
    tokenise,
    tokenise_prompts,
    tokenise_responses,
    tokenise_with_places,
)

PAIRS = [("What is 12 + 7 ?", "The answer is 19 ."), ("A dog ?", "12 eggs"), ("x", "animal")]


@pytest.fixture(scope="module", params=MAKERS)
def named(request):
    return request.param, MAKERS[request.param]()


def base_of(tokenizer, chat=None, **config):
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1}
    told = {"num_attention_heads": 2, "num_key_value_heads": 1, "eos_token_id": None, **config}
    model = LlamaForCausalLM(LlamaConfig(vocab_size=len(tokenizer), **sizes, **told)).eval()
    return Base(model, tokenizer, False, text_format(tokenizer, False, False, chat))


def reference_ids(tokenizer, prompt, response):
    """What the template itself makes of a whole conversation, as other trainers take it."""
    told = [{"role": "user", "content": prompt}, {"role": "assistant", "content": response}]
    return tokenizer.apply_chat_template(told, tokenize=True, return_dict=True)["input_ids"]


def test_what_is_learned_is_the_templates_own_conversation_up_to_its_end(named):
    name, tokenizer = named
    base = base_of(tokenizer)
    for pair, example in zip(PAIRS, tokenise(base, PAIRS), strict=True):
        reference = reference_ids(tokenizer, *pair)
        assert example.input_ids == reference[: len(example.input_ids)]
        assert example.labels[-1] == tokenizer.convert_tokens_to_ids(ENDS[name])
        assert IGNORED in example.labels
        behind = reference[len(example.input_ids) :]
        assert not set(behind) & set(tokenizer.all_special_ids)


def test_prompts_have_the_templates_ids_and_one_beginning(named):
    _, tokenizer = named
    [ids] = tokenise_prompts(base_of(tokenizer), [PAIRS[0][0]])
    told = [{"role": "user", "content": PAIRS[0][0]}]
    rendered = tokenizer.apply_chat_template(
        told, tokenize=True, add_generation_prompt=True, return_dict=True
    )
    assert ids == rendered["input_ids"]
    assert ids.count(tokenizer.bos_token_id) <= 1


def test_plain_texts_have_the_ids_of_prompt_and_response_together(named):
    _, tokenizer = named
    base = base_of(tokenizer, chat=False)
    for (prompt, response), example in zip(PAIRS, tokenise(base, PAIRS), strict=True):
        whole = tokenizer(f"{prompt}\n{response}").input_ids
        assert example.input_ids == [*whole, tokenizer.eos_token_id]


def test_what_was_written_is_read_back_without_its_end(named):
    _, tokenizer = named
    for chat in (None, False):
        base = base_of(tokenizer, chat)
        responses = [response for _, response in PAIRS]
        written = [[*ids, base.end_token] for ids in tokenise_responses(base, responses)]
        assert [read_tokens(base, ids).strip() for ids in written] == responses


def test_places_of_tokens_are_those_in_the_response_itself(named):
    _, tokenizer = named
    base = base_of(tokenizer)
    response = "The answer is 19 ."
    ids, places = tokenise_with_places(base, response)
    assert ids == tokenise_responses(base, [response])[0]
    covered = {at for start, end in places for at in range(start, end)}
    assert set(range(len(response))) <= covered


def test_every_end_that_the_model_names_ends_a_text(named):
    name, tokenizer = named
    base = base_of(tokenizer, eos_token_id=[5, 7])
    assert {5, 7, tokenizer.eos_token_id} <= base.end_tokens
    assert tokenizer.convert_tokens_to_ids(ENDS[name]) in base.end_tokens


def test_padding_changes_nothing_where_there_is_no_token_for_it(tmp_path):
    tokenizer = MAKERS["llama-3"]()
    assert tokenizer.pad_token is None
    base_of(tokenizer).model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    base = load_base(tmp_path)
    assert base.padding_token in base.end_tokens
    assert (tmp_path / "chat_template.jinja").read_text() == LLAMA_3


def test_a_base_model_with_a_template_can_be_asked_in_plain_text():
    tokenizer = MAKERS["qwen-2"]()
    plain, chat = (base_of(tokenizer, chat) for chat in (False, True))
    assert tokenizer.decode(tokenise_prompts(plain, ["A dog ?"])[0]) == "A dog ?\n"
    assert "<|im_start|>" in tokenizer.decode(tokenise_prompts(chat, ["A dog ?"])[0])


def test_a_chat_needs_a_template():
    tokenizer = MAKERS["qwen-2"]()
    tokenizer.chat_template = None
    with pytest.raises(ShowhowError, match="no chat template"):
        base_of(tokenizer, chat=True)
    assert not base_of(tokenizer).format.chat


def test_a_template_that_knows_no_answers_leaves_the_tokenizers_end():
    tokenizer = MAKERS["qwen-2"]()
    tokenizer.chat_template = "{{ messages[0]['content'] }}"
    base = base_of(tokenizer)
    assert base.end_token == tokenizer.eos_token_id
    assert [example.labels[-1] for example in tokenise(base, [("x", TEXTS[0])])] == [2]
