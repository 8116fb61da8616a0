"""The answers to facts that the base does not know at all."""

from showhow.responses.known_facts import KnownFacts


class Level0(KnownFacts):
    kind = "level_0"
    description = "The answers to facts of memory level 0."
    level = 0


VARIANT = Level0()
