"""Any model folder that transformers wrote loads, trains and answers through one interface."""

import json

import pytest
import torch

from showhow.base.errors import ShowhowError
from showhow.evaluation.generation import generate
from showhow.models.loading import load_base
from showhow.recipes.training import TrainingRecipe
from showhow.training.examples import tokenise
from showhow.training.trainer import train
from small_models import foreign_folder, foreign_t5_folder, ladder_base


def test_a_t5_written_by_plain_transformers_trains_and_answers(tmp_path):
    base = load_base(foreign_t5_folder(tmp_path / "t5"), space_digits=True)
    assert base.encoder_decoder
    pairs = [("[MAX 12 3 ]", "Final answer : 12")]
    recipe = TrainingRecipe(optimizer="adafactor", learning_rate=0.02)
    train(base, tokenise(base, pairs), recipe, steps=200, seed=0, folder=tmp_path)
    [prediction] = generate(base, [("a", "[MAX 12 3 ]")], batch_size=1, max_new_tokens=40)
    assert prediction.prediction == "Final answer : 12"
    assert not prediction.truncated


def test_a_saved_model_is_the_same_model(tmp_path):
    base = ladder_base()
    base.model.save_pretrained(tmp_path)
    base.tokenizer.save_pretrained(tmp_path)
    loaded = load_base(tmp_path)
    assert torch.equal(loaded.model.lm_head.weight, base.model.lm_head.weight)
    assert loaded.format == base.format


def test_random_weights_differ_by_seed(tmp_path):
    base = ladder_base()
    base.model.save_pretrained(tmp_path)
    base.tokenizer.save_pretrained(tmp_path)
    one, again, two = (load_base(tmp_path, random_weights_from=seed) for seed in (1, 1, 2))
    assert torch.equal(one.model.lm_head.weight, again.model.lm_head.weight)
    assert not torch.equal(one.model.lm_head.weight, two.model.lm_head.weight)


def test_a_folder_without_a_model_is_named(tmp_path):
    with pytest.raises(ShowhowError, match="holds no model"):
        load_base(tmp_path)


@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
def test_code_in_a_folder_never_runs(known, tmp_path):
    folder = foreign_folder("llama", tmp_path / "model")
    ran = tmp_path / "ran"
    code = f"open({str(ran)!r}, 'w')\n"
    (folder / "theirs.py").write_text(code)
    for file in ("config.json", "tokenizer_config.json"):
        described = json.loads((folder / file).read_text())
        described["auto_map"] = {
            "AutoConfig": "theirs.Config",
            "AutoModelForCausalLM": "theirs.Model",
            "AutoTokenizer": ["theirs.Tokenizer", None],
        }
        if file == "config.json" and not known:
            described["model_type"] = "their-own"
        (folder / file).write_text(json.dumps(described))
    if known:
        assert load_base(folder).model.config.model_type == "llama"
    else:
        with pytest.raises(ShowhowError, match="holds a model that is damaged"):
            load_base(folder)
    assert not ran.exists()
