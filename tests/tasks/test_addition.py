"""Addition against Python's own."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showhow.responses import load_variant
from showhow.tasks import load_task
from showhow.tasks.addition import AdditionSettings

TASK = load_task("addition")
DIGITS_IN = {
    "short": r"column , digit (?P<digit>\d) carry (?P<carry>\d) \.",
    "medium": r"column , add (?P<upper>\d) (?P<lower>\d) carry (?P<before>\d) , "
    r"sum is (?P<total>[01] \d) , digit (?P<digit>\d) carry (?P<carry>\d) \.",
    "long": r"in this column we have to add the digits (?P<upper>\d) and (?P<lower>\d) and the "
    r"carry (?P<before>\d) , sum is (?P<total>[01] \d) so we write the digit (?P<digit>\d) "
    r"and the next carry is (?P<carry>\d) \.",
}


def number(text: str) -> int:
    assert re.fullmatch(r"\d( \d)*", text)
    return int(text.replace(" ", ""))


@pytest.mark.parametrize("fewer", [False, True])
def test_answers_are_the_sums(fewer):
    settings = AdditionSettings(fewer_digits=fewer)
    for split in ("test", "longer"):
        for problem in TASK.generate(settings, split, 2000, set()):
            first, second = map(number, problem.prompt.split(" + "))
            assert number(problem.answer) == first + second
            assert number(problem.last_operand) == second


@pytest.mark.parametrize("level", ["short", "medium", "long"])
@pytest.mark.parametrize("fewer", [False, True])
def test_the_steps_recompute_to_the_answer(level, fewer):
    variant = load_variant(level)
    settings = AdditionSettings(fewer_digits=fewer)
    for split in ("train", "longer"):
        for problem in TASK.generate(settings, split, 300, set()):
            *lines, last = variant.write(variant.Settings(), TASK, problem).response.split("\n")
            operands = [text.replace(" ", "") for text in problem.prompt.split(" + ")]
            columns = zip(*(text.zfill(len(lines))[::-1] for text in operands), strict=True)
            carry, written = 0, ""
            for line, (upper, lower) in zip(lines, columns, strict=True):
                total = int(upper) + int(lower) + carry
                said = re.fullmatch(DIGITS_IN[level], line).groupdict()
                expected = {"upper": upper, "lower": lower, "before": str(carry)}
                expected["total"] = " ".join(f"{total:02}")
                carry, digit = divmod(total, 10)
                expected |= {"digit": str(digit), "carry": str(carry)}
                assert said == {name: expected[name] for name in said}
                written = said["digit"] + written
            assert last == f"Final answer : {' '.join(('1' if carry else '') + written)}"
            assert last == f"Final answer : {problem.answer}"


addends = st.integers(0, 10**6 - 1)


@given(first=addends, second=addends, third=addends, fourth=addends, seed=st.integers(0, 2**32))
def test_wrong_columns_tell_nothing_of_a_problem_but_how_many_it_has(
    first, second, third, fourth, seed
):
    one, other = (
        TASK.solve(AdditionSettings(), "train", question, "train-0")
        for question in ((first, second), (third, fourth))
    )
    of_one, of_other = (TASK.solve_wrongly(problem, Random(seed)) for problem in (one, other))
    assert len(of_one) == len(one.steps)
    shared = min(len(of_one), len(of_other))
    assert of_one[:shared] == of_other[:shared]


def test_lengths_are_digits_and_carries_are_counted():
    settings = AdditionSettings(digits=2, longer_digits=4)
    for split, lengths in (("train", {2}), ("longer", {3, 4})):
        problems = TASK.generate(settings, split, 300, set())
        assert {problem.groups["length"] for problem in problems} == lengths
        for problem in problems:
            first, second = map(number, problem.prompt.split(" + "))
            assert len(str(first)) == len(str(second)) == problem.groups["length"]
            borrowed = sum(map(int, f"{first}{second}")) - sum(map(int, str(first + second)))
            assert problem.groups["carries"] == borrowed // 9


def test_one_of_the_numbers_may_be_shorter():
    problems = TASK.generate(AdditionSettings(fewer_digits=True), "train", 2000, set())
    sizes = {tuple(len(text.split()) for text in p.prompt.split(" + ")) for p in problems}
    assert {(3, 3), (2, 3), (3, 2)} <= sizes
    assert {max(pair) for pair in sizes} == {3}


def test_swapped_numbers_are_the_same_problem():
    problems = TASK.generate(AdditionSettings(digits=1, longer_digits=2), "train", 55, set())
    pairs = {frozenset(problem.prompt.split(" + ")) for problem in problems}
    assert len(pairs) == 55
