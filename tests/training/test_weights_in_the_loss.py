"""A part of a response can weigh in the loss as much as if it stood alone."""

import pytest
import torch

from showhow.recipes.training import TrainingRecipe
from showhow.responses import load_variant
from showhow.tasks import load_task
from showhow.training.examples import IGNORED, Collator, Example, tokenise
from showhow.training.losses import weighted_response_loss
from showhow.training.trainer import train
from small_models import ladder_base

RESPONSE = "Final answer : 4 2 .\ncolumn 1 2 ."
PART = (15, 18)


def example(base, response=RESPONSE, part=PART, masked=()) -> Example:
    return tokenise(base, [("2 1 + 2 1", response)], [masked], [part])[0]


@pytest.mark.parametrize("family", ["decoder", "t5"])
def test_the_part_has_the_share_that_it_has_alone(family):
    base = ladder_base(family)
    told = example(base)
    assert told.weights is not None
    tokens = base.tokenizer.convert_ids_to_tokens([max(label, 0) for label in told.labels])
    inside = [w for w, token in zip(told.weights, tokens, strict=True) if token in ("4",)]
    alone = tokenise(base, [("2 1 + 2 1", "4 2")])[0]
    counted = sum(label != IGNORED for label in told.labels)
    assert sum(told.weights) == pytest.approx(counted)
    first = next(
        place
        for place, token in enumerate(tokens)
        if token == "4" and told.labels[place] != IGNORED
    )
    share = sum(told.weights[first : first + 2]) / counted
    assert share == pytest.approx(2 / alone.target_tokens)
    assert len(set(told.weights)) <= 3
    assert inside


def test_what_stands_alone_weighs_as_without_weights():
    base = ladder_base("decoder")
    alone = example(base, "4 2", (0, 3))
    assert alone.weights == [0.0] * (len(alone.labels) - 3) + [1.0] * 3


def test_what_is_masked_weighs_nothing():
    base = ladder_base("decoder")
    told = example(base, masked=(0, 1))
    assert told.weights is not None
    assert all(
        w == 0 for w, label in zip(told.weights, told.labels, strict=True) if label == IGNORED
    )
    assert sum(told.weights) == pytest.approx(told.target_tokens)


def test_every_answer_that_comes_first_has_half_the_loss_or_more():
    base = ladder_base("decoder")
    task = load_task("listops")
    variant = load_variant("answer_first")
    for problem in task.generate(task.Settings(), "train", 20, set()):
        response = variant.write(variant.Settings(), task, problem)
        told = tokenise(base, [(problem.prompt, response.response)], None, [response.as_alone])[0]
        assert told.weights is not None
        assert max(told.weights) / sum(told.weights) == pytest.approx(1 / 2)


@pytest.mark.parametrize("shifts_labels", [True, False])
def test_the_loss_is_the_weighted_mean(shifts_labels):
    """Against a reference in double precision, token by token."""
    generator = torch.Generator().manual_seed(1)
    logits = torch.randn(3, 7, 11, generator=generator)
    labels = torch.randint(0, 11, (3, 7), generator=generator)
    labels[0, :4] = labels[2, 5:] = IGNORED
    weights = torch.rand(3, 7, generator=generator)
    total, count = torch.tensor(0.0, dtype=torch.float64), 0
    for row in range(3):
        for place in range(shifts_labels, 7):
            if labels[row, place] != IGNORED:
                said = logits[row, place - shifts_labels].double().log_softmax(0)
                total -= weights[row, place].double() * said[labels[row, place]]
                count += 1
    outputs = type("Outputs", (), {"logits": logits})
    loss = weighted_response_loss(outputs, labels, torch.tensor(count), weights, shifts_labels)
    assert loss.double() == pytest.approx(float(total / count), rel=1e-5)


@pytest.mark.parametrize("family", ["decoder", "t5"])
def test_weights_of_one_train_as_none_at_all_and_others_do_not(family, tmp_path):
    def trained(name, weigh):
        base = ladder_base(family)
        examples = tokenise(
            base, [(f"copy [ {a} {b} ]", f"{a} {b} .") for a in range(8) for b in range(3)]
        )
        for place, one in enumerate(examples):
            examples[place] = Example(one.input_ids, one.labels, weigh(one))
        recipe = TrainingRecipe(
            batch_size=8, micro_batch_size=4, optimizer="adamw", learning_rate=0.01
        )
        (tmp_path / name).mkdir()
        train(base, examples, recipe, 5, 3, tmp_path / name)
        return torch.cat([p.detach().flatten() for p in base.model.parameters()])

    plain = trained("plain", lambda one: None)
    ones = trained("ones", lambda one: [1.0] * len(one.labels))
    first = trained("first", lambda one: [1.0] * (len(one.labels) - 1) + [9.0])
    assert torch.allclose(plain, ones, atol=2e-4)
    assert not torch.allclose(plain, first, atol=2e-4)


def test_a_batch_without_weights_is_collated_as_before():
    base = ladder_base("decoder")
    plain = tokenise(base, [("copy 1", "1 .")])[0]
    collate = Collator(base.padding_token)
    assert "loss_weights" not in collate([plain])
    mixed = collate([plain, example(base)])["loss_weights"]
    assert mixed.shape == (2, example(base).length)
    assert mixed[0].tolist()[: len(plain.labels)] == [1.0] * len(plain.labels)
