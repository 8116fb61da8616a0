"""How many ListOps expressions there are, those that differ in their operands' order counted once.

An operator's operands are a multiset, so what is counted are unordered trees: by their number of
operators and their length, and from those of smaller ones.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, comb, inf

from showhow.tasks.listops_expressions import Window

ENOUGH = 10_000_000  # nobody asks for more
STEPS = 4_000  # so many take some hundredths of a second


@dataclass(frozen=True)
class Grammar:
    """What expressions are made of: numbers 0 … values - 1, so many operators, their operands."""

    values: int
    operators: int
    arity_min: int
    arity_max: int


@lru_cache
def count_expressions(grammar: Grammar, window: Window) -> int | None:
    """Count the expressions in a window that begin with an operator.

    The count is exact, but where that would take long, it is of all expressions up to the
    window's depth and so an upper bound. None stands for ten million and more.
    """
    try:
        counted = _Count(grammar, window).all()
    except _TooManySteps:
        counted = _up_to_depth(grammar, window.depth_max)
    return counted if counted < ENOUGH else None


def _up_to_depth(grammar: Grammar, depth: int) -> int:
    """Count the expressions of a depth and less, whatever their length; stops at ENOUGH."""
    with_operator = 0
    for _ in range(depth):
        operands = grammar.values + with_operator
        arities = range(grammar.arity_min, grammar.arity_max + 1)
        with_operator = grammar.operators * _sum(
            (multisets(operands, arity) for arity in arities), ENOUGH
        )
        if with_operator >= ENOUGH:
            break
    return with_operator


def multisets(kinds: int, size: int) -> int:
    """Count the ways to take `size` things of so many kinds, in no order."""
    return comb(kinds + size - 1, size) if kinds else int(size == 0)


def _sum(terms: Iterable[int], enough: float) -> int:
    """Add up; stops once the sum is enough."""
    total = 0
    for term in terms:
        total += term
        if total >= enough:
            break
    return total


class _TooManySteps(Exception):
    """Counting would take too long."""


class _Count:
    """The numbers of expressions and operands by their size, each counted once."""

    def __init__(self, grammar: Grammar, window: Window):
        self.grammar = grammar
        self.window = window
        # A difference of two numbers needs both in full.
        self.enough = ENOUGH if window.depth_min == 1 else inf
        self.steps = 0
        self.known: dict[tuple[int, ...], int] = {}

    def all(self) -> int:
        """Count the expressions in the window; stops at ENOUGH."""
        return _sum((self._of_size(*size) for size in self._sizes_in_window()), ENOUGH)

    def _sizes_in_window(self) -> Iterator[tuple[int, int]]:
        window = self.window
        fewest = ceil((window.length_min - 1) / (self.grammar.arity_max + 1))
        fewest = max(fewest, window.operators_min, window.depth_min)
        for operators in range(fewest, window.operators_max + 1):
            shortest, longest = self._lengths(operators, 1)
            if shortest > window.length_max:
                return
            first, last = max(shortest, window.length_min), min(longest, window.length_max)
            yield from ((operators, length) for length in range(first, last + 1))

    def _of_size(self, operators: int, length: int) -> int:
        shallow = self.expressions(self.window.depth_min - 1, operators, length)
        return self.expressions(self.window.depth_max, operators, length) - shallow

    def _lengths(self, operators: int, count: int) -> tuple[int, int]:
        """Say how short and how long `count` expressions with so many operators can be."""
        per_operator = self.grammar.arity_min + 1, self.grammar.arity_max + 1
        return operators * per_operator[0] + count, operators * per_operator[1] + count

    def expressions(self, depth: int, operators: int, length: int) -> int:
        """Count the expressions of at most this depth, of exactly so many operators and length."""
        if operators == 0:
            return self.grammar.values if length == 1 else 0
        depth = min(depth, operators)
        key = depth, operators, length
        if depth > 0 and key not in self.known:
            inner, room = operators - 1, length - 2
            shortest, longest = self._lengths(inner, 0)
            fewest = max(self.grammar.arity_min, room - longest)
            most = min(self.grammar.arity_max, room - shortest)
            operands = (
                self.operands(depth - 1, arity, inner, room, inner, room)
                for arity in range(fewest, most + 1)
            )
            self.known[key] = self.grammar.operators * _sum(operands, self.enough)
        return self.known.get(key, 0)

    def operands(
        self, depth: int, count: int, operators: int, length: int, most: int, longest: int
    ) -> int:
        """Count the multisets of `count` expressions that together have this size.

        None of them has more than `most` operators or, with so many, is longer than `longest`.
        """
        if operators == 0:
            return multisets(self.grammar.values, count) if length == count else 0
        low, high = self._lengths(operators, count)
        if most * count < operators or not low <= length <= high:
            return 0
        key = depth, count, operators, length, most, longest
        if key not in self.known:
            largest = (
                (size, extent)
                for size in range(ceil(operators / count), min(most, operators) + 1)
                for extent in self._extents(size, longest if size == most else length)
            )
            counts = (self._led_by(depth, count, operators, length, *one) for one in largest)
            self.known[key] = _sum(counts, self.enough)
        return self.known[key]

    def _extents(self, operators: int, longest: int) -> range:
        low, high = self._lengths(operators, 1)
        return range(low, min(high, longest) + 1)

    def _led_by(
        self, depth: int, count: int, operators: int, length: int, size: int, extent: int
    ) -> int:
        """Count those of `operands` whose largest has `size` operators and length `extent`."""
        self.steps += 1
        if self.steps > STEPS:
            raise _TooManySteps
        kinds = self.expressions(depth, size, extent)
        if kinds == 0:
            return 0
        return sum(
            multisets(kinds, times)
            * self.operands(
                depth,
                count - times,
                operators - times * size,
                length - times * extent,
                size,
                extent - 1,
            )
            for times in range(1, min(count, operators // size) + 1)
        )
