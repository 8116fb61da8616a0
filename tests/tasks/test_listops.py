"""ListOps against an evaluator of its own, which reads nothing but the text."""

import re
import statistics
import time
from itertools import combinations_with_replacement
from math import comb

import pytest
from hypothesis import assume, given
from hypothesis import settings as runs
from hypothesis import strategies as st

from showhow.base.errors import ShowhowError
from showhow.models.tokenizer import ladder_tokenizer
from showhow.responses import load_variant
from showhow.tasks import load_task
from showhow.tasks.listops import (
    ListOpsSettings,
    measure,
    read_expression,
    split_window,
    training_window,
)

TASK = load_task("listops")
INNERMOST = re.compile(r"\[([A-Z]+)((?: \d+)+) \]")
LONG_RANGE_ARENA = ListOpsSettings(
    arity_max=10,
    depth_max=9,
    operators_min=1,
    operators_max=None,
    length_min=501,
    length_max=1999,
    longer_length_max=None,
    deeper_depth_max=None,
)
THIRTY = ListOpsSettings(values=30)


def value_of(operator: str, numbers: list[int], values: int) -> int:
    if operator == "MED":
        return int(statistics.median(numbers))
    return {"MIN": min, "MAX": max, "SUM": lambda all_: sum(all_) % values}[operator](numbers)


def reduce_leftmost(text: str, values: int) -> tuple[str, str, list[int], int]:
    """Replace the leftmost innermost operator by its value."""
    found = INNERMOST.search(text)
    operator, numbers = found[1], [int(number) for number in found[2].split()]
    value = value_of(operator, numbers, values)
    return text[: found.start()] + str(value) + text[found.end() :], operator, numbers, value


def evaluate(text: str, values: int) -> str:
    while INNERMOST.search(text):
        text = INNERMOST.sub(
            lambda found: str(value_of(found[1], list(map(int, found[2].split())), values)), text
        )
    return text


@pytest.mark.parametrize("values", [10, 30])
def test_fifty_thousand_random_expressions_have_the_right_answer(values):
    settings = ListOpsSettings(
        values=values, arity_max=6, operators_max=8, longer_length_min=58, longer_length_max=80
    )
    problems = TASK.generate(settings, "train", 50_000, set())
    assert [problem.answer for problem in problems] == [
        evaluate(problem.prompt, values) for problem in problems
    ]
    assert {int(problem.answer) for problem in problems} == set(range(values))


def step_text(level: str, operator: str, numbers: list[int], value: int, values: int) -> str:
    """Word a step as the variants are specified."""
    listed = " ".join(map(str, numbers))
    ordered = " ".join(map(str, sorted(numbers)))
    total = sum(numbers)
    end = "the last digit is" if values == 10 else f"modulo {values} it is"
    return {
        ("short", operator): f"{operator} , {value} .",
        ("medium", "MIN"): f"MIN , smallest number of [ {listed} ] is {value} .",
        ("medium", "MAX"): f"MAX , largest number of [ {listed} ] is {value} .",
        ("medium", "MED"): f"MED , sorted list [ {ordered} ] , median is {value} .",
        ("medium", "SUM"): f"SUM , add [ {listed} ] , sum is {total} , answer is {value} .",
        ("long", "MIN"): f"MIN operator so we have to find the smallest of the numbers "
        f"[ {listed} ] , the smallest number is {value} .",
        ("long", "MAX"): f"MAX operator so we have to find the largest of the numbers "
        f"[ {listed} ] , the largest number is {value} .",
        ("long", "MED"): f"MED operator so we have to sort the numbers [ {listed} ] , "
        f"sorted list is [ {ordered} ] so the median is {value} .",
        ("long", "SUM"): f"SUM operator so we have to add the numbers [ {listed} ] , "
        f"sum is {total} so {end} {value} .",
    }[level, operator]


@pytest.mark.parametrize("settings", [ListOpsSettings(), THIRTY], ids=["0-9", "0-29"])
@pytest.mark.parametrize("level", ["short", "medium", "long"])
def test_the_steps_reduce_the_prompt_to_the_answer(level, settings):
    variant = load_variant(level)
    for split in ("train", "longer", "deeper"):
        for problem in TASK.generate(settings, split, 200, set()):
            *lines, last = variant.write(variant.Settings(), TASK, problem).response.split("\n")
            text = problem.prompt
            for line in lines:
                text, *step = reduce_leftmost(text, settings.values)
                assert line == step_text(level, *step, settings.values)
            assert text == problem.answer
            assert last == f"Final answer : {text}"


