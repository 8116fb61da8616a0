"""What the user's files lack is told while planning, with the line and the remedy."""

import json

import pytest
import yaml

from showhow.base.errors import ShowhowError
from showhow.study.checks import own_data
from showhow.study.grid import all_runs
from showhow.study.validation import check_own_data, load_configuration

CONFIGURATION = """\
tasks:
  sums:
    kind: dataset
    test_size: {test: 4}
    settings:
      train:
        - file: sums.jsonl
          prompt: question
          answer: sum
          responses: {human: human}
      answer: {kind: number}
variants:
  human: {kind: given, settings: {response: human}}
models:
  small: {kind: ladder}
studies:
  sums:
    grids:
      - {name: all, tasks: [sums], variants: [human], models: [small], n_train: [8]}
"""


@pytest.fixture
def said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [
        {"question": f"{n} + 1?", "sum": str(n + 1), "human": f"Final Answer: {n + 1}"}
        for n in range(20)
    ]
    (tmp_path / "sums.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "parse.py").write_text("def read(text):\n    return text[99]\n")

    def checked(old="", new="") -> str:
        assert old in CONFIGURATION
        text = CONFIGURATION.replace(old, new, 1)
        file = tmp_path / "study.yaml"
        file.write_text(text)
        config = yaml.safe_load(text)
        try:
            configuration = load_configuration(config, [file])
            minded = check_own_data(configuration, config, [file])
        except ShowhowError as error:
            return str(error).replace(str(tmp_path), "")
        return "".join(minded)

    return checked


def test_nothing_is_said_of_what_fits(said):
    assert said() == ""


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("sums.jsonl", "sum.jsonl", 7, "no file sum.jsonl; write its path relative to"),
        ("sums.jsonl", "sum.jsonl", 7, "Did you mean sums.jsonl?"),
        (
            "prompt: question",
            "prompt: questoin",
            8,
            'is "questoin", a column that sums.jsonl does not have; did you mean question?',
        ),
        (
            "prompt: question",
            "prompt: '{{ questoin }} Say it.'",
            8,
            'names "questoin" in a template, and sums.jsonl has no such column; did you mean',
        ),
        ("answer: sum", "answer: '{{ row[\"the sum\"] }}'", 9, 'names "the sum" in a template'),
        ("human: human", "human: '{{ human.upper().what }}'", 10, "does not fit row 1 of sums"),
        ("human: human", "human: '{{ human'", 10, "as a template it cannot be read"),
        ("answer: sum", "answer: total", 9, "its columns are: human, question, sum."),
        ("human: human", "human: person", 10, "responses.human is"),
        ("test: 4", "test: 400", 4, "is 400, but the data have only 4 test questions; write at"),
        (
            "[8]",
            "[8, 17]",
            19,
            "n_train[1] is 17, but the task sums has only 16 training",
        ),
        ("response: human", "response: humann", 13, "did you mean human?"),
        ("[8]", "[all, 17]", 19, "n_train[1] is 17, but the task sums has only 16"),
        ("[8]", "every", 19, "every"),
        (
            "{kind: number}",
            "{kind: function, function: 'parse.py:read'}",
            11,
            "parse.py:read failed for the text",
        ),
    ],
)
def test_what_does_not_fit_is_told_with_its_line(said, old, new, line, says):
    sentence = said(old, new)
    assert f"study.yaml, line {line}: " in sentence, sentence
    assert says in sentence, sentence
    assert "Traceback" not in sentence


@pytest.mark.parametrize("sizes", ["all", "[all]", "[8, all, 16]"])
def test_all_training_questions_can_be_asked_for(said, sizes):
    assert said("[8]", sizes) == ""


def test_all_are_those_that_the_test_and_validation_sets_leave(tmp_path, said):
    said()
    for training, sizes, left in (
        ({}, "all", [16]),
        ({}, [8, "all"], [8, 16]),
        ({"learning_rate": [0.1, 0.2], "choose": "validation"}, ["all"], [9]),
    ):
        content = yaml.safe_load(CONFIGURATION)
        content["studies"]["sums"]["grids"][0]["n_train"] = sizes
        content["tasks"]["sums"]["test_size"]["validation"] = 7
        configuration = load_configuration({**content, "training": training}, [])
        assert [run.n_train for run in all_runs(configuration) if run.seed == 1] == left


