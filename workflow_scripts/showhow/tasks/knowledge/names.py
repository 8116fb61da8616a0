"""Made-up names and the words around them; each is one token of the ladder's tokenizer `facts`."""

from itertools import product
from random import Random

SYLLABLES = tuple(onset + vowel for onset, vowel in product("bdfghjklmnprstvz", "aeio"))
SYLLABLES_PER_NAME = 3
MOST_OBJECTS = 30

# Those that fine-tuning trains on come first, then those that it never sees.
RELATIONS = (
    *("birthplace", "home", "school", "employer", "teacher", "language", "craft", "guild"),
    *("ship", "instrument", "garden", "harbour", "festival", "drink", "stone", "season"),
)
RELATIONS_OF_THINGS = (
    *("maker", "material", "owner", "price", "colour", "weight", "origin", "purpose"),
)
AROUND = ("what", "the", "of", "is", "has", "for", "as", ".", "?", ",", ":")


def words() -> tuple[str, ...]:
    """List all words that facts are worded in, always in the same order."""
    return (*AROUND, *RELATIONS, *RELATIONS_OF_THINGS, *SYLLABLES, *_OBJECTS)


def subject_names(draw: Random, count: int) -> list[str]:
    """Draw distinct names of three syllables, each a word."""
    possible = list(product(SYLLABLES, repeat=SYLLABLES_PER_NAME))
    return [" ".join(syllables) for syllables in draw.sample(possible, count)]


def object_names(relation: str, count: int) -> tuple[str, ...]:
    """List `count` objects of a relation, 30 at most; no two relations have one in common."""
    start = (*RELATIONS, *RELATIONS_OF_THINGS).index(relation) * MOST_OBJECTS
    return _OBJECTS[start : start + count]


def _all_objects() -> tuple[str, ...]:
    """Draw words of five letters, so that none is part of another; nor is one of a relation."""
    forms = ["".join(parts) for parts in product(SYLLABLES, SYLLABLES, "lnrs")]
    others = " ".join((*RELATIONS, *RELATIONS_OF_THINGS))
    forms = [form for form in forms if form not in others]
    count = (len(RELATIONS) + len(RELATIONS_OF_THINGS)) * MOST_OBJECTS
    return tuple(Random("objects").sample(forms, count))


_OBJECTS = _all_objects()
