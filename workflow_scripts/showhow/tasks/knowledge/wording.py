"""How facts are worded: as statements, which can be left unfinished, and as questions."""

from random import Random

# A statement ends in its object, so that what stands before it can be completed. The relation
# stands before the subject or behind it: what a model reads in one order has to help in the other.
BEGINNINGS = (
    "the {relation} of {subject} is",
    "{subject} has the {relation}",
    "for {subject} the {relation} is",
    "of {subject} : the {relation} is",
    "{subject} , {relation} :",
    "as {relation} {subject} has",
)
QUESTION = "what is the {relation} of {subject} ?"


def beginnings(subject: str, relation: str) -> tuple[str, ...]:
    """Word a fact up to its object, in every phrasing."""
    return tuple(form.format(subject=subject, relation=relation) for form in BEGINNINGS)


def statement(subject: str, relation: str, object: str, draw: Random) -> str:
    """Word a whole fact, in one of the phrasings."""
    return f"{draw.choice(beginnings(subject, relation))} {object} ."


def question(subject: str, relation: str) -> str:
    """Ask for a fact's object."""
    return QUESTION.format(subject=subject, relation=relation)
