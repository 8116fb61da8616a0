"""The order in which variants are shown, and how their names are written."""

from collections.abc import Iterable

LEVELS = ("none", "short", "medium", "long")
CONTROLS = ("answer_first", "shuffled_steps", "wrong_steps", "filler", "mixture")


def variant_order(variants: Iterable[str]) -> list[str]:
    """Sort variants: the levels by detail, then the user's own by name, then the controls."""
    known = {name: rank for rank, name in enumerate(LEVELS)}
    known |= {name: len(LEVELS) + 1 + rank for rank, name in enumerate(CONTROLS)}
    return sorted(variants, key=lambda name: (known.get(name, len(LEVELS)), name))


def written(name: str) -> str:
    """A name as a person writes it: answer_first becomes answer first."""
    return name.replace("_", " ")
