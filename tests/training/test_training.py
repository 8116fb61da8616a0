"""Training: loss on the response only, equal for equal seeds, accumulation, every optimiser."""

import pytest
import torch

from showhow.recipes.training import TrainingRecipe
from showhow.training.examples import IGNORED, Collator, tokenise
from showhow.training.trainer import train
from small_models import ladder_base

PAIRS = [(f"copy [ {a} {b} ]", f"copy [ {a} {b} ] .") for a in range(10) for b in range(5)]
RECIPE = TrainingRecipe(batch_size=8, learning_rate=0.01)


def trained(recipe, tmp_path, family="decoder", steps=12, seed=3):
    base = ladder_base(family)
    record = train(base, tokenise(base, PAIRS), recipe, steps, seed, tmp_path)
    return base.model, record


def weights(model):
    return torch.cat([parameter.detach().flatten() for parameter in model.parameters()])


@pytest.mark.parametrize("family", ["decoder", "t5"])
def test_the_loss_counts_the_response_and_its_end_only(family):
    base = ladder_base(family)
    example = tokenise(base, [("copy [ 3 4 ]", "3 4")])[0]
    counted = [token for token in example.labels if token != IGNORED]
    assert base.tokenizer.decode(counted) == "3 4 <end>"
    batch = Collator(base.tokenizer.pad_token_id)([example, tokenise(base, PAIRS)[0]])
    assert (batch["labels"][0] != IGNORED).sum() == 3


@pytest.mark.parametrize("family", ["decoder", "t5"])
def test_equal_seeds_give_equal_weights(family, tmp_path):
    first, _ = trained(RECIPE, tmp_path, family)
    again, _ = trained(RECIPE, tmp_path, family)
    other, _ = trained(RECIPE, tmp_path, family, seed=4)
    assert torch.equal(weights(first), weights(again))
    assert not torch.equal(weights(first), weights(other))


@pytest.mark.parametrize(
    ("optimizer", "family"), [("muon", "decoder"), ("adamw", "decoder"), ("adafactor", "t5")]
)
def test_every_optimiser_lowers_the_loss(optimizer, family, tmp_path):
    recipe = RECIPE.model_copy(update={"optimizer": optimizer, "learning_rate": 0.02})
    _, record = trained(recipe, tmp_path, family, steps=40)
    assert record.final_loss < record.loss_curve[0][1] * 0.8


def test_accumulation_over_micro_batches_takes_the_same_steps(tmp_path):
    whole, _ = trained(RECIPE.model_copy(update={"optimizer": "adamw"}), tmp_path)
    parts = RECIPE.model_copy(update={"optimizer": "adamw", "micro_batch_size": 2})
    accumulated, _ = trained(parts, tmp_path)
    assert torch.allclose(weights(whole), weights(accumulated), atol=2e-4)


def test_the_record_counts_what_was_seen(tmp_path):
    _, record = trained(RECIPE, tmp_path)
    assert record.steps == 12
    assert record.examples_seen == 96
    assert record.target_tokens == 96 * 7  # copy [ a b ] . <end>
    assert record.train_tokens == record.target_tokens + 96 * 6  # copy [ a b ] <answer>
