"""The answers to facts that the base barely knows."""

from showhow.responses.known_facts import KnownFacts


class Level1(KnownFacts):
    kind = "level_1"
    description = "The answers to facts of memory level 1."
    level = 1


VARIANT = Level1()
