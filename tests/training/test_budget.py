"""How long a run trains, by what it is matched on."""

from showhow.recipes.training import TrainingRecipe
from showhow.training.budget import optimiser_steps

RECIPE = TrainingRecipe(epochs=4, steps=77, batch_size=10)


def test_matched_on_examples_every_arm_takes_the_same_steps():
    assert optimiser_steps(RECIPE, "examples", [2] * 100, [2] * 100) == 40
    assert optimiser_steps(RECIPE, "examples", [50] * 100, [50] * 100) == 40


def test_matched_on_steps_the_size_of_the_training_set_does_not_matter():
    assert optimiser_steps(RECIPE, "steps", [2] * 100, [2] * 100) == 77
    assert optimiser_steps(RECIPE, "steps", [2] * 10, [2] * 10) == 77


def test_matched_on_target_tokens_a_short_response_is_seen_more_often():
    steps = optimiser_steps(RECIPE, "target_tokens", [2] * 100, [50] * 100)
    assert steps * 10 * 2 == 4 * 100 * 50


def test_fewer_examples_than_a_batch_still_make_whole_passes():
    assert optimiser_steps(RECIPE, "examples", [2] * 5, [2] * 5) == 4


def test_a_small_training_set_need_not_be_a_short_training():
    recipe = RECIPE.model_copy(update={"min_steps": 30})
    assert optimiser_steps(recipe, "examples", [2] * 20, [2] * 20) == 30
    assert optimiser_steps(recipe, "examples", [2] * 100, [2] * 100) == 40
    assert optimiser_steps(recipe, "target_tokens", [2] * 20, [6] * 20) == 90
