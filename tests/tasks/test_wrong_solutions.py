"""Solutions in which every step is wrong: what a control may not give away."""

from itertools import pairwise
from random import Random

import pytest

from evaluated_steps import evaluated
from showhow.tasks import load_task
from showhow.tasks.problem import Problem, Step

every_task = pytest.mark.parametrize("kind", ["addition", "listops", "parity"])


def problems_of(kind: str, count: int = 300, **settings) -> list[Problem]:
    task = load_task(kind)
    return task.generate(task.Settings(**settings), "train", count, set())


def wrongly(kind: str, problem: Problem) -> tuple[Step, ...]:
    return load_task(kind).solve_wrongly(problem, Random(problem.id))


@every_task
def test_no_step_has_the_result_that_its_operands_give(kind):
    for problem in problems_of(kind):
        for step in wrongly(kind, problem):
            assert step.result != evaluated(kind, step)


@every_task
def test_steps_are_those_of_the_problem_but_for_their_numbers(kind):
    for problem in problems_of(kind):
        wrong = wrongly(kind, problem)
        assert [step.operation for step in wrong] == [step.operation for step in problem.steps]
        for step, right in zip(wrong, problem.steps, strict=True):
            assert len(step.operands) == len(right.operands)
            assert len(step.intermediate.split()) == len(right.intermediate.split())


@pytest.mark.parametrize(("kind", "place"), [("addition", 2), ("parity", 0)])
def test_a_wrong_result_is_carried_into_the_next_step(kind, place):
    for problem in problems_of(kind):
        steps = wrongly(kind, problem)
        for before, after in pairwise(steps):
            assert after.operands[place] == before.result.split()[-1]


def test_a_wrong_result_is_carried_into_the_operator_around_it():
    for problem in problems_of("listops", operators_max=2, deeper_depth_max=None):
        inner, outer = wrongly("listops", problem)
        assert inner.result in outer.operands


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("listops", {}),
        ("listops", {"values": 30}),
        ("parity", {}),
        ("addition", {"digits": 1, "longer_digits": None}),
        ("addition", {}),
    ],
)
def test_the_last_step_gives_the_answer_away_no_more_often_than_another_problems(kind, settings):
    """Chance is how often the last step of some other problem with the same operation is right."""
    problems = problems_of(kind, 40 if settings.get("digits") == 1 else 1000, **settings)
    last = [wrongly(kind, problem)[-1] for problem in problems]
    for read in (lambda step: step.result, lambda step: evaluated(kind, step)):
        found, chance, pairs = 0, 0, 0
        for problem, step in zip(problems, last, strict=True):
            found += read(step) == problem.steps[-1].result
            others = [o for o in last[:40] if o is not step and o.operation == step.operation]
            chance += sum(read(other) == problem.steps[-1].result for other in others)
            pairs += len(others)
        bound = 4 * (0.25 / len(problems)) ** 0.5
        assert found / len(problems) == pytest.approx(chance / pairs, abs=bound)
