"""Muon moves matrices as torch's own does, whatever their shapes, and can be taken up again."""

import copy

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from showhow.training.muon import Muon, orthogonal

SHAPES = st.lists(st.tuples(st.integers(2, 24), st.integers(2, 24)), min_size=1, max_size=6)


def parameters(shapes, seed):
    torch.manual_seed(seed)
    return [torch.nn.Parameter(torch.randn(*shape)) for shape in shapes]


def give_gradients(seed, *models):
    """Draw the same gradients for all of them."""
    for matrices in models:
        torch.manual_seed(seed)
        for matrix in matrices:
            matrix.grad = torch.randn_like(matrix)


def reference_step(matrix, gradient, momentum, rate, decay):
    """Take one step as the paper writes it, for a single matrix in float64."""
    momentum.mul_(0.95).add_(0.05 * gradient)
    direction = 0.05 * gradient + 0.95 * momentum
    wide = direction.T if direction.shape[0] > direction.shape[1] else direction
    wide = wide / wide.norm()
    for _ in range(5):
        gram = wide @ wide.T
        wide = 3.4445 * wide + (-4.7750 * gram + 2.0315 * gram @ gram) @ wide
    if direction.shape[0] > direction.shape[1]:
        wide = wide.T
    longer = max(1.0, matrix.shape[0] / matrix.shape[1]) ** 0.5
    return matrix * (1 - rate * decay) - rate * longer * wide


@settings(deadline=None, max_examples=30)
@given(SHAPES, st.integers(0, 100))
def test_matrices_move_together_as_each_would_alone(shapes, seed):
    together = parameters(shapes, seed)
    alone = [matrix.detach().double() for matrix in together]
    momenta = [torch.zeros_like(matrix) for matrix in alone]
    optimizer = Muon(together, learning_rate=0.02, weight_decay=0.1)
    for step in range(3):
        give_gradients(seed + step, together)
        gradients = [matrix.grad.double() for matrix in together]
        optimizer.step()
        alone = [
            reference_step(*of_one, rate=0.02, decay=0.1)
            for of_one in zip(alone, gradients, momenta, strict=True)
        ]
    for matrix, expected in zip(together, alone, strict=True):
        assert torch.allclose(matrix.double(), expected, atol=1e-4)


@pytest.mark.parametrize("shape", [(64, 64), (128, 64), (64, 128)])
def test_it_takes_the_steps_of_torchs_muon(shape):
    """torch computes the direction in bf16, which has three digits."""
    (mine,), (theirs,) = parameters([shape], seed=0), parameters([shape], seed=0)
    ours = Muon([mine], learning_rate=0.02, weight_decay=0.1)
    reference = torch.optim.Muon([theirs], lr=0.02, weight_decay=0.1)
    for step in range(3):
        give_gradients(step, [mine], [theirs])
        ours.step()
        reference.step()
    assert torch.allclose(mine, theirs, atol=0.02 * 0.1)


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 4), st.integers(2, 40), st.integers(2, 40), st.integers(0, 100))
def test_an_orthogonal_direction_has_singular_values_near_one(count, rows, columns, seed):
    torch.manual_seed(seed)
    singular = torch.linalg.svdvals(orthogonal(torch.randn(count, rows, columns)))
    well_above_zero = singular[:, : min(rows, columns) // 2]
    assert (well_above_zero > 0.5).all()
    assert (singular < 1.3).all()


def test_a_matrix_without_a_gradient_stays():
    (matrix,) = parameters([(3, 4)], seed=0)
    before = matrix.detach().clone()
    Muon([matrix], learning_rate=0.02, weight_decay=0.1).step()
    assert torch.equal(matrix, before)


@pytest.mark.parametrize("stop", [1, 3])
def test_it_goes_on_from_its_state_to_the_bit(stop):
    straight = parameters([(4, 8), (8, 4), (4, 8)], seed=1)
    optimizer = Muon(straight, learning_rate=0.02, weight_decay=0.0)
    for step in range(5):
        if step == stop:
            resumed = [torch.nn.Parameter(matrix.detach().clone()) for matrix in straight]
            second = Muon(resumed, learning_rate=0.02, weight_decay=0.0)
            second.load_state_dict(copy.deepcopy(optimizer.state_dict()))
        give_gradients(step, straight)
        optimizer.step()
        if step >= stop:
            give_gradients(step, resumed)
            second.step()
    assert all(torch.equal(a, b) for a, b in zip(straight, resumed, strict=True))
