"""EntityQuestions (Sciavolino et al. 2021): questions about Wikidata entities, a file per relation.

Each file is a list of {"question": …, "answers": [...]}, at <split>/<relation>.<split>.json.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from showhow.base.errors import ShowhowError
from showhow.tasks.own_data.reading import Row, read_file, text_of

COLUMNS = ("question", "answers")
BARE = "[] \t\r\n"
OPENINGS = (
    "{statement}",
    "It is known that {statement}",
    "In fact, {statement}",
    "According to the encyclopedia, {statement}",
    "As is well known, {statement}",
    "Records show that {statement}",
    "To be precise, {statement}",
)


@dataclass(frozen=True)
class Relation:
    """How a relation is asked for, and stated up to its object; `{}` is the subject."""

    question: str
    statements: tuple[str, str, str]

    def subject(self, question: str) -> str | None:
        """Read the subject out of a question; None where it is worded otherwise."""
        before, after = map(re.escape, self.question.split("{}"))
        found = re.fullmatch(f"{before}(.+){after}", " ".join(question.split()))
        return found[1] if found else None

    def beginnings(self, subject: str) -> tuple[str, ...]:
        """Word the fact up to its object: every opening with every statement."""
        stated = [statement.replace("{}", subject) for statement in self.statements]
        return tuple(form.format(statement=one) for form in OPENINGS for one in stated)


RELATIONS = {
    "P17": Relation(
        "Which country is {} located in?",
        ("{} is located in the country of", "The country of {} is", "{} lies in"),
    ),
    "P19": Relation(
        "Where was {} born?",
        ("{} was born in", "The birthplace of {} is", "The place where {} was born is"),
    ),
    "P20": Relation(
        "Where did {} die?",
        ("{} died in", "The place of death of {} is", "The place where {} died is"),
    ),
    "P26": Relation(
        "Who is {} married to?",
        ("{} is married to", "The spouse of {} is", "{} is the husband or wife of"),
    ),
    "P36": Relation(
        "What is the capital of {}?",
        ("The capital of {} is", "The capital city of {} is", "{} has the capital"),
    ),
    "P40": Relation(
        "Who is {}'s child?",
        ("The child of {} is", "{} is the parent of", "{}'s child is"),
    ),
    "P50": Relation(
        "Who is the author of {}?",
        ("The author of {} is", "{} was written by", "{} is a work by"),
    ),
    "P69": Relation(
        "Where was {} educated?",
        ("{} was educated at", "{} studied at", "The alma mater of {} is"),
    ),
    "P106": Relation(
        "What kind of work does {} do?",
        ("{} works as", "The occupation of {} is", "By profession, {} is"),
    ),
    "P112": Relation(
        "Who founded {}?",
        ("{} was founded by", "The founder of {} is", "{} was established by"),
    ),
    "P127": Relation(
        "Who owns {}?",
        ("{} is owned by", "The owner of {} is", "{} belongs to"),
    ),
    "P131": Relation(
        "Where is {} located?",
        ("{} is located in", "{} can be found in", "The location of {} is"),
    ),
    "P136": Relation(
        "What type of music does {} play?",
        ("{} plays", "The genre of {} is", "The music of {} is"),
    ),
    "P159": Relation(
        "Where is the headquarter of {}?",
        ("The headquarters of {} is in", "{} is headquartered in", "{} has its head office in"),
    ),
    "P170": Relation(
        "Who was {} created by?",
        ("{} was created by", "The creator of {} is", "{} is a creation of"),
    ),
    "P175": Relation(
        "Who performed {}?",
        ("{} was performed by", "The performer of {} is", "{} is a song by"),
    ),
    "P176": Relation(
        "Which company is {} produced by?",
        ("{} is produced by", "The manufacturer of {} is", "{} is a product of"),
    ),
    "P264": Relation(
        "What music label is {} represented by?",
        ("{} is represented by the music label", "The record label of {} is", "{} is signed to"),
    ),
    "P276": Relation(
        "Where is {} located?",
        ("{} is located in", "{} can be found in", "The location of {} is"),
    ),
    "P407": Relation(
        "Which language was {} written in?",
        ("{} was written in", "The language of {} is", "The original language of {} is"),
    ),
    "P413": Relation(
        "What position does {} play?",
        ("{} plays as", "The position of {} is", "{} plays in the position of"),
    ),
    "P495": Relation(
        "Which country was {} created in?",
        ("{} was created in", "The country of origin of {} is", "{} comes from"),
    ),
    "P740": Relation(
        "Where was {} founded?",
        ("{} was founded in", "The place where {} was founded is", "{} was formed in"),
    ),
    "P800": Relation(
        "What is {} famous for?",
        ("{} is famous for", "The best known work of {} is", "{} is known for"),
    ),
}


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


def shuffled(facts: list[EntityFact], seed: int) -> list[EntityFact]:
    """Put facts in an order that depends on the seed and on each of them alone."""

    def key(fact: EntityFact) -> bytes:
        return hashlib.sha256(f"{seed} {fact.relation} {fact.subject}".encode()).digest()

    return sorted(facts, key=key)
