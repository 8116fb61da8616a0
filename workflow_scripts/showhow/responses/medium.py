"""The explanation of middling detail."""

from showhow.responses.explanation import Explanation


class MediumExplanation(Explanation):
    kind = "medium"
    level = "medium"
    description = "The operation, operands and result of each step, then the answer."
    detail = 2


VARIANT = MediumExplanation()
