"""EntityQuestions (Sciavolino et al. 2021): questions about Wikidata entities, a file per relation.

Each file is a list of {"question": …, "answers": [...]}, at <split>/<relation>.<split>.json.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from showhow.base.errors import ShowhowError
from showhow.tasks.own_data.reading import Row, read_file, text_of

DATA_FILES = ("relations.csv",)
COLUMNS = ("question", "answers")
BARE = "[] \t\r\n"
OPENINGS = (
    "",
    "It is known that ",
    "In fact, ",
    "According to the encyclopedia, ",
    "As is well known, ",
    "Records show that ",
    "To be precise, ",
)


@dataclass(frozen=True)
class Relation:
    """How a relation is asked for, and stated up to its object; `{}` is the subject."""

    question: str
    statements: tuple[str, ...]

    def subject(self, question: str) -> str | None:
        """Read the subject out of a question; None where it is worded otherwise."""
        before, after = map(re.escape, self.question.split("{}"))
        found = re.fullmatch(f"{before}(.+){after}", " ".join(question.split()))
        return found[1] if found else None

    def beginnings(self, subject: str) -> tuple[str, ...]:
        """Word the fact up to its object: every opening with every statement."""
        return tuple(
            opening + (_within(statement) if opening else statement).replace("{}", subject)
            for opening in OPENINGS
            for statement in self.statements
        )


def _within(statement: str) -> str:
    """Word a statement as the middle of a sentence; a subject keeps the capital of its name."""
    return statement if statement.startswith("{}") else statement[0].lower() + statement[1:]


def _relations() -> dict[str, Relation]:
    """Read the relations by their Wikidata properties: a question, and statements of the fact."""
    table = Path(__file__).with_name("relations.csv").read_text(encoding="utf-8")
    _, *rows = csv.reader(table.splitlines())
    return {name: Relation(question, tuple(statements)) for name, question, *statements in rows}


RELATIONS = _relations()


@dataclass(frozen=True)
class EntityFact:
    """One question: its relation and subject, and all answers that are right."""

    relation: str
    subject: str
    question: str
    answers: tuple[str, ...]


def file_of(folder: Path, relation: str, split: str) -> Path:
    """Name the file of one relation's questions."""
    return folder / split / f"{relation}.{split}.json"


def read_relation(path: Path, relation: str, drop_duplicates: bool) -> list[EntityFact]:
    """Read one relation's questions, in the file's order.

    Raises ShowhowError for a missing file or column, a relation without questions, a question that
    is worded otherwise or has no answer, and, unless they are to be dropped, a subject that is
    asked for twice.
    """
    if path.is_file() and not path.read_text(encoding="utf-8-sig", errors="replace").strip(BARE):
        raise ShowhowError(
            f"The relation {relation} has no questions: {path} is an empty list. Put its file "
            "there again, or take the relation out of the task's settings."
        )
    facts: dict[str, EntityFact] = {}
    for number, row in enumerate(read_file(path, COLUMNS), start=1):
        fact = _fact(path, number, relation, row)
        if fact.subject in facts and not drop_duplicates:
            raise ShowhowError(
                f"{path}, row {number}, asks for {fact.subject} a second time; every subject has "
                "one question of a relation. Remove one of them, or write duplicates: drop into "
                "the task's settings to keep the first."
            )
        facts.setdefault(fact.subject, fact)
    return list(facts.values())


def _fact(path: Path, number: int, relation: str, row: Row) -> EntityFact:
    question = " ".join(text_of(row["question"]).split())
    subject = RELATIONS[relation].subject(question)
    if subject is None:
        raise ShowhowError(
            f"{path}, row {number}, asks {question!r}, which is no question of the relation "
            f"{relation} ({RELATIONS[relation].question!r}); is it another relation's file?"
        )
    answers = row["answers"] if isinstance(row["answers"], list) else [row["answers"]]
    said = tuple(dict.fromkeys(text for one in answers if (text := text_of(one).strip())))
    if not said:
        raise ShowhowError(f"{path}, row {number}, has no answer; remove it or give it one.")
    return EntityFact(relation, subject, question, said)
