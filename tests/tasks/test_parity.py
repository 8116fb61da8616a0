"""Parity against counting the ones."""

import re

import pytest

from showhow.responses import load_variant
from showhow.tasks import load_task
from showhow.tasks.parity import ParitySettings

TASK = load_task("parity")
SENTENCE = {
    "short": r"bit , (?P<now>even|odd) \.",
    "medium": r"bit (?P<bit>[01]) , (?P<before>even|odd) (?P<verb>becomes|stays) "
    r"(?P<now>even|odd) \.",
    "long": r"the number of ones so far is (?P<before>even|odd) and the next bit is (?P<bit>[01]) "
    r"so it (?P<verb>becomes|stays) (?P<now>even|odd) \.",
}


def parity(bits: list[str]) -> str:
    return "odd" if bits.count("1") % 2 else "even"


def test_answers_are_the_parities():
    for split, lengths in (("test", range(8, 13)), ("longer", range(13, 17))):
        problems = TASK.generate(ParitySettings(), split, 1000, set())
        assert {problem.groups["length"] for problem in problems} == set(lengths)
        for problem in problems:
            bits = problem.prompt.split(" ")
            assert set(bits) <= {"0", "1"}
            assert len(bits) == problem.groups["length"]
            assert problem.answer == parity(bits)
            assert problem.last_operand == parity(bits[-1:])


@pytest.mark.parametrize("level", ["short", "medium", "long"])
def test_the_steps_run_along_the_string_to_the_answer(level):
    variant = load_variant(level)
    for split in ("train", "longer"):
        for problem in TASK.generate(ParitySettings(), split, 300, set()):
            *lines, last = variant.write(variant.Settings(), TASK, problem).response.split("\n")
            bits = problem.prompt.split()
            assert len(lines) == len(bits)
            for position, line in enumerate(lines):
                said = re.fullmatch(SENTENCE[level], line).groupdict()
                true = {
                    "bit": bits[position],
                    "before": parity(bits[:position]),
                    "verb": "becomes" if bits[position] == "1" else "stays",
                    "now": parity(bits[: position + 1]),
                }
                assert said == {name: true[name] for name in said}
            assert last == f"Final answer : {parity(bits)}"


def test_every_bit_string_can_be_had():
    settings = ParitySettings(bits_min=6, bits_max=6, longer_bits=None)
    assert len({p.prompt for p in TASK.generate(settings, "train", 64, set())}) == 64
