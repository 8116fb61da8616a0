"""EntityQuestions: what a published base knows of entities, and is asked for."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from showhow.answers.forms import AnswerForm
from showhow.base.errors import ShowhowError
from showhow.base.hashing import shuffled
from showhow.tasks.knowledge.published_facts import RELATIONS, EntityFact, file_of, read_relation
from showhow.tasks.knowledge.task_of_facts import TaskOfFacts
from showhow.tasks.problem import Problem, problem_id
from showhow.tasks.task import TaskSettings, seed_of


def _known(relation: str) -> str:
    if relation not in RELATIONS:
        raise PydanticCustomError(
            "relation",
            "{relation} is no relation of EntityQuestions; they are {known}",
            {"relation": relation, "known": ", ".join(RELATIONS)},
        )
    return relation


RelationName = Annotated[str, AfterValidator(_known)]


class EntityQuestionsSettings(TaskSettings):
    """Where the files are, and which relations are in domain and which are not."""

    folder: str = Field(
        "data/entity_questions",
        description="The folder with train/ and test/, a file such as train/P17.train.json for "
        "each relation.",
    )
    relations: tuple[RelationName, ...] = Field(
        min_length=1, description="Relations that are trained on and tested."
    )
    unseen_relations: tuple[RelationName, ...] = Field(
        (), description="Further relations that are tested alone, in the split 'unseen'."
    )
    duplicates: Literal["refuse", "drop"] = Field(
        "refuse",
        description="What becomes of a second question of a relation about the same subject: "
        "refuse (an error names it) or drop.",
    )
    templates: int = Field(
        21, ge=1, le=21, description="Completion templates that problems carry for the probe."
    )
    answer: AnswerForm = Field(
        AnswerForm(kind="containing", marker=None), description="How an answer is told right."
    )


class EntityQuestions(TaskOfFacts):
    """A subject of a test file is left out of training, whatever the relation."""

    kind = "entity_questions"
    Settings = EntityQuestionsSettings

    def evaluation_splits(self, settings: EntityQuestionsSettings) -> tuple[str, ...]:
        return ("test", "unseen") if settings.unseen_relations else ("test",)

    def check(self, settings: EntityQuestionsSettings) -> None:
        both = sorted(set(settings.relations) & set(settings.unseen_relations))
        if both:
            raise ShowhowError(
                f"entity_questions: unseen_relations has {', '.join(both)}, which relations has "
                "as well; take it out of one of them."
            )

    def files(self, settings: EntityQuestionsSettings) -> list[Path]:
        folder = Path(settings.folder)
        train = [file_of(folder, relation, "train") for relation in settings.relations]
        tested = (*settings.relations, *settings.unseen_relations)
        return train + [file_of(folder, relation, "test") for relation in tested]

    def count_training(self, settings: EntityQuestionsSettings, kept_out: dict[str, int]) -> int:
        facts = _training_facts(settings)
        questions = {f"{fact.relation} {fact.subject}" for fact in facts}
        return max(0, len(questions) - kept_out.get("validation", 0))

    def generate(
        self,
        settings: EntityQuestionsSettings,
        split: str,
        count: int,
        exclude: set[str],
        draw: int = 0,
    ) -> list[Problem]:
        self.check(settings)
        facts = _training_facts(settings) if split == "train" else facts_of(settings, split)
        asked = [fact for fact in facts if fact.question not in exclude]
        left = {f"{fact.relation} {fact.subject}": fact for fact in asked}
        if len(left) < count:
            raise ShowhowError(
                f"EntityQuestions has {len(left)} questions for the split '{split}', not {count}, "
                "without the subjects of the test sets; ask for fewer, or name more relations."
            )
        chosen = shuffled(left, seed_of(settings, draw))[:count]
        return [_problem(left[name], split, index, settings) for index, name in enumerate(chosen)]


def _training_facts(settings: EntityQuestionsSettings) -> list[EntityFact]:
    tested = {fact.subject for fact in facts_of(settings, "test")}
    tested |= {fact.subject for fact in facts_of(settings, "unseen")}
    return [fact for fact in facts_of(settings, "train") if fact.subject not in tested]


def facts_of(settings: EntityQuestionsSettings, split: str) -> list[EntityFact]:
    relations = settings.unseen_relations if split == "unseen" else settings.relations
    file = "train" if split == "train" else "test"
    drop = settings.duplicates == "drop"
    paths = [(file_of(Path(settings.folder), name, file), name) for name in relations]
    return [fact for path, name in paths for fact in read_relation(path, name, drop)]


def _problem(
    fact: EntityFact, split: str, index: int, settings: EntityQuestionsSettings
) -> Problem:
    answer, *others = fact.answers
    return Problem(
        id=problem_id(split, index),
        split=split,
        prompt=fact.question,
        answer=answer,
        steps=(),
        groups={"length": len(fact.question.split()), "relation": fact.relation},
        last_operand=fact.subject,
        beginnings=RELATIONS[fact.relation].beginnings(fact.subject)[: settings.templates],
        aliases=tuple(others),
    )


TASK = EntityQuestions()
