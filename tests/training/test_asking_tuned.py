"""What fine-tuning changed is still there when a model is asked."""

import torch

from showhow.evaluation.generation import generate
from showhow.models.loading import load_base
from showhow.recipes.training import AdapterRecipe, TrainingRecipe
from showhow.training.adapters import add_adapter
from showhow.training.examples import tokenise
from showhow.training.trainer import train
from showhow.training.tuned import is_adapted, ready_to_ask
from small_models import foreign_folder

PAIRS = [("one", "two"), ("three", "four"), ("five", "six")]


def trained(folder, tmp_path, adapter=None, **recipe):
    base = load_base(folder)
    if adapter:
        base = add_adapter(base, adapter, seed=0)
    told = TrainingRecipe(optimizer="adamw", batch_size=3, **recipe)
    train(base, tokenise(base, PAIRS), told, 8, 0, tmp_path / "checkpoints")
    return base


def weights(base):
    return {n: w.detach().float().cpu().clone() for n, w in base.model.named_parameters()}


def test_a_short_training_of_all_weights_is_asked_as_it_is(tmp_path):
    """At such a rate, bf16 would round away much of what eight steps have changed."""
    base = trained(foreign_folder("llama", tmp_path / "m"), tmp_path, learning_rate=1e-5)
    before = weights(base)
    asked = weights(ready_to_ask(base, "auto"))
    assert all(torch.equal(asked[name], before[name]) for name in before)
    rounded = weights(ready_to_ask(base, "bf16"))
    assert not all(torch.equal(rounded[name], before[name]) for name in before)


def test_an_adapter_is_merged_and_answers_as_before(tmp_path):
    folder = foreign_folder("llama", tmp_path / "m")
    base = trained(folder, tmp_path, AdapterRecipe(rank=4), learning_rate=0.05)
    problems = [(prompt, prompt) for prompt, _ in PAIRS]
    before = generate(base, problems, 3, 8)
    assert generate(load_base(folder), problems, 3, 8) != before
    ready = ready_to_ask(base, "fp32")
    assert not is_adapted(ready)
    assert not any("lora" in name for name, _ in ready.model.named_modules())
    assert generate(ready, problems, 3, 8) == before


def test_in_bf16_an_adapter_stays_beside_the_weights(tmp_path):
    folder = foreign_folder("llama", tmp_path / "m")
    base = trained(folder, tmp_path, AdapterRecipe(), learning_rate=0.01)
    assert is_adapted(ready_to_ask(base, "bf16"))
