"""The synthetic corpus on which the ladder's bases are pretrained.

It gives a small model what a large one brings along: single skills (copy, sort, add, take the
last digit, …) and *structure* (walking through a nested expression without evaluating it). No
task is solved in it: nothing is evaluated inside a nesting, no two numbers of several digits are
added, no bit string is counted (notes on what a base must know: docs/ladder.md). Its wording is its
own: no sentence of any level of detail, nor a clause of one, stands in it, or the level whose
sentences a base has read would win for that. Only where a
recipe asks for solutions does it hold tasks worked out in a voice: that makes a base to which one
voice is familiar (docs/familiarity.md). Only where it asks for facts does it state them, as plain
text: that makes a base that knows some of them better than others (docs/knowledge.md).
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from showhow.recipes.voices import VoiceName
from showhow.responses.voiced import in_manner
from showhow.tasks.knowledge.facts_of_things import things_asked, things_told
from showhow.tasks.task import RandomTask, TaskSettings
from showhow.tasks.voices import own_manner

OPERATORS = ("MIN", "MAX", "MED", "SUM")
NESTING = 0.35


@dataclass(frozen=True)
class CorpusLine:
    """One exercise: what is asked and what is answered; or a plain text, which has no prompt."""

    skill: str
    prompt: str | None
    response: str


@dataclass(frozen=True)
class Solutions:
    """Worked solutions of a task, all in one voice.

    exclude: canonical forms of the problems that a base must not have met, those to evaluate on.
    """

    task: RandomTask
    settings: TaskSettings
    voice: VoiceName
    weight: float
    exclude: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        return f"{self.task.kind} in voice {self.voice}"

    def write(self, draw: random.Random) -> tuple[str, str]:
        """Draw a problem like those to train on, and solve it."""
        question = None
        while question is None or self.task.form(question) in self.exclude:
            question = self.task.draw(self.settings, "train", draw)
        problem = self.task.solve(self.settings, "train", question, self.name)
        return problem.prompt, in_manner(problem, own_manner(self.voice), draw).response


def corpus(
    examples: int, seed: int, skills: dict[str, float], solutions: Sequence[Solutions] = ()
) -> Iterator[CorpusLine]:
    """Write `examples` exercises; the share of each kind is its weight over the sum of weights."""
    kinds = [(name, SKILLS[name], weight) for name, weight in skills.items()]
    kinds += [(worked.name, worked.write, worked.weight) for worked in solutions]
    weights = [weight for _, _, weight in kinds]
    for index in range(examples):
        draw = random.Random(f"corpus/{seed}/{index}")
        name, write, _ = draw.choices(kinds, weights)[0]
        prompt, response = write(draw)
        yield CorpusLine(name, prompt, response)


def stated(statements: Iterable[str]) -> Iterator[CorpusLine]:
    """Give statements of facts as lines of a corpus, to be read and not to be answered."""
    for text in statements:
        yield CorpusLine("facts", None, text)


def _numbers(draw: random.Random, low: int = 2, high: int = 5) -> list[int]:
    return [draw.randrange(10) for _ in range(draw.randint(low, high))]


def _listed(numbers) -> str:
    return "[ " + " ".join(map(str, numbers)) + " ]"


def copy(draw: random.Random) -> tuple[str, str]:
    listed = _listed(_numbers(draw, high=8))
    return f"copy {listed}", f"{listed} ;"


def sort(draw: random.Random) -> tuple[str, str]:
    numbers = _numbers(draw)
    return f"sort {_listed(numbers)}", f"{_listed(sorted(numbers))} ;"


def smallest(draw: random.Random) -> tuple[str, str]:
    numbers = _numbers(draw)
    listed = _listed(numbers)
    return f"smallest {listed}", f"{listed} smallest / {min(numbers)} ;"


def largest(draw: random.Random) -> tuple[str, str]:
    numbers = _numbers(draw)
    listed = _listed(numbers)
    return f"largest {listed}", f"{listed} largest / {max(numbers)} ;"


def add(draw: random.Random) -> tuple[str, str]:
    numbers = _numbers(draw)
    listed = _listed(numbers)
    return f"sum {listed}", f"{listed} sum / {sum(numbers)} ;"


def last_digit(draw: random.Random) -> tuple[str, str]:
    number = draw.randrange(60)
    return f"last digit {number}", f"{number} last digit / {number % 10} ;"


def median(draw: random.Random) -> tuple[str, str]:
    numbers = sorted(_numbers(draw))
    lower, upper = numbers[(len(numbers) - 1) // 2], numbers[len(numbers) // 2]
    listed = _listed(numbers)
    return f"median {listed}", f"{listed} median / {(lower + upper) // 2} ;"


def structure(draw: random.Random) -> tuple[str, str]:
    """Name each operator with its operands, innermost first; a nested one is left as its name."""
    expression, walked = _walk(draw, lambda operator: operator)
    return f"walk {expression}", " ".join(f"{name} {listed} ;" for name, listed, _ in walked)


def substitute(draw: random.Random) -> tuple[str, str]:
    """The same with each operator's value told beforehand, not computed: put it where it goes."""
    expression, walked = _walk(draw, lambda _: str(draw.randrange(10)))
    told = " ".join(value for _, _, value in walked)
    steps = (f"{operator} {listed} / {value} ;" for operator, listed, value in walked)
    return f"walk {expression} values {told}", " ".join(steps)


