"""The answers to facts that the base knows by halves."""

from showhow.responses.known_facts import KnownFacts


class Level2(KnownFacts):
    kind = "level_2"
    description = "The answers to facts of memory level 2."
    level = 2


VARIANT = Level2()
