"""ListOps: nested MIN, MAX, MED and SUM over small numbers.

The distribution is Long Range Arena's (Tay et al. 2021), which descends from Nangia and Bowman
2018; the wordings of the steps follow Ballout et al. 2023.
"""

import re
from dataclasses import replace
from random import Random
from typing import Literal

from pydantic import Field

from showhow.base.errors import ShowhowError
from showhow.tasks.listops_counting import Grammar, count_expressions
from showhow.tasks.listops_expressions import (
    Expression,
    Window,
    apply,
    length_of,
    measure,
    read_expression,
    solve_expression,
    spell,
    with_other_leaves,
)
from showhow.tasks.listops_wordings import WORDINGS
from showhow.tasks.problem import Problem, Step
from showhow.tasks.task import Level, RandomTask, TaskSettings

Operator = Literal["MIN", "MAX", "MED", "SUM"]
USUAL_VALUES = (10, 30, 100)


class ListOpsSettings(TaskSettings):
    """The distribution of expressions.

    Long Range Arena's own is arity 2-10, length 501-1999 and depth_max 9, its depth of 10 being
    counted with the leaves. Explained-ListOps-30 has values 30.
    """

    values: int = Field(10, ge=2, description="Numbers and answers go from 0 to one below this.")
    operators: tuple[Operator, ...] = Field(
        ("MIN", "MAX", "MED", "SUM"), min_length=1, description="The operators to draw from."
    )
    leaf_probability: float = Field(
        0.75, ge=0, lt=1, description="How probable it is that an operand is a number."
    )
    arity_min: int = Field(2, ge=2, description="The fewest operands of an operator.")
    arity_max: int = Field(4, ge=2, description="The most operands of an operator.")
    depth_min: int = Field(
        1,
        ge=1,
        le=100,
        description="The fewest operators inside one another, in training and the splits like it; "
        "2 and up keep an expression from being solved by looking at all its numbers at once.",
    )
    depth_max: int = Field(3, ge=1, le=100, description="The most operators inside one another.")
    operators_min: int = Field(2, ge=1, description="The fewest operators in an expression.")
    operators_max: int | None = Field(
        4, ge=1, description="The most operators in an expression; null for no limit."
    )
    length_min: int = Field(
        1, ge=1, description="The shortest expression: 1 per number, 2 per operator."
    )
    length_max: int | None = Field(
        None, ge=1, description="The longest expression; null for no limit but the others."
    )
    longer_length_min: int = Field(
        22, ge=1, description="The shortest expression of the split 'longer'."
    )
    longer_length_max: int | None = Field(
        32, ge=1, description="The longest expression of the split 'longer'; null for no split."
    )
    deeper_depth_max: int | None = Field(
        5,
        ge=1,
        le=100,
        description="The deepest expression of the split 'deeper'; null for no split.",
    )


def most_operators(settings: ListOpsSettings, depth: int) -> int:
    """Count the operators of the largest expression of a depth: every operand an operator."""
    return sum(settings.arity_max**level for level in range(depth))


def training_window(settings: ListOpsSettings) -> Window:
    """Work out what training and test expressions may be, as narrowly as the settings say."""
    operators_max = most_operators(settings, settings.depth_max)
    if settings.operators_max is not None:
        operators_max = min(operators_max, settings.operators_max)
    longest = length_of(operators_max, settings.arity_max)
    if settings.length_max is not None:
        longest = min(longest, settings.length_max)
    operators_min = max(settings.operators_min, settings.depth_min)
    shortest = max(settings.length_min, length_of(operators_min, settings.arity_min))
    depths = (settings.depth_min, settings.depth_max)
    return Window(*depths, operators_min, operators_max, shortest, longest)


def split_window(settings: ListOpsSettings, split: str) -> Window:
    """Work out what a split keeps.

    "longer" is beyond the training lengths at the same depth, "deeper" beyond the training depth
    at the same lengths; neither limits the number of operators otherwise.
    """
    training = training_window(settings)
    if split == "longer":
        assert settings.longer_length_max is not None
        operators = most_operators(settings, settings.depth_max)
        lengths = (settings.longer_length_min, settings.longer_length_max)
        return Window(training.depth_min, training.depth_max, 1, operators, *lengths)
    if split == "deeper":
        assert settings.deeper_depth_max is not None
        depths = (settings.depth_max + 1, settings.deeper_depth_max)
        operators = most_operators(settings, settings.deeper_depth_max)
        return Window(*depths, 1, operators, training.length_min, training.length_max)
    return training


