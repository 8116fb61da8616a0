"""The answers to facts that the base knows well."""

from showhow.responses.known_facts import KnownFacts


class Level4(KnownFacts):
    kind = "level_4"
    description = "The answers to facts of memory level 4."
    level = 4


VARIANT = Level4()
