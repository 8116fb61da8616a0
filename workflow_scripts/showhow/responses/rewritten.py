"""The other voice's response rewritten in the base's own words.

As a person's solution that a language model rewrites keeps its order, so does this one: the words
are those of the familiar voice, the order of what is named is that of the unfamiliar one.
"""

from showhow.recipes.voices import VoiceName, other
from showhow.responses.voiced import Voiced
from showhow.tasks.voices import Manner


class Rewritten(Voiced):
    kind = "rewritten"
    description = "The other voice's response in the base's own words, its order kept."

    def manner(self, own_voice: VoiceName) -> Manner:
        return Manner(words=own_voice, order=other(own_voice))


VARIANT = Rewritten()
