"""Generation does not depend on batches or order, and says when it was cut off."""

import pytest

from showhow.evaluation.generation import generate
from showhow.recipes.training import TrainingRecipe
from showhow.training.examples import tokenise
from showhow.training.trainer import train
from small_models import ladder_base

PAIRS = [(f"copy [ {a} ]", f"{a} " * (1 + a % 4) + ".") for a in range(10)]
PROBLEMS = [(str(index), prompt) for index, (prompt, _) in enumerate(PAIRS)]


@pytest.fixture(scope="module", params=["decoder", "t5"])
def base(request, tmp_path_factory):
    base = ladder_base(request.param)
    recipe = TrainingRecipe(batch_size=10, learning_rate=0.02)
    train(base, tokenise(base, PAIRS), recipe, 150, 0, tmp_path_factory.mktemp("trainer"))
    return base


def test_batches_do_not_matter(base):
    one = generate(base, PROBLEMS, batch_size=1, max_new_tokens=12)
    assert generate(base, PROBLEMS, batch_size=4, max_new_tokens=12) == one
    assert generate(base, PROBLEMS[::-1], batch_size=10, max_new_tokens=12) == one[::-1]


def test_what_was_learned_is_said(base):
    predictions = generate(base, PROBLEMS, batch_size=10, max_new_tokens=12)
    right = [p.prediction == response for p, (_, response) in zip(predictions, PAIRS, strict=True)]
    assert sum(right) >= 8


def test_a_cut_off_prediction_is_said_to_be(base):
    [cut] = generate(base, PROBLEMS[3:4], batch_size=1, max_new_tokens=2)
    assert cut.truncated
    assert cut.generated_tokens == 2


def test_each_problem_has_its_own_limit_whatever_its_batch(base):
    limits = [2 + index % 9 for index in range(len(PROBLEMS))]
    alone = [
        generate(base, [problem], batch_size=1, max_new_tokens=limit)[0]
        for problem, limit in zip(PROBLEMS, limits, strict=True)
    ]
    assert generate(base, PROBLEMS, batch_size=4, max_new_tokens=limits) == alone
    assert any(one.truncated for one in alone) and not all(one.truncated for one in alone)
