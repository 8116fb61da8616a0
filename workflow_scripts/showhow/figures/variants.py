"""The order in which variants are shown, and how their names are written."""

from collections.abc import Iterable, Sequence

LEVELS = ("none", "short", "medium", "long")
ARMS = (
    *("familiar", "self_generated", "minimum_change", "rewritten"),
    *("own_words_other_order", "other_words_own_order"),
    *("unfamiliar", "unfamiliar_longer", "unfamiliar_masked"),
)
KNOWN_FACTS = (*(f"level_{level}" for level in range(5)), "natural_mix")
CONTROLS = (
    *("answer_first", "shuffled_steps", "wrong_steps", "filler", "mixture"),
    "shuffled_answers",
)


def variant_order(variants: Iterable[str], as_written: Sequence[str] = ()) -> list[str]:
    """Sort variants: levels of detail, arms by familiarity, facts by memory, own ones, controls.

    Own ones stand as the study writes them, and by name where that is not said.
    """
    first, last = (*LEVELS, *ARMS, *KNOWN_FACTS), CONTROLS
    known = {name: rank for rank, name in enumerate(first)}
    known |= {name: len(first) + 1 + rank for rank, name in enumerate(last)}
    own = {name: rank for rank, name in enumerate(as_written)}
    return sorted(
        variants, key=lambda name: (known.get(name, len(first)), own.get(name, len(own)), name)
    )


def written(name: str) -> str:
    """A name as a person writes it: answer_first becomes answer first."""
    return name.replace("_", " ")
