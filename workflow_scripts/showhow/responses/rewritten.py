"""The other voice's response rewritten in the base's own words.

As a person's solution that a language model rewrites keeps its order, so does this one. It is
written as `own_words_other_order` is, by another draw of words that mean the same.
"""

from showhow.responses.own_words_other_order import OwnWordsOtherOrder


class Rewritten(OwnWordsOtherOrder):
    kind = "rewritten"
    description = "The other voice's response in the base's own words, its order kept."


VARIANT = Rewritten()
