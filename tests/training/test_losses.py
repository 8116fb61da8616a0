"""Logits before the response's tokens alone give the loss and the gradients of all of them."""

import pytest
import torch

from showhow.models.loading import load_base
from showhow.recipes.training import AdapterRecipe
from showhow.training.adapters import add_adapter
from showhow.training.examples import Collator, tokenise, tokenise_texts
from showhow.training.losses import takes_places, with_places
from small_models import foreign_folder

PAIRS = [
    ("a long prompt, as they are", "yes"),
    ("another prompt, as long", "no, I say"),
    ("x", "y"),
]


def gradients(base, batch):
    base.model.zero_grad()
    loss = base.model(**batch, num_items_in_batch=torch.tensor(9)).loss
    loss.backward()
    moved = {n: w.grad for n, w in base.model.named_parameters() if w.grad is not None}
    return loss.detach(), {name: grad.clone() for name, grad in moved.items()}


@pytest.mark.parametrize("adapted", [False, True], ids=["whole", "adapter"])
@pytest.mark.parametrize("architecture", ["llama", "gpt2", "qwen2", "mistral", "gemma3_text"])
def test_loss_and_gradients_are_the_same(architecture, adapted, tmp_path):
    base = load_base(foreign_folder(architecture, tmp_path))
    if adapted:
        base = add_adapter(base, AdapterRecipe(), seed=0)
    assert takes_places(base.model)
    batch = Collator(base.padding_token)(tokenise(base, PAIRS))
    fewer = with_places(batch)
    assert len(fewer["logits_to_keep"]) < batch["labels"].shape[1] - 1
    (loss, all_of_them), (same, of_fewer) = gradients(base, batch), gradients(base, fewer)
    torch.testing.assert_close(same, loss)
    torch.testing.assert_close(of_fewer, all_of_them)


def test_no_more_logits_are_computed_than_there_are_places(tmp_path):
    base = load_base(foreign_folder("llama", tmp_path))
    batch = with_places(Collator(base.padding_token)(tokenise(base, PAIRS)))
    logits = base.model(**batch).logits
    assert logits.shape[:2] == batch["shift_labels"].shape


def test_plain_texts_keep_the_logits_of_all_their_places(tmp_path):
    base = load_base(foreign_folder("llama", tmp_path))
    batch = Collator(base.padding_token)(tokenise_texts(base, ["a text", "another one"]))
    assert with_places(batch) is batch
