"""The base's own words in the other voice's order: one half of what is unfamiliar.

With `familiar` and `unfamiliar` it makes words and order two axes of their own; all four take as
many tokens.
"""

from showhow.recipes.voices import VoiceName, other
from showhow.responses.voiced import Voiced
from showhow.tasks.voices import Manner


class OwnWordsOtherOrder(Voiced):
    kind = "own_words_other_order"
    description = "The right steps in the base's own words, in the other voice's order."

    def manner(self, own_voice: VoiceName) -> Manner:
        return Manner(words=own_voice, order=other(own_voice))


VARIANT = OwnWordsOtherOrder()
