"""LoRA adapters: what is trained, what is saved, and that it is the same when loaded again."""

import json

import pytest
import torch
from safetensors.torch import load_file

from showhow.base.errors import ShowhowError
from showhow.evaluation.generation import generate
from showhow.models.loading import load_base, save_base
from showhow.recipes.training import AdapterRecipe, TrainingRecipe
from showhow.training.adapters import add_adapter, load_adapter, save_adapter
from showhow.training.examples import Collator, tokenise
from showhow.training.trainer import train
from showhow.training.tuned import load_tuned
from small_models import ARCHITECTURES, foreign_folder, ladder_base

PAIRS = [(f"copy [ {a} {b} ]", f"copy [ {a} {b} ] .") for a in range(10) for b in range(5)]
PROMPTS = [(f"{a}", f"copy [ {a} 3 ]") for a in range(10)]
RECIPE = TrainingRecipe(optimizer="adamw", batch_size=8, learning_rate=0.02)
HIDDEN = 16


@pytest.fixture(params=["decoder", "t5"])
def base_folder(request, tmp_path):
    save_base(ladder_base(request.param), tmp_path / "base")
    return tmp_path / "base"


def trained(base_folder, folder, seed=3, **adapter):
    base = add_adapter(load_base(base_folder), AdapterRecipe(**adapter), seed)
    train(base, tokenise(base, PAIRS), RECIPE, steps=12, seed=seed, folder=folder)
    return base


def logits(base):
    batch = Collator(base.tokenizer.pad_token_id)(tokenise(base, PAIRS[:4]))
    base.model.eval()
    with torch.inference_mode():
        return base.model(**batch).logits


def test_an_adapter_saved_and_loaded_again_gives_the_same_outputs(base_folder, tmp_path):
    base = trained(base_folder, tmp_path / "checkpoints", rank=4, dropout=0.1)
    save_adapter(base, tmp_path / "adapter", "small")
    loaded = load_adapter(load_base(base_folder), tmp_path / "adapter")
    assert torch.equal(logits(loaded), logits(base))
    assert not torch.equal(logits(loaded), logits(load_base(base_folder)))
    answers = (generate(one, PROMPTS, 4, 12) for one in (loaded, base))
    assert next(answers) == next(answers)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_so_does_one_of_a_folder_that_plain_transformers_wrote(architecture, tmp_path):
    folder = foreign_folder(architecture, tmp_path / "base")
    base = trained(folder, tmp_path / "checkpoints", rank=2)
    save_adapter(base, tmp_path / "adapter", "own")
    loaded = load_adapter(load_base(folder), tmp_path / "adapter")
    assert torch.equal(logits(loaded), logits(base))
    assert generate(loaded, PROMPTS, 4, 6) == generate(base, PROMPTS, 4, 6)


def test_what_fine_tuning_left_is_an_adapter_where_its_configuration_says_so(base_folder, tmp_path):
    base = trained(base_folder, tmp_path / "checkpoints", rank=2)
    save_adapter(base, tmp_path / "adapter", "small")
    adapted = load_tuned(tmp_path / "adapter", base_folder, space_digits=False)
    assert torch.equal(logits(adapted), logits(base))
    whole = load_tuned(base_folder, base_folder, space_digits=False)
    assert torch.equal(logits(whole), logits(load_base(base_folder)))
    with pytest.raises(ShowhowError, match="holds an adapter; name the folder of its base"):
        load_tuned(tmp_path / "adapter", None, space_digits=False)


def test_only_the_adapter_is_trained_and_saved(base_folder, tmp_path):
    before = {
        name: tensor.clone() for name, tensor in load_base(base_folder).model.named_parameters()
    }
    base = trained(base_folder, tmp_path / "checkpoints", rank=2)
    after = dict(base.model.get_base_model().named_parameters())
    kept = {name.replace(".base_layer", ""): tensor for name, tensor in after.items()}
    assert all(torch.equal(tensor, kept[name]) for name, tensor in before.items())
    save_adapter(base, tmp_path / "adapter", "small")
    weights = load_file(tmp_path / "adapter/adapter_model.safetensors")
    attentions = {"decoder": 1, "t5": 3}["t5" if base.encoder_decoder else "decoder"]
    assert sum(tensor.numel() for tensor in weights.values()) == attentions * 2 * 2 * 2 * HIDDEN
    files = {file.name for file in (tmp_path / "adapter").iterdir()}
    beside = {"tokenizer.json", "tokenizer_config.json", "chat_template.jinja"}
    assert files - beside == {"adapter_config.json", "adapter_model.safetensors"}


