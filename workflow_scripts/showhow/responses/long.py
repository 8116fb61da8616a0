"""The most detailed explanation."""

from showhow.responses.explanation import Explanation


class LongExplanation(Explanation):
    kind = "long"
    level = "long"
    description = "A sentence in words for each step, then the answer."
    detail = 3


VARIANT = LongExplanation()
