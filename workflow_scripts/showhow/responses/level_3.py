"""The answers to facts that the base mostly knows."""

from showhow.responses.known_facts import KnownFacts


class Level3(KnownFacts):
    kind = "level_3"
    description = "The answers to facts of memory level 3."
    level = 3


VARIANT = Level3()