def _walk(
    draw: random.Random, value_of: Callable[[str], str]
) -> tuple[str, list[tuple[str, str, str]]]:
    """Draw a nested expression; return it with (operator, operands, value) innermost first."""
    walked: list[tuple[str, str, str]] = []

    def nest(depth: int) -> tuple[str, str]:
        operator = draw.choice(OPERATORS)
        written, operands = [], []
        for _ in range(draw.randint(2, 4)):
            if depth > 1 and draw.random() < NESTING:
                inner, value = nest(depth - 1)
            else:
                inner = value = str(draw.randrange(10))
            written.append(inner)
            operands.append(value)
        walked.append((operator, _listed(operands), value_of(operator)))
        return f"[{operator} {' '.join(written)} ]", walked[-1][2]

    expression, _ = nest(draw.randint(1, 4))
    return expression, walked


def digit_sum(draw: random.Random) -> tuple[str, str]:
    first, second, carry = draw.randrange(10), draw.randrange(10), draw.randrange(2)
    total = first + second + carry
    return f"sum {first} {second} and {carry}", f"{first} {second} and {carry} sum / {total} ;"


def columns(draw: random.Random) -> tuple[str, str]:
    """Read two numbers column by column from the right, without adding."""
    width = draw.randint(2, 6)
    first = [draw.randrange(10) for _ in range(width)]
    second = [draw.randrange(10) for _ in range(width)]
    pairs = zip(reversed(first), reversed(second), strict=True)
    return (
        f"columns {' '.join(map(str, first))} + {' '.join(map(str, second))}",
        " ".join(f"{upper} {lower} ;" for upper, lower in pairs),
    )


def reverse(draw: random.Random) -> tuple[str, str]:
    numbers = _numbers(draw, high=8)
    return f"reverse {_listed(numbers)}", f"{_listed(reversed(numbers))} ;"


def flip(draw: random.Random) -> tuple[str, str]:
    """One step of parity: what a single further bit does."""
    state, bit = draw.choice(("even", "odd")), draw.randrange(2)
    other = {"even": "odd", "odd": "even"}[state]
    return f"{state} bit {bit}", f"{state} {bit} / {other if bit else state} ;"


SKILLS: dict[str, Callable[[random.Random], tuple[str | None, str]]] = {
    skill.__name__: skill
    for skill in (
        copy,
        sort,
        smallest,
        largest,
        add,
        last_digit,
        median,
        structure,
        substitute,
        digit_sum,
        columns,
        reverse,
        flip,
        things_told,
        things_asked,
    )
}
