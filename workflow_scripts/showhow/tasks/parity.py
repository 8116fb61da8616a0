"""Parity of a bit string: whether the number of its ones is even or odd."""

from dataclasses import replace
from random import Random

from pydantic import Field

from showhow.base.errors import ShowhowError
from showhow.tasks.problem import Problem, Step
from showhow.tasks.task import Level, RandomTask, TaskSettings

PARITIES = ("even", "odd")


class ParitySettings(TaskSettings):
    """The lengths of the bit strings; all lengths of a split are equally probable."""

    bits_min: int = Field(8, ge=1, description="The fewest bits in training.")
    bits_max: int = Field(12, ge=1, description="The most bits in training.")
    longer_bits: int | None = Field(
        16,
        ge=1,
        description="The split 'longer' has one bit more up to this many; null for no split.",
    )


def run_along(bits: str) -> tuple[Step, ...]:
    """Keep the parity of the ones so far, from the first bit to the last.

    A step's operands are the parity so far and the bit, its result the parity with the bit.
    """
    steps: list[Step] = []
    so_far = PARITIES[0]
    for bit in bits:
        steps.append(add_bit(so_far, bit))
        so_far = steps[-1].result
    return tuple(steps)


def add_bit(so_far: str, bit: str) -> Step:
    """Go on from the parity so far with one bit."""
    now = PARITIES[(PARITIES.index(so_far) + int(bit)) % 2]
    return Step("bit", (so_far, bit), "", now)


class Parity(RandomTask[str]):
    kind = "parity"
    Settings = ParitySettings
    wordings = 3

    def evaluation_splits(self, settings: ParitySettings) -> tuple[str, ...]:
        return ("test",) if settings.longer_bits is None else ("test", "longer")

    def check(self, settings: ParitySettings) -> None:
        if settings.bits_min > settings.bits_max:
            raise ShowhowError(
                f"parity: bits_min is {settings.bits_min} and bits_max {settings.bits_max}; "
                "make bits_min the smaller one."
            )
        if settings.longer_bits is not None and settings.longer_bits <= settings.bits_max:
            raise ShowhowError(
                f"parity: longer_bits is {settings.longer_bits} and bits_max "
                f"{settings.bits_max}; make longer_bits the larger one, or null."
            )

    def capacity(self, settings: ParitySettings, split: str, exclude: set[str]) -> int:
        lengths = _lengths(settings, split)
        taken = sum(len(form) in lengths for form in exclude)
        return sum(2**bits for bits in lengths) - taken

    def draw(self, settings: ParitySettings, split: str, random: Random) -> str:
        bits = random.choice(_lengths(settings, split))
        return f"{random.getrandbits(bits):0{bits}b}"

    def form(self, question: str) -> str:
        return question

    def read(self, prompt: str) -> str:
        return prompt.replace(" ", "")

    def solve(self, settings: ParitySettings, split: str, question: str, identity: str) -> Problem:
        steps = run_along(question)
        return Problem(
            id=identity,
            split=split,
            prompt=" ".join(question),
            answer=steps[-1].result,
            steps=steps,
            groups={"length": len(question)},
            last_operand=PARITIES[int(question[-1])],
        )

    def explain(self, step: Step, level: Level) -> str:
        so_far, bit = step.operands
        change = "becomes" if bit == "1" else "stays"
        if level == "short":
            return f"bit , {step.result} ."
        if level == "medium":
            return f"bit {bit} , {so_far} {change} {step.result} ."
        return (
            f"the number of ones so far is {so_far} and the next bit is {bit} "
            f"so it {change} {step.result} ."
        )

    def explain_otherwise(self, step: Step, level: Level, wording: int) -> str:
        so_far, bit = step.operands
        second, third = {
            "short": (f"bit is {step.result} .", f"bit so {step.result} ."),
            "medium": (
                f"{so_far} and bit {bit} is {step.result} .",
                f"{so_far} , next {bit} so {step.result} .",
            ),
            "long": (
                f"so far we have {so_far} ones , next the bit {bit} "
                f"so the number of ones is {step.result} .",
                f"to the {so_far} number of ones so far we add the next bit {bit} "
                f"and it is {step.result} .",
            ),
        }[level]
        return second if wording == 1 else third

    def solve_wrongly(self, problem: Problem, random: Random) -> tuple[Step, ...]:
        """Run along other bits, each step going on from the wrong parity of the one before."""
        steps: list[Step] = []
        so_far = PARITIES[0]
        for _ in problem.steps:
            step = add_bit(so_far, random.choice("01"))
            so_far = self.wrong_result(step, random)
            steps.append(replace(step, result=so_far))
        return tuple(steps)

    def carry_on(self, problem: Problem, place: int, result: str) -> Problem:
        """Run along the bits behind the step from the parity that it says."""
        steps = [*problem.steps[:place], replace(problem.steps[place], result=result)]
        for right in problem.steps[place + 1 :]:
            steps.append(add_bit(steps[-1].result, right.operands[1]))
        return replace(problem, steps=tuple(steps), answer=steps[-1].result)

    def shortcuts(self, settings: ParitySettings, problem: Problem) -> dict[str, str]:
        """Answer by the first bit, by the number of bits, or odd where ones are more than zeros."""
        bits = self.read(problem.prompt)
        return {
            "first_operand": PARITIES[int(bits[0])],
            "length": PARITIES[len(bits) % 2],
            "more_ones": PARITIES[2 * bits.count("1") > len(bits)],
        }

    def wrong_result(self, step: Step, random: Random) -> str:
        return "odd" if step.result == "even" else "even"


def _lengths(settings: ParitySettings, split: str) -> range:
    if split == "longer":
        assert settings.longer_bits is not None
        return range(settings.bits_max + 1, settings.longer_bits + 1)
    return range(settings.bits_min, settings.bits_max + 1)


TASK = Parity()
