"""Predictions that are looked at: of each kind, with what was read of them."""

import json
from io import StringIO

import pytest
from rich.console import Console

from commands.look import drawn, main
from showhow.base.errors import ShowhowError
from showhow.report.examples import read_examples

UNREAD, WRONG, RIGHT = range(3)


@pytest.fixture
def run(tmp_path):
    def written(*kinds):
        items, predictions, responses = [], [], []
        for number, kind in enumerate(kinds):
            name = f"test-{number:06d}"
            read = [None, "3", "4"][kind]
            shared = {"truncated": False, "answer": "4", "predicted": read}
            items.append({"id": name, "correct": kind == RIGHT, **shared})
            text = f"I say {read}. [bold]"
            predictions.append({"id": name, "prompt": f"2 + {number}?", "prediction": text})
            response = {"id": name, "prompt": f"2 + {number}?", "response": "It is 4."}
            responses.append({**response, "answer": "4", "steps": [], "answer_position": "last"})
        items.append({**items[0], "id": "longer-000000"})
        files = []
        for name, rows in (("i", items), ("p", predictions), ("r", responses)):
            files.append(tmp_path / f"{name}.jsonl")
            files[-1].write_text("".join(json.dumps(row) + "\n" for row in rows))
        return files

    return written


def test_each_kind_is_shown_the_unread_first(run):
    examples = read_examples(*run(*[RIGHT] * 9, *[WRONG] * 9, *[UNREAD] * 9), rows=5)
    assert [one.kind for one in examples] == ["unread", "unread", "wrong", "wrong", "right"]
    first = examples[0]
    assert (first.prompt, first.response, first.predicted) == ("2 + 18?", "It is 4.", None)
    assert first.prediction == "I say None. [bold]"


def test_where_all_is_right_five_right_ones_are_shown(run):
    assert [one.kind for one in read_examples(*run(*[RIGHT] * 9))] == ["right"] * 5
    assert [one.kind for one in read_examples(*run(WRONG))] == ["wrong"]


def test_a_prediction_that_is_missing_is_told(run):
    items, predictions, responses = run(RIGHT, RIGHT)
    predictions.write_text(predictions.read_text().splitlines()[0] + "\n")
    with pytest.raises(ShowhowError, match="no prediction of test-000001"):
        read_examples(items, predictions, responses)


def test_the_table_of_a_terminal_has_texts_as_they_are(run):
    console = Console(width=160, record=True, file=StringIO())
    console.print(drawn("human", read_examples(*run(UNREAD, RIGHT))))
    said = console.export_text()
    assert "unread" in said and "nothing" in said and "[bold]" in said and "It is 4." in said


def test_the_command_says_how_it_is_called(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "--variant" in capsys.readouterr().out