def test_equal_runs_leave_equal_bytes_wherever_the_base_lies(base_folder, tmp_path):
    elsewhere = base_folder.rename(tmp_path / "other base")
    save_adapter(trained(elsewhere, tmp_path / "one"), tmp_path / "first", "small")
    back = elsewhere.rename(base_folder)
    save_adapter(trained(back, tmp_path / "two"), tmp_path / "second", "small")
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()
    described = json.loads((tmp_path / "first/adapter_config.json").read_text())
    assert described["base_model_name_or_path"] == "small"
    assert described["target_modules"] == sorted(described["target_modules"])
    assert str(tmp_path) not in json.dumps(described)


def test_the_seed_decides_the_first_weights(base_folder):
    one, again, other = (
        add_adapter(load_base(base_folder), AdapterRecipe(), seed).model.state_dict()
        for seed in (1, 1, 2)
    )
    drawn = [name for name in one if "lora_A" in name]
    assert drawn
    assert all(torch.equal(one[name], again[name]) for name in drawn)
    assert not any(torch.equal(one[name], other[name]) for name in drawn)


@pytest.mark.parametrize(
    ("architecture", "targets"),
    [
        ("t5", {"q", "v"}),
        ("llama", {"q_proj", "v_proj"}),
        ("gpt2", {"c_attn"}),
        ("qwen2", {"q_proj", "v_proj"}),
        ("mistral", {"q_proj", "v_proj"}),
    ],
)
def test_an_architecture_has_targets_of_its_own(architecture, targets, tmp_path):
    base = load_base(foreign_folder(architecture, tmp_path))
    adapted = add_adapter(base, AdapterRecipe(), seed=0)
    assert set(adapted.model.peft_config["default"].target_modules) == targets


def test_a_target_that_is_no_module_is_answered_with_those_that_are(tmp_path):
    base = load_base(foreign_folder("llama", tmp_path))
    with pytest.raises(ShowhowError, match=r"names q, but .* modules are .*k_proj, .*q_proj"):
        add_adapter(base, AdapterRecipe(targets=("v_proj", "q")), seed=0)


def test_a_part_of_a_path_names_some_of_several_modules(tmp_path):
    base = load_base(foreign_folder("t5", tmp_path))
    adapted = add_adapter(base, AdapterRecipe(targets=("EncDecAttention.q",)), seed=0)
    adapters = [name for name, _ in adapted.model.named_parameters() if "lora_A" in name]
    assert len(adapters) == 1
    assert "EncDecAttention.q" in adapters[0]


@pytest.mark.parametrize("lost", ["adapter_config.json", "adapter_model.safetensors"])
def test_an_adapter_without_one_of_its_files_is_named(base_folder, tmp_path, lost):
    save_adapter(trained(base_folder, tmp_path / "checkpoints"), tmp_path / "adapter", "small")
    (tmp_path / "adapter" / lost).unlink()
    with pytest.raises(ShowhowError, match=r"adapter is damaged .* make it anew with"):
        load_adapter(load_base(base_folder), tmp_path / "adapter")


def test_an_adapter_of_another_base_is_refused(tmp_path):
    for family in ("decoder", "t5"):
        save_base(ladder_base(family), tmp_path / family)
    save_adapter(trained(tmp_path / "t5", tmp_path / "checkpoints"), tmp_path / "adapter", "small")
    with pytest.raises(ShowhowError, match="adapter is damaged"):
        load_adapter(load_base(tmp_path / "decoder"), tmp_path / "adapter")


def test_activations_can_be_recomputed_under_an_adapter(base_folder, tmp_path):
    results = []
    for recompute in (False, True):
        base = add_adapter(load_base(base_folder), AdapterRecipe(), seed=3)
        recipe = RECIPE.model_copy(update={"gradient_checkpointing": recompute})
        folder = tmp_path / f"checkpoints-{recompute}"
        results.append(train(base, tokenise(base, PAIRS), recipe, 6, 3, folder).final_loss)
    assert results[0] == pytest.approx(results[1], rel=1e-5)