def draw_expression(
    settings: ListOpsSettings, depth: int, length: int, random: Random
) -> Expression:
    """Draw an operator with its operands, at most `depth` operators inside one another.

    What outgrows `length` gets no more operators; it stays too long, so no window keeps it.
    """
    room = length - 1

    def draw_operator(depth: int) -> Expression:
        nonlocal room
        arity = random.randint(settings.arity_min, settings.arity_max)
        room -= arity + 1
        operands = tuple(
            draw_operator(depth - 1)
            if depth > 1 and room >= 0 and random.random() >= settings.leaf_probability
            else int(random.random() * settings.values)
            for _ in range(arity)
        )
        return random.choice(settings.operators), operands

    return draw_operator(depth)


class ListOps(RandomTask[Expression]):
    kind = "listops"
    Settings = ListOpsSettings
    wordings = 3

    def evaluation_splits(self, settings: ListOpsSettings) -> tuple[str, ...]:
        longer = ("longer",) if settings.longer_length_max is not None else ()
        deeper = ("deeper",) if settings.deeper_depth_max is not None else ()
        return ("test", *longer, *deeper)

    def check(self, settings: ListOpsSettings) -> None:
        if settings.arity_min > settings.arity_max:
            raise ShowhowError(
                f"listops: arity_min is {settings.arity_min} and arity_max {settings.arity_max}; "
                "make arity_min the smaller one."
            )
        window = training_window(settings)
        _check_training(settings, window)
        if settings.longer_length_max is not None:
            _check_longer(settings, window)
        if settings.deeper_depth_max is not None:
            _check_deeper(settings, window)

    def capacity(self, settings: ListOpsSettings, split: str, exclude: set[str]) -> int | None:
        window = split_window(settings, split)
        operators = len(set(settings.operators))
        grammar = Grammar(settings.values, operators, settings.arity_min, settings.arity_max)
        possible = count_expressions(grammar, window)
        if possible is None:
            return None
        return possible - sum(window.keeps(measure(self.read(form))) for form in exclude)

    def draw(self, settings: ListOpsSettings, split: str, random: Random) -> Expression | None:
        window = split_window(settings, split)
        expression = draw_expression(settings, window.depth_max, window.length_max, random)
        return expression if window.keeps(measure(expression)) else None

    def form(self, question: Expression) -> str:
        """Sort the operands, as no operator heeds their order."""
        return spell(question, sorted)

    def read(self, prompt: str) -> Expression:
        return read_expression(prompt)

    def solve(
        self, settings: ListOpsSettings, split: str, question: Expression, identity: str
    ) -> Problem:
        steps: list[Step] = []
        answer = str(solve_expression(question, settings.values, steps))
        shape = measure(question)
        root = "" if isinstance(question, int) else question[0]
        prompt = spell(question)
        return Problem(
            id=identity,
            split=split,
            prompt=prompt,
            answer=answer,
            steps=tuple(steps),
            groups={"length": shape.length, "depth": shape.depth, "root": root},
            last_operand=re.findall("[0-9]+", prompt)[-1],
        )

    def explain(self, step: Step, level: Level) -> str:
        return self.explain_otherwise(step, level, 0)

    def explain_otherwise(self, step: Step, level: Level, wording: int) -> str:
        return WORDINGS[level][wording](step.operation.partition(" ")[0], step)

    def solve_wrongly(self, problem: Problem, random: Random) -> tuple[Step, ...]:
        """Solve the expression with other numbers and a wrong result in every step."""
        values = values_of(problem)
        misread = with_other_leaves(self.read(problem.prompt), lambda: random.randrange(values))
        steps: list[Step] = []
        solve_expression(misread, values, steps, lambda step: self.wrong_result(step, random))
        return tuple(steps)

    def carry_on(self, problem: Problem, place: int, result: str) -> Problem:
        """Evaluate the operators around the step, and all others as they are, with its result."""
        steps: list[Step] = []
        answer = solve_expression(
            self.read(problem.prompt),
            values_of(problem),
            steps,
            lambda step: result if len(steps) == place else step.result,
        )
        return replace(problem, steps=tuple(steps), answer=str(answer))

    def shortcuts(self, settings: ListOpsSettings, problem: Problem) -> dict[str, str]:
        """Answer with the first number, or with what the first operator makes of all numbers."""
        numbers = re.findall("[0-9]+", problem.prompt)
        root = str(problem.groups["root"])
        _, over_leaves = apply(root, list(map(int, numbers)), settings.values)
        return {"first_operand": numbers[0], "root_over_leaves": str(over_leaves)}

    def wrong_result(self, step: Step, random: Random) -> str:
        """Give another operand, as someone would who picks the wrong one; else a neighbour."""
        result = int(step.result)
        if step.operation.startswith("SUM"):
            return str((result + random.choice((1, -1))) % modulus_of(step.operation))
        others = sorted(set(step.operands) - {step.result})
        if others:
            return random.choice(others)
        return str(result - 1 if result else 1)


