"""Reading the final answer and the steps out of what a model wrote."""

import re

FINAL_ANSWER = "Final answer :"
STEP_END = " ."


def one_line(text: str) -> str:
    """Write every run of white space as one space; T5's tokenizer knows no line breaks."""
    return " ".join(text.split())


def parse_answer(text: str, position: str) -> str | None:
    """Read the answer strictly; None when it is not where it should be.

    `position` is where the variant puts it: "alone" (the text is the answer, unless it explains
    all the same), "last" (everything after the last "Final answer :"), or "first" (between "Final
    answer :" at the start and the first full stop).
    """
    text = one_line(text)
    if position == "alone" and FINAL_ANSWER not in text:
        return text or None
    if position in ("alone", "last"):
        _, found, answer = text.rpartition(FINAL_ANSWER)
    else:
        before, found, rest = text.partition(FINAL_ANSWER)
        answer = rest.partition(STEP_END)[0] if not before.strip() else ""
    return answer.strip() or None if found else None


def parse_steps(text: str, position: str) -> tuple[str, ...]:
    """Read the sentences of the explanation, in order, each ending in " ."."""
    text = one_line(text)
    if position == "alone":
        return ()
    if position == "last":
        explanation = text.rpartition(FINAL_ANSWER)[0] or text
    else:
        explanation = text.partition(FINAL_ANSWER)[2].partition(STEP_END)[2]
    sentences = re.split(r"(?<= \.)\s+", explanation.strip())
    return tuple(sentence for sentence in sentences if sentence)
