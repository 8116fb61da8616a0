"""Things: another domain, whose facts a corpus both states and asks for.

So a base meets questions, and that what was stated answers them, without a question about any
subject or relation that a study fine-tunes on or tests.
"""

from functools import cache
from itertools import product
from random import Random

from showhow.tasks.knowledge.names import (
    MOST_OBJECTS,
    RELATIONS_OF_THINGS,
    object_names,
    subject_names,
)
from showhow.tasks.knowledge.wording import question, statement

THINGS = 150


@cache
def facts_of_things() -> tuple[tuple[str, str, str], ...]:
    """List thing, relation and object; the same for every corpus."""
    draw = Random("things")
    names = [f"the {name}" for name in subject_names(draw, THINGS)]
    return tuple(
        (name, relation, draw.choice(object_names(relation, MOST_OBJECTS)))
        for name, relation in product(names, RELATIONS_OF_THINGS)
    )


def things_told(draw: Random) -> tuple[None, str]:
    """State a fact about a thing; there is no prompt."""
    return None, statement(*draw.choice(facts_of_things()), draw)


def things_asked(draw: Random) -> tuple[str, str]:
    """Ask for a fact about a thing, and answer."""
    thing, relation, object = draw.choice(facts_of_things())
    return question(thing, relation), object
