"""EntityQuestions: read from its files, and clear about what is wrong with them."""

import json
import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError

from showhow.answers.forms import AnswerForm
from showhow.base.errors import ShowhowError
from showhow.evaluation.scoring import Answer, score_split
from showhow.responses.explanation import answer_alone
from showhow.tasks import load_task
from showhow.tasks.knowledge.published_facts import RELATIONS

TASK = load_task("entity_questions")
FILES = Path(__file__).parent / "entity_questions"


@pytest.fixture
def folder(tmp_path) -> Path:
    return shutil.copytree(FILES, tmp_path / "entity_questions")


def settings(folder: Path, **changed):
    named = {"relations": ("P17", "P36"), "unseen_relations": ("P50",)}
    return TASK.Settings(folder=str(folder), **(named | changed))


def made(folder: Path, split: str, count: int, **changed):
    return TASK.generate(settings(folder, **changed), split, count, set())


def rewrite(path: Path, change) -> None:
    rows = json.loads(path.read_text())
    path.write_text(json.dumps(change(rows)))


def test_a_question_has_its_relation_all_answers_and_the_papers_number_of_templates(folder):
    problems = {problem.prompt: problem for problem in made(folder, "train", 7)}
    delft = problems["Which country is Delft located in?"]
    assert delft.answer == "Netherlands"
    assert delft.aliases == ("Holland",)
    assert delft.groups["relation"] == "P17"
    assert len(set(delft.beginnings)) == 21
    assert all("Delft" in text and "Netherlands" not in text for text in delft.beginnings)


def test_no_subject_of_a_test_file_is_trained_on_in_any_relation(folder):
    """Cusco is tested as a place and has a question in the training file of another relation."""
    trained = {problem.last_operand for problem in made(folder, "train", 7)}
    tested = {p.last_operand for s, n in (("test", 4), ("unseen", 2)) for p in made(folder, s, n)}
    assert "Cusco" in tested
    assert trained.isdisjoint(tested)
    with pytest.raises(ShowhowError, match="has 7 questions for the split 'train', not 8"):
        made(folder, "train", 8)


def test_unseen_relations_are_tested_alone(folder):
    assert {problem.groups["relation"] for problem in made(folder, "unseen", 2)} == {"P50"}
    assert TASK.evaluation_splits(settings(folder, unseen_relations=())) == ("test",)


def test_a_smaller_split_has_the_first_questions_of_a_larger_one(folder):
    assert made(folder, "train", 3) == made(folder, "train", 7)[:3]


def test_an_answer_counts_where_it_stands_in_the_first_line(folder):
    problems = made(folder, "test", 4)
    answers = [
        Answer(problems[0].id, f"It is {problems[0].answer}.\nAnd so on", True),
        Answer(problems[1].id, f"I see\n{problems[1].answer}", False),
        Answer(problems[2].id, "Atlantis", False),
        Answer(problems[3].id, f"pre{problems[3].answer.lower()}", False),
    ]
    form = AnswerForm(kind="containing", marker=None)
    scored = score_split("test", problems, [answer_alone(p) for p in problems], answers, form)
    assert [item.correct for item in scored] == [True, False, False, False]


def wrong_column(folder: Path) -> None:
    rewrite(
        folder / "train" / "P17.train.json",
        lambda rows: [{"query": row["question"], "answers": row["answers"]} for row in rows],
    )


def empty_relation(folder: Path) -> None:
    rewrite(folder / "train" / "P36.train.json", lambda rows: [])


def duplicate_subject(folder: Path) -> None:
    rewrite(folder / "train" / "P36.train.json", lambda rows: [*rows, rows[1]])


def other_relation(folder: Path) -> None:
    shutil.copy(folder / "train" / "P36.train.json", folder / "train" / "P17.train.json")


def no_answer(folder: Path) -> None:
    rewrite(
        folder / "train" / "P36.train.json",
        lambda rows: [{"question": row["question"], "answers": [" "]} for row in rows],
    )


def missing_file(folder: Path) -> None:
    (folder / "train" / "P17.train.json").unlink()


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (wrong_column, r"P17.train.json, row 1, has no column question; it has: query, answers"),
        (empty_relation, r"The relation P36 has no questions: .*P36.train.json is an empty list"),
        (duplicate_subject, r"P36.train.json, row 5, asks for Ghana a second time.*duplicates: dr"),
        (other_relation, r"P17.train.json, row 1, asks .*capital of Slovenia.*no question of"),
        (no_answer, r"P36.train.json, row 1, has no answer"),
        (missing_file, r"There is no data file .*P17.train.json"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_place(folder, damage, complaint):
    damage(folder)
    with pytest.raises(ShowhowError, match=complaint):
        made(folder, "train", 5)


def test_a_duplicate_subject_is_dropped_where_that_is_asked_for(folder):
    duplicate_subject(folder)
    assert made(folder, "train", 7, duplicates="drop") == made(FILES, "train", 7)


def test_relations_that_do_not_exist_or_stand_twice_are_named(folder):
    with pytest.raises(ValidationError, match="P99 is no relation of EntityQuestions; they are"):
        settings(folder, relations=("P99",))
    with pytest.raises(ShowhowError, match="unseen_relations has P17, which relations has as"):
        TASK.check(settings(folder, unseen_relations=("P17",)))


@pytest.mark.parametrize("name", RELATIONS)
def test_every_relation_reads_the_subjects_of_its_own_questions(name):
    relation = RELATIONS[name]
    for subject in ("Rome", "What is it?", "O'Hara's (band)"):
        assert relation.subject(relation.question.format(subject)) == subject
        assert len(set(relation.beginnings(subject))) == 21
