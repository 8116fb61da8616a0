"""The other voice's words in the base's own order: the other half of what is unfamiliar.

With `familiar` and `unfamiliar` it makes words and order two axes of their own; all four take as
many tokens.
"""

from showhow.recipes.voices import VoiceName, other
from showhow.responses.voiced import Voiced
from showhow.tasks.voices import Manner


class OtherWordsOwnOrder(Voiced):
    kind = "other_words_own_order"
    description = "The right steps in the other voice's words, in the base's own order."

    def manner(self, own_voice: VoiceName) -> Manner:
        return Manner(words=other(own_voice), order=own_voice)


VARIANT = OtherWordsOwnOrder()
