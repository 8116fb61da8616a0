"""ListOps' steps in words: three wordings of the two more detailed levels.

The first follows Ballout et al. 2023. The others say the same numbers in as many words, all of
which the ladder's tokenizer knows.
"""

from collections.abc import Callable

from showhow.tasks.problem import Step

EXTREMES = {"MIN": "smallest", "MAX": "largest"}


def medium(operator: str, step: Step) -> str:
    numbers = f"[ {' '.join(step.operands)} ]"
    if operator == "SUM":
        words = f"add {numbers} , sum is {step.intermediate} , answer is {step.result}"
    elif operator == "MED":
        words = f"sorted list [ {step.intermediate} ] , median is {step.result}"
    else:
        words = f"{EXTREMES[operator]} number of {numbers} is {step.result}"
    return f"{operator} , {words} ."


def medium_with_colon(operator: str, step: Step) -> str:
    numbers = f"[ {' '.join(step.operands)} ]"
    if operator == "SUM":
        words = f"sum of {numbers} is {step.intermediate} , so answer is {step.result}"
    elif operator == "MED":
        words = f"list sorted [ {step.intermediate} ] , answer = {step.result}"
    else:
        words = f"in {numbers} the {EXTREMES[operator]} is {step.result}"
    return f"{operator} : {words} ."


def medium_of_us(operator: str, step: Step) -> str:
    numbers = f"[ {' '.join(step.operands)} ]"
    if operator == "SUM":
        words = f"add {numbers} = {step.intermediate} , so it becomes {step.result}"
    elif operator == "MED":
        words = f"sort to [ {step.intermediate} ] , median {step.result}"
    else:
        words = f"find {EXTREMES[operator]} {numbers} = {step.result}"
    return f"{operator} so we {words} ."


def long(operator: str, step: Step) -> str:
    numbers = f"the numbers [ {' '.join(step.operands)} ]"
    if operator == "SUM":
        words = (
            f"add {numbers} , sum is {step.intermediate} "
            f"so {_last_digit(step, 'modulo {} it')} is {step.result}"
        )
    elif operator == "MED":
        words = (
            f"sort {numbers} , sorted list is [ {step.intermediate} ] "
            f"so the median is {step.result}"
        )
    else:
        extreme = EXTREMES[operator]
        words = f"find the {extreme} of {numbers} , the {extreme} number is {step.result}"
    return f"{operator} operator so we have to {words} ."


def long_naming_the_operator(operator: str, step: Step) -> str:
    numbers = f"[ {' '.join(step.operands)} ]"
    if operator == "SUM":
        words = (
            f"find the sum of {numbers} , it is {step.intermediate} "
            f"and {_last_digit(step, 'modulo {} it')} is {step.result}"
        )
    elif operator == "MED":
        words = (
            f"find the median of {numbers} , sorted it is [ {step.intermediate} ] "
            f"and the median is {step.result}"
        )
    else:
        extreme = EXTREMES[operator]
        words = f"we find the {extreme} number of {numbers} , the {extreme} in it is {step.result}"
    return f"this operator is {operator} so {words} ."


def long_naming_the_numbers(operator: str, step: Step) -> str:
    if operator == "SUM":
        words = (
            f"we add the numbers in it to have {step.intermediate} "
            f"so {_last_digit(step, 'it modulo {} we write', 'we write the last digit')} "
            f"{step.result}"
        )
    elif operator == "MED":
        words = (
            f"we sort the numbers in it to have [ {step.intermediate} ] "
            f"and so we write the median {step.result}"
        )
    else:
        words = (
            f"of the numbers in it we have to find the {EXTREMES[operator]} "
            f"so we write {step.result}"
        )
    return f"{operator} of [ {' '.join(step.operands)} ] : {words} ."


def _last_digit(step: Step, with_modulus: str, otherwise: str = "the last digit") -> str:
    """Say what is taken of a sum; only a modulus that is not 10 is said."""
    modulus = step.operation.partition(" modulo ")[2]
    return with_modulus.format(modulus) if modulus else otherwise


def short(between: str) -> Callable[[str, Step], str]:
    """Give the wording with this word between operator and result."""
    return lambda operator, step: f"{operator} {between} {step.result} ."


WORDINGS = {
    "short": (short(","), short("is"), short("so")),
    "medium": (medium, medium_with_colon, medium_of_us),
    "long": (long, long_naming_the_operator, long_naming_the_numbers),
}