def values_of(problem: Problem) -> int:
    """Say how many values numbers have: its sums say it, and else it is a usual range."""
    sums = [step.operation for step in problem.steps if step.operation.startswith("SUM")]
    if sums:
        return modulus_of(sums[0])
    largest = max(map(int, re.findall("[0-9]+", problem.prompt)))
    return next((values for values in USUAL_VALUES if largest < values), largest + 1)


def modulus_of(operation: str) -> int:
    """Read a sum's modulus; only one that is not 10 is said."""
    return int(operation.partition(" modulo ")[2] or 10)


def _check_training(settings: ListOpsSettings, window: Window) -> None:
    if settings.depth_min > settings.depth_max:
        raise ShowhowError(
            f"listops: depth_min is {settings.depth_min} and depth_max {settings.depth_max}; "
            "make depth_min the smaller one."
        )
    if window.operators_min > window.operators_max:
        needed = "operators_min" if settings.operators_min >= settings.depth_min else "depth_min"
        raise ShowhowError(
            f"listops: {needed} is {window.operators_min}, but operators_max, depth_max and "
            f"arity_max allow no more than {window.operators_max} operators; make it smaller."
        )
    if window.length_min > window.length_max:
        raise ShowhowError(
            f"listops: the shortest expression allowed has length {window.length_min}, the "
            f"longest {window.length_max}; widen length_min to length_max, operators_min to "
            "operators_max, or the arity."
        )


def _check_longer(settings: ListOpsSettings, window: Window) -> None:
    assert settings.longer_length_max is not None
    if settings.longer_length_min <= window.length_max:
        raise ShowhowError(
            f"listops: longer_length_min is {settings.longer_length_min}, but training expressions "
            f"may have length {window.length_max}; make it larger, or set length_max."
        )
    if settings.longer_length_max < settings.longer_length_min:
        raise ShowhowError(
            f"listops: longer_length_max is {settings.longer_length_max}, below longer_length_min "
            f"{settings.longer_length_min}; make it larger."
        )
    longest = length_of(most_operators(settings, settings.depth_max), settings.arity_max)
    if longest < settings.longer_length_min:
        raise ShowhowError(
            f"listops: longer_length_min is {settings.longer_length_min}, but depth_max and "
            f"arity_max allow no expression longer than {longest}; make it smaller, or set "
            "longer_length_max to null."
        )


def _check_deeper(settings: ListOpsSettings, window: Window) -> None:
    assert settings.deeper_depth_max is not None
    if settings.deeper_depth_max <= settings.depth_max:
        raise ShowhowError(
            f"listops: deeper_depth_max is {settings.deeper_depth_max} and depth_max "
            f"{settings.depth_max}; make deeper_depth_max the larger one, or null."
        )
    shortest = length_of(settings.depth_max + 1, settings.arity_min)
    if shortest > window.length_max:
        raise ShowhowError(
            f"listops: expressions of depth {settings.depth_max + 1} have at least length "
            f"{shortest}, training expressions at most {window.length_max}; make length_max "
            "larger, or set deeper_depth_max to null."
        )


TASK = ListOps()
