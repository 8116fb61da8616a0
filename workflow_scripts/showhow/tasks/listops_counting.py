"""How many ListOps expressions there are, those that differ in their operands' order counted once.

An operator's operands are a multiset, so what is counted are unordered trees: by their number of
operators and their length, those of one depth from those of less.
"""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import comb

from showhow.tasks.listops_expressions import Window

ENOUGH = 10_000_000  # nobody asks for more
STEPS = 100_000  # so many take about a tenth of a second

Sizes = dict[tuple[int, int], int]  # how many there are with so many operators and this length


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

    None stands for ten million and more. Counting can only take long where there are as many, in
    the window or outside it; then it is given up, and None says nothing about the window.
    """
    depths = min(window.depth_max, window.operators_max)
    sizes: Sizes = {}
    shallow = counted = 0
    for depth in range(1, depths + 1):
        operands = {(0, 1): grammar.values} | sizes
        deeper = _one_deeper(grammar, window, operands, STEPS // depths)
        if deeper is None:
            return None
        sizes = deeper
        kept = sum(
            number
            for (operators, length), number in sizes.items()
            if operators >= window.operators_min and length >= window.length_min
        )
        if depth < window.depth_min:
            shallow = kept
        counted = kept - shallow
        if counted >= ENOUGH:
            return None
    return counted


def _one_deeper(grammar: Grammar, window: Window, operands: Sizes, steps: int) -> Sizes | None:
    """Count what can be made of an operator and these operands, as far as the window goes.

    None where it would take more steps than that.
    """
    # Multisets of operands: how many there are with so many operands, operators and this length.
    chosen = Counter({(0, 0, 0): 1})
    for (operators, length), kinds in operands.items():
        for (count, inner, extent), ways in list(chosen.items()):
            for times in range(1, grammar.arity_max - count + 1):
                size = inner + times * operators, extent + times * length
                if size[0] + 1 > window.operators_max or size[1] + 2 > window.length_max:
                    break
                # `times` of so many kinds, in no order.
                chosen[count + times, *size] += ways * comb(kinds + times - 1, times)
                steps -= 1
        if steps < 0:
            return None
    sizes = Counter()
    for (count, inner, extent), ways in chosen.items():
        if count >= grammar.arity_min:
            sizes[inner + 1, extent + 2] += grammar.operators * ways
    return sizes
