"""What the steps of the shipped tasks come to, found from their operands."""

from showhow.tasks.addition import add_column
from showhow.tasks.listops_expressions import apply
from showhow.tasks.parity import add_bit
from showhow.tasks.problem import Step


def evaluated(kind: str, step: Step) -> str:
    """Give what a step's operands give, as a careful reader would find."""
    if kind == "addition":
        return add_column(*map(int, step.operands)).result
    if kind == "parity":
        return add_bit(*step.operands).result
    operator, _, modulus = step.operation.partition(" modulo ")
    return str(apply(operator, list(map(int, step.operands)), int(modulus or 10))[1])
