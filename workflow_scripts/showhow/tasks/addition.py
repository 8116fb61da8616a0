"""Addition of two numbers, column by column from the right, as Lee et al. 2024 teach it."""

from dataclasses import replace
from random import Random

from pydantic import Field

from showhow.base.errors import ShowhowError
from showhow.tasks.problem import Problem, Step
from showhow.tasks.task import Level, RandomTask, TaskSettings

Sum = tuple[int, int]


class AdditionSettings(TaskSettings):
    """The numbers to add."""

    digits: int = Field(3, ge=1, description="How many digits the numbers have in training.")
    longer_digits: int | None = Field(
        5,
        ge=1,
        description="The split 'longer' has one digit more up to this many; null for no split.",
    )
    fewer_digits: bool = Field(
        False, description="Whether one of the two numbers may have fewer digits than the other."
    )


def spaced(number: int | str) -> str:
    """Write a number with spaces between its digits."""
    return " ".join(str(number))


def smallest_of(digits: int) -> int:
    """Give the smallest number to add that has so many digits; with one digit that is 0."""
    return 10 ** (digits - 1) if digits > 1 else 0


def add_columns(first: int, second: int) -> tuple[Step, ...]:
    """Add column by column from the right.

    A step's operands are the two digits and the carry, its result the digit to write and the
    next carry; the last carry is the sum's first digit unless it is 0.
    """
    columns = max(len(str(first)), len(str(second)))
    steps = []
    carry = 0
    for column in range(columns):
        upper, lower = (number // 10**column % 10 for number in (first, second))
        steps.append(add_column(upper, lower, carry))
        carry = (upper + lower + carry) // 10
    return tuple(steps)


def add_column(upper: int, lower: int, carry: int) -> Step:
    """Add two digits and what is carried.

    The sum has two digits, the first of them 0 where nothing is carried: a step takes as many words
    whatever it carries, so that a wrong one need not tell the right carry to be as long.
    """
    carry_out, digit = divmod(upper + lower + carry, 10)
    operands = (str(upper), str(lower), str(carry))
    return Step("column", operands, f"{carry_out} {digit}", f"{digit} {carry_out}")


class Addition(RandomTask[Sum]):
    kind = "addition"
    Settings = AdditionSettings
    wordings = 3

    def evaluation_splits(self, settings: AdditionSettings) -> tuple[str, ...]:
        return ("test",) if settings.longer_digits is None else ("test", "longer")

    def check(self, settings: AdditionSettings) -> None:
        if settings.longer_digits is not None and settings.longer_digits <= settings.digits:
            raise ShowhowError(
                f"addition: longer_digits is {settings.longer_digits} and digits "
                f"{settings.digits}; make longer_digits the larger one, or null."
            )

    def capacity(self, settings: AdditionSettings, split: str, exclude: set[str]) -> int:
        lengths = _lengths(settings, split)
        possible = sum(_pairs(digits, settings.fewer_digits) for digits in lengths)
        taken = sum(self._belongs(self.read(form), settings, lengths) for form in exclude)
        return possible - taken

    def draw(self, settings: AdditionSettings, split: str, random: Random) -> Sum:
        digits = random.choice(_lengths(settings, split))
        full = random.randrange(smallest_of(digits), 10**digits)
        other = random.randrange(0 if settings.fewer_digits else smallest_of(digits), 10**digits)
        return (full, other) if random.random() < 0.5 else (other, full)

    def form(self, question: Sum) -> str:
        return " + ".join(spaced(number) for number in sorted(question))

    def read(self, prompt: str) -> Sum:
        first, second = (int(number.replace(" ", "")) for number in prompt.split("+"))
        return first, second

    def solve(
        self, settings: AdditionSettings, split: str, question: Sum, identity: str
    ) -> Problem:
        first, second = question
        steps = add_columns(first, second)
        carries = sum(step.result.endswith("1") for step in steps)
        return Problem(
            id=identity,
            split=split,
            prompt=f"{spaced(first)} + {spaced(second)}",
            answer=spaced(first + second),
            steps=steps,
            groups={"length": len(steps), "carries": carries},
            last_operand=spaced(second),
        )

    def explain(self, step: Step, level: Level) -> str:
        upper, lower, carry_in = step.operands
        digit, carry = step.result.split()
        if level == "short":
            return f"column , digit {digit} carry {carry} ."
        if level == "medium":
            return (
                f"column , add {upper} {lower} carry {carry_in} , sum is {step.intermediate} , "
                f"digit {digit} carry {carry} ."
            )
        return (
            f"in this column we have to add the digits {upper} and {lower} and the carry "
            f"{carry_in} , sum is {step.intermediate} so we write the digit {digit} "
            f"and the next carry is {carry} ."
        )

    def explain_otherwise(self, step: Step, level: Level, wording: int) -> str:
        return (_with_colons if wording == 1 else _with_us)(step, level)

    def solve_wrongly(self, problem: Problem, random: Random) -> tuple[Step, ...]:
        """Add columns of any digits, each going on from the wrong carry of the one before.

        Of the problem they tell how many columns it has and nothing else.
        """
        steps: list[Step] = []
        carry = "0"
        for _ in problem.steps:
            step = add_column(random.randrange(10), random.randrange(10), int(carry))
            steps.append(replace(step, result=self.wrong_result(step, random)))
            carry = steps[-1].result.split()[1]
        return tuple(steps)

    def carry_on(self, problem: Problem, place: int, result: str) -> Problem:
        """Add the columns to the left with the carry that the step says, and write its digit."""
        steps = [*problem.steps[:place], replace(problem.steps[place], result=result)]
        for right in problem.steps[place + 1 :]:
            upper, lower, _ = map(int, right.operands)
            steps.append(add_column(upper, lower, int(steps[-1].result.split()[1])))
        digits = [step.result.split()[0] for step in reversed(steps)]
        carry = steps[-1].result.split()[1]
        answer = " ".join(digits if carry == "0" else [carry, *digits])
        return replace(problem, steps=tuple(steps), answer=answer)

    def shortcuts(self, settings: AdditionSettings, problem: Problem) -> dict[str, str]:
        """Answer with the first addend, or add every column by itself and drop what is carried."""
        first, _ = self.read(problem.prompt)
        columns = (
            int(upper) + int(lower) for upper, lower, _ in (s.operands for s in problem.steps)
        )
        alone = [str(total % 10) for total in columns]
        return {"first_operand": spaced(first), "no_carry": " ".join(reversed(alone))}

    def wrong_result(self, step: Step, random: Random) -> str:
        """Give a digit that is one off, or the other carry."""
        digit, carry = map(int, step.result.split())
        if random.random() < 0.5:
            return f"{digit} {1 - carry}"
        return f"{(digit + random.choice((1, -1))) % 10} {carry}"

    def _belongs(self, question: Sum, settings: AdditionSettings, lengths: list[int]) -> bool:
        """Say whether a question could be drawn for a split with these lengths."""
        digits = [len(str(number)) for number in question]
        return max(digits) in lengths and (settings.fewer_digits or digits[0] == digits[1])


def _with_colons(step: Step, level: Level) -> str:
    """Word a step in as many words, the second way."""
    upper, lower, carry_in = step.operands
    digit, carry = step.result.split()
    if level == "short":
        return f"column : write {digit} carry {carry} ."
    if level == "medium":
        return (
            f"column : sum of {upper} {lower} and {carry_in} is {step.intermediate} , "
            f"so write {digit} carry {carry} ."
        )
    return (
        f"this column is the sum of the digits {upper} and {lower} and the carry {carry_in} , "
        f"it is {step.intermediate} so the digit to write is {digit} "
        f"and we have next carry {carry} ."
    )


def _with_us(step: Step, level: Level) -> str:
    """Word a step in as many words, the third way."""
    upper, lower, carry_in = step.operands
    digit, carry = step.result.split()
    if level == "short":
        return f"column is {digit} and carry {carry} ."
    if level == "medium":
        return (
            f"column so we add {upper} {lower} carry {carry_in} = {step.intermediate} "
            f"and write {digit} , carry {carry} ."
        )
    return (
        f"of the digits {upper} and {lower} and the carry {carry_in} we find the sum in this "
        f"column : {step.intermediate} , so the digit is {digit} and we carry {carry} to the next ."
    )


def _lengths(settings: AdditionSettings, split: str) -> list[int]:
    if split == "longer":
        assert settings.longer_digits is not None
        return list(range(settings.digits + 1, settings.longer_digits + 1))
    return [settings.digits]


def _pairs(digits: int, fewer_digits: bool) -> int:
    """Count the unordered pairs of numbers of which the longer one has so many digits."""
    full = 10**digits - smallest_of(digits)
    with_shorter = full * smallest_of(digits) if fewer_digits else 0
    return full * (full + 1) // 2 + with_shorter


TASK = Addition()