def test_room_for_a_validation_set_is_left(said, tmp_path):
    tuned = "{learning_rate: [0.1, 0.2], choose: validation}"
    sentence = said("studies:", f"training: {tuned}\nstudies:")
    assert "is 200, but the data have only 16 questions to choose a learning rate" in sentence
    assert "line 4: " in sentence
    assert "write test_size: {validation: 8} or less for sums" in sentence  # 8 are trained on
    room = CONFIGURATION.replace("test_size: {", "test_size: {validation: 9, ")
    sentence = said(CONFIGURATION, room.replace("studies:", f"training: {tuned}\nstudies:"))
    assert "is 8, but the task sums has only 7 training questions" in sentence
    assert "line 20: " in sentence
    enough = room.replace("validation: 9", "validation: 8")
    assert said(CONFIGURATION, enough.replace("studies:", f"training: {tuned}\nstudies:")) == ""


def test_a_task_without_an_end_has_no_all(said):
    bits = "variants:\n  other: {kind: none}\n"
    text = CONFIGURATION.replace("tasks:\n", "tasks:\n  bits: {kind: parity}\n", 1)
    text = text.replace("tasks: [sums]", "tasks: [bits]").replace("[human]", "[other]")
    sentence = said(CONFIGURATION, text.replace("variants:\n", bits).replace("[8]", "[8, all]"))
    assert "line 21: studies.sums.grids[0].n_train[1] is all, but the task bits" in sentence
    assert "makes as many problems as are asked for; write a number." in sentence


def test_what_writers_are_asked_beside_is_counted_before_anything_runs(said):
    writer = (
        "writers:\n  one: {kind: endpoint, model: m, service: {url: 'http://localhost:1/v1'}}\n"
        "variants:\n  told: {kind: written, settings: {writer: one, spare_share: 1.5, "
        "template: '{question}', reference: human}}"
    )
    whole = CONFIGURATION.replace("variants: [human]", "variants: [human, told]")
    sentence = said(CONFIGURATION, whole.replace("variants:", writer, 1))
    assert "20 training questions of the task sums" in sentence, sentence
    assert "it has only 16. Write about 6" in sentence


def test_test_questions_that_nobody_asks_may_be_trained_on(said):
    whole = "      test: [{file: sums.jsonl, prompt: question, answer: sum}]\n      answer:"
    assert said("      answer: {", whole + " {") == ""


def test_columns_of_files_too_large_to_be_read_while_planning_are_looked_for_as_well(
    said, monkeypatch
):
    monkeypatch.setattr(own_data, "READ_IN_A_MOMENT", 0)
    assert said() == ""
    sentence = said("prompt: question", "prompt: '{{ questoin }}'")
    assert "study.yaml, line 8: " in sentence
    assert "did you mean question?" in sentence


@pytest.mark.parametrize(
    ("train", "test", "says"),
    [
        ("{{ question }} Say a number.", "question", "of the training prompts end in"),
        ("question", "{{ question }}\\n(1): two\\n(2): three", "0% of the training prompts list"),
        (
            "{{ question }} Say a number at the end. Give only one number now.",
            "{{ question }} Give only one number now.",
            "Say a number at the end. Give only one number now.”, the test prompts in",
        ),
    ],
)
def test_prompts_that_differ_in_form_are_warned_of_while_planning(said, train, test, says):
    start, end = CONFIGURATION.index("        - file"), CONFIGURATION.index("      answer: {")
    here = CONFIGURATION[start:end]

    def files(test: str) -> str:
        source = "file: sums.jsonl, answer: sum"
        return (
            f'        - {{{source}, prompt: "{train}", responses: {{human: human}}}}\n'
            f'      test: [{{{source}, prompt: "{test}"}}]\n'
        )

    sentence = said(here, files(test))
    assert says in sentence, sentence
    assert "One of training: “" in sentence
    assert "One of test: “" in sentence
    assert said(here, files(train)) == ""


def test_one_question_with_two_answers_is_warned_of_while_planning(said, tmp_path):
    more = json.dumps({"question": "1 + 1?", "sum": "3", "human": "3"})
    with open(tmp_path / "sums.jsonl", "a") as file:
        file.write(more + "\n")
    assert "1 row of sums.jsonl has a question that stands before, and another answer" in said()


def test_two_responses_that_are_the_same_texts_are_warned_of_while_planning(said):
    twice = "responses: {human: human, gpt4: '{{ human }}'}"
    assert "the responses gpt4 and human are word for word the same" in said(
        "responses: {human: human}", twice
    )
    assert said("responses: {human: human}", twice.replace("}}'", "}}!'")) == ""
