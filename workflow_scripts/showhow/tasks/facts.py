"""Facts about made-up subjects: a base has read of each more or less often, and is asked for it."""

from collections.abc import Iterator
from random import Random
from typing import Self

from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from showhow.base.errors import ShowhowError
from showhow.tasks.knowledge.names import MOST_OBJECTS, RELATIONS
from showhow.tasks.knowledge.task_of_facts import TaskOfFacts, ask_for
from showhow.tasks.knowledge.wording import question, statement
from showhow.tasks.knowledge.world import Fact, World, make_world
from showhow.tasks.problem import Problem
from showhow.tasks.task import TaskSettings, seed_of

LOG_SPACED = {0: 25, 1: 22, 2: 20, 4: 16, 8: 8, 16: 4, 32: 3, 64: 1, 128: 0.5, 256: 0.5}


class FactsSettings(TaskSettings):
    """The size of the world, and how often a corpus states its facts."""

    subjects: PositiveInt = Field(800, description="Subjects, each with a fact of every relation.")
    test_subjects: PositiveInt = Field(
        160, description="Of these, those that are tested and never trained on."
    )
    relations: PositiveInt = Field(10, description="Relations that are trained on and tested.")
    unseen_relations: NonNegativeInt = Field(
        3, description="Further relations that are tested alone, in the split 'unseen'."
    )
    objects: int = Field(
        30, ge=2, le=MOST_OBJECTS, description="Different objects that a relation can have."
    )
    exposures: dict[NonNegativeInt, PositiveFloat] = Field(
        LOG_SPACED,
        min_length=1,
        description="How often a fact is stated in a corpus, each with its weight; dealt out at "
        "random within a relation.",
    )

    @model_validator(mode="after")
    def _there_are_relations(self) -> Self:
        if self.relations + self.unseen_relations > len(RELATIONS):
            raise PydanticCustomError(
                "relations",
                "`relations` and `unseen_relations` are {asked} together, there are {there}",
                {"asked": self.relations + self.unseen_relations, "there": len(RELATIONS)},
            )
        return self

    def world(self) -> World:
        """Draw the world that these settings describe."""
        relations = self.relations + self.unseen_relations
        exposures = tuple(sorted(self.exposures.items()))
        return make_world(self.seed, self.subjects, relations, self.objects, exposures)


class Facts(TaskOfFacts):
    """Splits have subjects of their own, so no subject of a test set is in a training set.

    Of the subjects that are tested, "test" asks for the relations that are trained on and
    "unseen" for those that are not.
    """

    kind = "facts"
    Settings = FactsSettings

    def evaluation_splits(self, settings: FactsSettings) -> tuple[str, ...]:
        return ("test", "unseen") if settings.unseen_relations else ("test",)

    def check(self, settings: FactsSettings) -> None:
        if settings.test_subjects >= settings.subjects:
            raise ShowhowError(
                f"facts: test_subjects is {settings.test_subjects} and subjects "
                f"{settings.subjects}, which leaves none to train on; make test_subjects smaller."
            )

    def generate(
        self, settings: FactsSettings, split: str, count: int, exclude: set[str], draw: int = 0
    ) -> list[Problem]:
        self.check(settings)
        facts = [
            fact
            for fact in _in_order(settings, split, draw)
            if question(fact.subject, fact.relation) not in exclude
        ]
        if len(facts) < count:
            raise ShowhowError(
                f"The task 'facts' has {len(facts)} facts for the split '{split}', not {count}; "
                "ask for fewer, or raise subjects, test_subjects or relations in its settings."
            )
        return [
            ask_for(fact.subject, fact.relation, fact.object, split, index, exposure=fact.exposure)
            for index, fact in enumerate(facts[:count])
        ]

    def statements(self, settings: FactsSettings) -> Iterator[str]:
        """State every fact of the world as often as its exposure says, in drawn phrasings."""
        draw = Random(f"statements {settings.seed}")
        for facts in settings.world().facts.values():
            for fact in facts:
                for _ in range(fact.exposure):
                    yield statement(fact.subject, fact.relation, fact.object, draw)


def _in_order(settings: FactsSettings, split: str, draw: int) -> list[Fact]:
    """List the facts of a split, shuffled; a smaller split has the first of a larger one."""
    world = settings.world()
    tested = set(world.subjects[: settings.test_subjects])
    of_split = slice(settings.relations, None) if split == "unseen" else slice(settings.relations)
    facts = [
        fact
        for relation in list(world.facts)[of_split]
        for fact in world.facts[relation]
        if (fact.subject in tested) == (split != "train")
    ]
    Random(f"{split} {seed_of(settings, draw)}").shuffle(facts)
    return facts


TASK = Facts()
