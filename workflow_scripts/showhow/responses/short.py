"""The shortest explanation."""

from showhow.responses.explanation import Explanation


class ShortExplanation(Explanation):
    kind = "short"
    level = "short"
    description = "The operation and result of each step, then the answer."
    detail = 1


VARIANT = ShortExplanation()
