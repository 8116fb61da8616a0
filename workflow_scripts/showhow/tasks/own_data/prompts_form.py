"""How the prompts of a split look, and whether training and test prompts look alike."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ENDING_WORDS = 4
LONGEST_INSTRUCTION, SHOWN_WORDS = 60, 30
OPTION = re.compile(r"^\s*\(?[A-E1-9][).:]{1,2}\s|\boptions\b|\(A\)", re.IGNORECASE | re.MULTILINE)
MOST, HARDLY_ANY, NEARLY_ALL = 0.5, 0.1, 0.9
"""Prompts differ in form where most of one split have what hardly any of the other has."""
LONGEST_EXAMPLE = 160


@dataclass(frozen=True)
class PromptForm:
    """How the prompts of a split look, as shares of them.

    ending: the last words that most have in common, and their share. instruction: all last words
    that nearly all have in common. colon: prompts that end in one. options: prompts that list some.
    example: the first prompt.
    """

    ending: str = ""
    ending_share: float = 0.0
    colon: float = 0.0
    options: float = 0.0
    example: str = ""
    instruction: str = ""


def form_of(prompts: Sequence[str]) -> PromptForm:
    """Say how some prompts end, and whether they list options."""
    prompts = [prompt.rstrip() for prompt in prompts]
    if not prompts:
        return PromptForm()
    words = [tuple(prompt.split()[-LONGEST_INSTRUCTION:]) for prompt in prompts]
    ending, count = Counter(each[-ENDING_WORDS:] for each in words).most_common(1)[0]
    return PromptForm(
        ending=" ".join(ending) if count > 1 else "",
        ending_share=count / len(prompts) if count > 1 else 0.0,
        colon=sum(prompt.endswith(":") for prompt in prompts) / len(prompts),
        options=sum(OPTION.search(prompt) is not None for prompt in prompts) / len(prompts),
        example=prompts[0],
        instruction=" ".join(_common_ending(words)),
    )


def _common_ending(words: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Give the longest ending that nearly all have; of a single prompt nothing can be said."""
    found: tuple[str, ...] = ()
    for length in range(1, LONGEST_INSTRUCTION + 1) if len(words) > 1 else ():
        ending, count = Counter(each[-length:] for each in words).most_common(1)[0]
        if len(ending) < length or count < NEARLY_ALL * len(words):
            break
        found = ending
    return found


def differing_forms(
    task: str, train: Mapping[str, Any], asked: Mapping[str, Any], split: str = "test"
) -> Iterator[str]:
    """Warn, with an example of each, where the prompts of training and of a split differ in form.

    Both are told as a PromptForm by its names.
    """
    differences = [*_endings(train, asked, "training", split)]
    differences += _endings(asked, train, split, "training")
    differences += [] if differences else _instructions(train, asked, split)
    for key, what in (("colon", "end in a colon"), ("options", "list options")):
        if _differs(train[key], asked[key]) or _differs(asked[key], train[key]):
            shares = f"{train[key]:.0%} of the training prompts {what}, {asked[key]:.0%} of the"
            differences.append(f"{shares} {split} prompts")
    if differences:
        yield (
            f"{task}: the prompts of training and {split} differ in form: {'; '.join(differences)}."
            f" One of training: {_short(train['example'])} One of {split}: "
            f"{_short(asked['example'])}"
        )


def _endings(
    split: Mapping[str, Any], other: Mapping[str, Any], name: str, other_name: str
) -> Iterator[str]:
    """Compare the ending that most prompts of one split have with the other's most common one."""
    there = other["ending_share"] if other["ending"] == split["ending"] else 0.0
    if _differs(split["ending_share"], there) and not other["example"].endswith(split["ending"]):
        yield (
            f"{split['ending_share']:.0%} of the {name} prompts end in “… {split['ending']}”, "
            f"unlike the {other_name} prompts"
        )


def _instructions(train: Mapping[str, Any], asked: Mapping[str, Any], split: str) -> Iterator[str]:
    """Find the instruction that stands once in one split's prompts and twice in the other's."""
    told = {
        "training": train.get("instruction", "").split(),
        split: asked.get("instruction", "").split(),
    }
    longer, shorter = sorted(told, key=lambda name: -len(told[name]))
    more, less = told[longer], told[shorter]
    if less[-ENDING_WORDS:] == more[-ENDING_WORDS:] and len(more) - len(less) >= ENDING_WORDS:
        yield (
            f"the {longer} prompts end in “… {' '.join(more[-SHOWN_WORDS:])}”, the {shorter} "
            f"prompts in “… {' '.join(less[-SHOWN_WORDS:])}”"
        )


def _differs(share: float, other: float) -> bool:
    return share > MOST and other < HARDLY_ANY


def _short(prompt: str) -> str:
    text = " ".join(prompt.split())
    if len(text) > LONGEST_EXAMPLE:
        half = LONGEST_EXAMPLE // 2
        text = f"{text[:half]} … {text[-half:]}"
    return f"“{text}”."