@st.composite
def distributions(draw) -> ListOpsSettings:
    arity = sorted(draw(st.lists(st.integers(2, 6), min_size=2, max_size=2)))
    operators = sorted(draw(st.lists(st.integers(1, 6), min_size=2, max_size=2)))
    depth = draw(st.integers(1, 4))
    assume(sum(arity[1] ** level for level in range(depth)) >= operators[0])
    return ListOpsSettings(
        values=draw(st.integers(5, 30)),
        operators=draw(st.lists(st.sampled_from(["MIN", "MAX", "MED", "SUM"]), min_size=1)),
        leaf_probability=draw(st.sampled_from([0.4, 0.6, 0.75])),
        arity_min=arity[0],
        arity_max=arity[1],
        depth_max=depth,
        operators_min=operators[0],
        operators_max=operators[1],
        longer_length_max=None,
        deeper_depth_max=None,
    )


@runs(max_examples=60, deadline=None)
@given(settings=distributions())
def test_expressions_keep_to_the_settings(settings):
    for problem in TASK.generate(settings, "train", 5, set()):
        words = problem.prompt.split()
        opened = [word[1:] for word in words if word.startswith("[")]
        assert settings.operators_min <= len(opened) <= settings.operators_max
        assert set(opened) <= set(settings.operators)
        assert opened[0] == problem.groups["root"]
        assert problem.groups["length"] == len(words)
        depths = [
            sum(word.startswith("[") for word in words[:end]) - words[:end].count("]")
            for end in range(len(words))
        ]
        assert problem.groups["depth"] == max(depths) <= settings.depth_max
        numbers = [word for word in words if word.isdigit()]
        assert all(int(number) < settings.values for number in numbers)
        assert problem.last_operand == numbers[-1]
        assert evaluate(problem.prompt, settings.values) == problem.answer


def test_the_splits_are_what_their_names_say():
    settings = ListOpsSettings()
    training, longer, deeper = (
        [problem.groups for problem in TASK.generate(settings, split, 500, set())]
        for split in ("train", "longer", "deeper")
    )
    lengths = [groups["length"] for groups in training]
    assert min(groups["length"] for groups in longer) > max(lengths)
    assert {groups["depth"] for groups in longer} <= {1, 2, 3}
    assert {groups["depth"] for groups in deeper} == {4, 5}
    assert all(min(lengths) <= groups["length"] <= max(lengths) for groups in deeper)
    assert {groups["root"] for groups in training} == {"MIN", "MAX", "MED", "SUM"}


def test_splits_can_be_left_out():
    assert TASK.evaluation_splits(ListOpsSettings()) == ("test", "longer", "deeper")
    assert TASK.evaluation_splits(LONG_RANGE_ARENA) == ("test",)


def test_long_range_arenas_own_distribution():
    problems = TASK.generate(LONG_RANGE_ARENA, "train", 40, set())
    for problem in problems:
        assert 500 < len(problem.prompt.split()) < 2000
        assert evaluate(problem.prompt, 10) == problem.answer
    assert {problem.groups["depth"] for problem in problems} <= set(range(4, 10))


def test_operands_in_another_order_are_the_same_problem():
    [problem] = TASK.generate(ListOpsSettings(), "train", 1, set())
    reordered, other = (
        type(problem)(**{**vars(problem), "prompt": prompt})
        for prompt in ("[MAX 4 [SUM 2 3 ] 1 ]", "[MAX 4 [SUM 2 1 ] 3 ]")
    )
    same = type(problem)(**{**vars(problem), "prompt": "[MAX 1 4 [SUM 3 2 ] ]"})
    assert TASK.canonical(reordered) == TASK.canonical(same) != TASK.canonical(other)


@pytest.mark.parametrize(
    "text", ["", "[MAX 1 2", "1 2", "[MAX 1 2 ] ]", "MAX 1 2 ]", "[MAX 1 -2 ]", "[MAX 1 ] 2"]
)
def test_a_prompt_that_is_no_expression_is_an_error(text):
    with pytest.raises(ShowhowError, match="expression"):
        read_expression(text)


def test_four_thousand_problems_take_less_than_two_seconds():
    start = time.process_time()
    TASK.generate(ListOpsSettings(), "train", 4000, set())
    assert time.process_time() - start < 2


def test_a_distribution_that_explodes_is_cut_short():
    settings = ListOpsSettings(
        leaf_probability=0, depth_max=50, deeper_depth_max=None, longer_length_max=None
    )
    with pytest.raises(ShowhowError, match="0 were found"):
        TASK.generate(settings, "train", 1, set())


# How many problems there can be, against all of them written down.


def all_expressions(settings: ListOpsSettings, depth: int) -> set[str]:
    """Spell every expression of at most a depth, its operands sorted as text."""
    known = {str(value) for value in range(settings.values)}
    for _ in range(depth):
        known = known | {
            f"[{operator} {' '.join(sorted(operands))} ]"
            for operator in settings.operators
            for arity in range(settings.arity_min, settings.arity_max + 1)
            for operands in combinations_with_replacement(sorted(known), arity)
        }
    return {text for text in known if text.startswith("[")}


