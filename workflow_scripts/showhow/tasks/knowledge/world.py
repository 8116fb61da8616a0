"""A made-up world: who has which object in which relation, and how often a base reads of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from showhow.tasks.knowledge.names import RELATIONS, object_names, subject_names


@dataclass(frozen=True)
class Fact:
    """One fact; `exposure` is how often a corpus states it."""

    subject: str
    relation: str
    object: str
    exposure: int


@dataclass(frozen=True)
class World:
    """The subjects, in the order in which splits take them, and their facts, relation by relation.

    facts: for each relation one fact of every subject, in the subjects' order.
    """

    subjects: tuple[str, ...]
    facts: Mapping[str, tuple[Fact, ...]]


@lru_cache(maxsize=4)
def make_world(
    seed: int, subjects: int, relations: int, objects: int, exposures: tuple[tuple[int, float], ...]
) -> World:
    """Draw a world; equal arguments give equal worlds.

    Within a relation objects are drawn evenly, and `exposures`, in shares of the weights that
    stand beside them, are dealt out to the subjects at random.
    """
    names = tuple(subject_names(Random(f"subjects {seed}"), subjects))
    facts = {}
    for relation in RELATIONS[:relations]:
        draw = Random(f"{relation} {seed}")
        possible = object_names(relation, objects)
        dealt = _dealt(draw, exposures, subjects)
        facts[relation] = tuple(
            Fact(name, relation, draw.choice(possible), exposure)
            for name, exposure in zip(names, dealt, strict=True)
        )
    return World(names, facts)


def _dealt(draw: Random, exposures: tuple[tuple[int, float], ...], count: int) -> list[int]:
    """Give `count` exposures in shares of their weights, in random order."""
    total = sum(weight for _, weight in exposures)
    dealt: list[int] = []
    weighed = 0.0
    for exposure, weight in exposures:
        weighed += weight
        dealt += [exposure] * (round(weighed / total * count) - len(dealt))
    draw.shuffle(dealt)
    return dealt
