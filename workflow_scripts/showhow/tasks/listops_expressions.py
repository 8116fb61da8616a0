"""ListOps' expressions: their size, how they are spelled, read and solved."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from showhow.base.errors import ShowhowError
from showhow.tasks.problem import Step

Expression = int | tuple[str, tuple["Expression", ...]]  # a leaf, or an operator and its operands


class ExpressionSize(NamedTuple):
    """The size of an expression."""

    operators: int
    depth: int  # operators inside one another
    length: int  # Long Range Arena's count: 1 per leaf, 2 and the operands' lengths per operator


@dataclass(frozen=True)
class Window:
    """The expressions that a split keeps; limits are inclusive."""

    depth_min: int
    depth_max: int
    operators_min: int
    operators_max: int
    length_min: int
    length_max: int

    def keeps(self, size: ExpressionSize) -> bool:
        return (
            self.depth_min <= size.depth <= self.depth_max
            and self.operators_min <= size.operators <= self.operators_max
            and self.length_min <= size.length <= self.length_max
        )


def length_of(operators: int, arity: int) -> int:
    """Give the length of an expression whose operators all have `arity` operands."""
    return operators * (arity + 1) + 1


def measure(expression: Expression) -> ExpressionSize:
    """Count the operators, depth and length of an expression."""
    if isinstance(expression, int):
        return ExpressionSize(0, 0, 1)
    operators, depth, length = 1, 0, 2
    for operand in expression[1]:
        inner = measure(operand)
        operators += inner.operators
        depth = max(depth, inner.depth)
        length += inner.length
    return ExpressionSize(operators, depth + 1, length)


def spell(expression: Expression, arrange: Callable[[Iterable[str]], list[str]] = list) -> str:
    """Spell an expression as in a prompt: `[MAX 4 3 [SUM 2 3 ] 1 0 ]`.

    arrange: puts the spelled operands in order; `sorted` gives what differs in their order alone
    the same spelling.
    """
    if isinstance(expression, int):
        return str(expression)
    operator, operands = expression
    return f"[{operator} {' '.join(arrange(spell(each, arrange) for each in operands))} ]"


def read_expression(prompt: str) -> Expression:
    """Read what `spell` wrote; anything else raises ShowhowError."""
    open_operators: list[tuple[str, list[Expression]]] = [("", [])]
    for word in prompt.split():
        if re.fullmatch(r"\[[A-Z]+", word):
            open_operators.append((word[1:], []))
        elif word == "]" and len(open_operators) > 1:
            operator, operands = open_operators.pop()
            open_operators[-1][1].append((operator, tuple(operands)))
        elif re.fullmatch(r"[0-9]+", word):
            open_operators[-1][1].append(int(word))
        else:
            raise ShowhowError(f"'{word}' has no place in the ListOps expression '{prompt}'.")
    read = open_operators[0][1]
    if len(open_operators) > 1 or len(read) != 1:
        raise ShowhowError(f"'{prompt}' is not one whole ListOps expression.")
    return read[0]


def apply(operator: str, operands: list[int], values: int) -> tuple[str, int]:
    """Apply an operator; gives what is written down on the way ("" if nothing) and the result."""
    if operator == "MIN":
        return "", min(operands)
    if operator == "MAX":
        return "", max(operands)
    if operator == "SUM":
        return str(sum(operands)), sum(operands) % values
    ordered = sorted(operands)
    last = len(ordered) - 1
    # The two in the middle are one and the same for an odd count; halves are cut off.
    median = (ordered[last // 2] + ordered[(last + 1) // 2]) // 2
    return " ".join(map(str, ordered)), median


def with_other_leaves(expression: Expression, leaf: Callable[[], int]) -> Expression:
    """Put other numbers in the places of an expression's numbers."""
    if isinstance(expression, int):
        return leaf()
    operator, operands = expression
    return operator, tuple(with_other_leaves(operand, leaf) for operand in operands)


def solve_expression(
    expression: Expression,
    values: int,
    steps: list[Step],
    settle: Callable[[Step], str] = lambda step: step.result,
) -> int:
    """Evaluate an expression and append its steps, innermost first, left to right.

    settle: gives the result with which it goes on from a step.
    """
    if isinstance(expression, int):
        return expression
    operator, operands = expression
    results = [solve_expression(operand, values, steps, settle) for operand in operands]
    intermediate, result = apply(operator, results, values)
    # A step says by itself what it computes: a sum is taken modulo 10 unless it says otherwise.
    operation = f"SUM modulo {values}" if operator == "SUM" and values != 10 else operator
    step = Step(operation, tuple(map(str, results)), intermediate, str(result))
    steps.append(replace(step, result=settle(step)))
    return int(steps[-1].result)