@st.composite
def small_settings(draw) -> ListOpsSettings:
    arity_min = draw(st.integers(2, 3))
    least = draw(st.integers(1, 3))
    shortest = draw(st.integers(1, 12))
    settings = ListOpsSettings(
        values=draw(st.integers(2, 3)),
        operators=draw(st.lists(st.sampled_from(["MIN", "SUM"]), min_size=1, max_size=3)),
        arity_min=arity_min,
        arity_max=draw(st.integers(arity_min, 3)),
        depth_max=draw(st.integers(1, 2)),
        operators_min=least,
        operators_max=draw(st.none() | st.integers(least, 5)),
        length_min=shortest,
        length_max=draw(st.none() | st.integers(shortest, 24)),
        longer_length_max=None,
        deeper_depth_max=None,
    )
    try:
        TASK.check(settings)
    except ShowhowError:
        assume(False)
    return settings


@runs(max_examples=60, deadline=None)
@given(settings=small_settings())
def test_the_capacity_is_the_number_of_different_expressions(settings):
    window = training_window(settings)
    kept = {
        text
        for text in all_expressions(settings, settings.depth_max)
        if window.keeps(measure(read_expression(text)))
    }
    assert TASK.capacity(settings, "train", set()) == len(kept)
    taken = set(sorted(kept)[:5]) | {"[MAX 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 ]"}
    assert TASK.capacity(settings, "train", taken) == len(kept) - min(5, len(kept))


def test_the_harder_splits_are_counted_by_their_own_windows():
    settings = ListOpsSettings(
        values=2,
        operators=("MAX",),
        arity_max=2,
        depth_max=2,
        operators_min=1,
        operators_max=2,
        longer_length_min=8,
        longer_length_max=10,
        deeper_depth_max=3,
    )
    for split, depth in (("train", 2), ("longer", 2), ("deeper", 3)):
        window = split_window(settings, split)
        texts = all_expressions(settings, depth)
        kept = {text for text in texts if window.keeps(measure(read_expression(text)))}
        assert TASK.capacity(settings, split, set()) == len(kept)


@pytest.mark.parametrize("settings", [ListOpsSettings(), THIRTY, LONG_RANGE_ARENA])
def test_nobody_counts_what_nobody_could_ask_for(settings):
    assert TASK.capacity(settings, "train", set()) is None


def test_large_operators_are_counted_exactly_too():
    settings = ListOpsSettings(
        values=2,
        operators=("MAX",),
        arity_max=6,
        depth_max=2,
        operators_min=1,
        operators_max=5,
        longer_length_max=None,
        deeper_depth_max=None,
    )
    flat = sum(comb(arity + 1, arity) for arity in range(2, 7))
    nested_and_numbers = [
        comb(flat + nested - 1, nested) * (arity - nested + 1)
        for arity in range(2, 7)
        for nested in range(min(arity, 4) + 1)
    ]
    assert TASK.capacity(settings, "train", set()) == sum(nested_and_numbers)


def test_what_would_take_long_to_count_is_not_counted():
    settings = LONG_RANGE_ARENA.model_copy(update={"depth_max": 100, "length_min": 1998})
    start = time.process_time()
    assert TASK.capacity(settings, "train", set()) is None
    assert time.process_time() - start < 1


@pytest.mark.parametrize("depth", [2, 3])
@pytest.mark.parametrize("split", ["train", "test", "longer"])
def test_depth_can_be_forced(depth, split):
    settings = TASK.Settings(depth_min=depth)
    depths = {problem.groups["depth"] for problem in TASK.generate(settings, split, 60, set())}
    assert min(map(int, depths)) >= depth
    assert max(map(int, depths)) <= settings.depth_max


def test_a_depth_that_cannot_be_is_refused():
    with pytest.raises(ShowhowError, match="depth_min is 4 and depth_max 3"):
        TASK.check(TASK.Settings(depth_min=4))
    with pytest.raises(ShowhowError, match="depth_min is 3, but operators_max"):
        TASK.check(TASK.Settings(depth_min=3, operators_max=2))


def test_numbers_of_two_digits_are_single_tokens_of_the_ladder():
    tokenizer = ladder_tokenizer()
    settings = TASK.Settings(values=30)
    for problem in TASK.generate(settings, "train", 100, set()):
        for text in (problem.prompt, *(TASK.explain(step, "medium") for step in problem.steps)):
            ids = tokenizer(text, add_special_tokens=False).input_ids
            assert tokenizer.unk_token_id not in ids
            assert tokenizer.decode(ids).replace("[ ", "[") == text.replace("[ ", "[")
    assert len(tokenizer("[MAX 29 17 ]", add_special_tokens=False).input_ids) == 5
