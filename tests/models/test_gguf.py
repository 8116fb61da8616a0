"""A file of llama.cpp's format becomes a folder like any other, with its tokens and template."""

import json

import pytest
import torch
from small_gguf import TEMPLATE, TOKENS, small_llama, write_gguf

from showhow.base.errors import ShowhowError
from showhow.evaluation.generation import generate
from showhow.models.gguf import convert_gguf
from showhow.models.loading import load_base


@pytest.fixture(scope="module")
def model():
    return small_llama()


@pytest.fixture
def file(model, tmp_path):
    return write_gguf(model, tmp_path / "small.gguf")


def test_its_folder_loads_with_the_same_weights_and_answers(model, file, tmp_path):
    convert_gguf(file, tmp_path / "folder", terms_accepted=False)
    base = load_base(tmp_path / "folder")
    ids = torch.arange(3, 40)[None]
    with torch.inference_mode():
        torch.testing.assert_close(base.model(ids).logits, model(ids).logits, rtol=1e-5, atol=1e-5)
    [prediction] = generate(base, [("a", "one")], batch_size=1, max_new_tokens=4)
    assert prediction.generated_tokens <= 4
    config = json.loads((tmp_path / "folder/config.json").read_text())
    assert "quantization_config" not in config


def test_its_template_and_its_ends_come_along(file, tmp_path):
    convert_gguf(file, tmp_path / "folder", terms_accepted=False)
    tokenizer = load_base(tmp_path / "folder").tokenizer
    assert tokenizer.chat_template == TEMPLATE
    assert (tokenizer.eos_token, tokenizer.pad_token) == ("<|end|>", "<|end|>")


def test_text_is_cut_up_as_the_file_says_digit_by_digit(model, tmp_path):
    """SmolLM's merges were learned behind such a cut: before a digit a space stands alone."""
    for cut, wanted in (("smollm", ["ĠĠ", "1", "2"]), ("gpt-2", ["Ġ", "Ġ", "1", "2"])):
        write_gguf(model, tmp_path / "small.gguf", cut)
        convert_gguf(tmp_path / "small.gguf", tmp_path / "folder", terms_accepted=False)
        tokenizer = load_base(tmp_path / "folder").tokenizer
        ids = tokenizer("  12", add_special_tokens=False).input_ids
        assert [TOKENS[token] for token in ids] == wanted


def test_the_folder_says_what_it_was_made_of(model, tmp_path):
    file = write_gguf(model, tmp_path / "small.gguf", licence="apache-2.0")
    convert_gguf(file, tmp_path / "folder", terms_accepted=False)
    source = json.loads((tmp_path / "folder/source.json").read_text())
    assert (source["file"], source["name"], source["license"]) == (
        "small.gguf",
        "small",
        "apache-2.0",
    )
    assert len(source["sha256"]) == 64
    assert str(tmp_path) not in json.dumps(source)


def test_a_licence_that_a_person_has_to_accept_is_asked_for(model, tmp_path):
    file = write_gguf(model, tmp_path / "small.gguf", licence="gemma")
    with pytest.raises(ShowhowError, match="'gemma', which a person has to accept"):
        convert_gguf(file, tmp_path / "folder", terms_accepted=False)
    convert_gguf(file, tmp_path / "folder", terms_accepted=True)
    assert load_base(tmp_path / "folder").model.config.model_type == "llama"


def test_tokens_that_would_be_others_are_refused(model, tmp_path):
    file = write_gguf(model, tmp_path / "small.gguf", cut="of-tomorrow")
    with pytest.raises(ShowhowError, match="'of-tomorrow', which is not known"):
        convert_gguf(file, tmp_path / "folder", terms_accepted=True)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.9], ids=["other", "header", "weights"])
def test_a_damaged_file_is_named_and_leaves_nothing(file, tmp_path, share):
    content = file.read_bytes()
    file.write_bytes(content[: int(share * len(content))] or b"no model")
    with pytest.raises(ShowhowError, match=r"small\.gguf could not be read as a model"):
        convert_gguf(file, tmp_path / "folder", terms_accepted=False)
    assert not (tmp_path / "folder").exists()
