"""The answers to facts of every memory level, in the shares in which they come."""

from showhow.responses.known_facts import KnownFacts


class NaturalMix(KnownFacts):
    kind = "natural_mix"
    description = "The answers to facts of all memory levels, as they come."
    level = None


VARIANT = NaturalMix()
