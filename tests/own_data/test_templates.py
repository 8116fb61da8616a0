"""Prompts, answers and responses made of several columns, in any format of file."""

import json
import time

import pandas as pd
import pytest
from pydantic import ValidationError

from showhow.base.errors import ShowhowError
from showhow.tasks import load_task
from showhow.tasks.own_data.description import describe
from showhow.tasks.own_data.selection import as_read, select, split_of
from showhow.tasks.own_data.settings import Source

ROWS = [
    {
        "passage": f"A cat has {n} kittens & <toys>.",
        "the question": f"How many kittens are there in house {n}",
        "n": float(n),
        "answers": [str(n), f"{n} kittens"],
        "options": {"text": [f"dog {n}", f"cat {n}", f"cow {n}"], "label": ["A", "B", "C"]},
        "right": f"cat {n}",
        "spare": "x",
    }
    for n in range(1, 9)
]
QUESTION = "{{ passage }}\n{{ row['the question'] }}?"


def settings(folder, rows=ROWS, name="rows.jsonl", form="number", **source):
    path = folder / name
    if path.suffix == ".parquet":
        pd.DataFrame(rows).to_parquet(path)
    elif path.suffix == ".json":
        path.write_text(json.dumps(rows))
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    described = {"file": name, "prompt": QUESTION, "answer": "n", **source}
    return load_task("dataset").Settings(
        folder=str(folder), train=[described], answer={"kind": form}
    )


def questions(chosen):
    return list(select(chosen, chosen.train).questions.values())


@pytest.mark.parametrize("name", ["rows.json", "rows.jsonl", "rows.parquet"])
def test_columns_stand_in_the_text_as_they_are(tmp_path, name):
    first = questions(settings(tmp_path, name=name))[0]
    assert first.prompt == ("A cat has 1 kittens & <toys>.\nHow many kittens are there in house 1?")


def test_a_name_without_braces_is_a_column_as_before(tmp_path):
    chosen = settings(tmp_path, prompt="the question")
    assert questions(chosen)[0].prompt == "How many kittens are there in house 1"


def test_lists_inside_a_row_can_be_gone_through(tmp_path):
    chosen = settings(
        tmp_path,
        form="choice",
        prompt="Which?{% for one in options.text %}\n{{ options.label[loop.index0] }}) {{ one }}"
        "{% endfor %}",
        answer="{{ options.label[options.text.index(right)] }}",
        responses={"told": "It is {{ right }}.\nFinal Answer: {{ options.label[1] }}"},
    )
    first = questions(chosen)[0]
    assert first.prompt == "Which?\nA) dog 1\nB) cat 1\nC) cow 1"
    assert first.answer == "B"
    assert first.responses == {"told": "It is cat 1.\nFinal Answer: B"}


@pytest.mark.parametrize("written", [33, 33.0, "33", "33.0", "$33"])
@pytest.mark.parametrize("answer", ["n", "{{ n }}"])
def test_a_number_is_the_same_answer_however_the_file_writes_it(tmp_path, written, answer):
    rows = [{**row, "n": written} for row in ROWS]
    read = questions(settings(tmp_path, rows, answer=answer))
    assert {question.answer for question in read} == {"33"}


def test_a_whole_number_of_a_table_is_written_as_people_do(tmp_path):
    chosen = settings(tmp_path, form="text")
    assert questions(chosen)[0].answer == "1"


@pytest.mark.parametrize("several", ["answers", "{{ answers }}", "{{ answers + [right] }}"])
def test_any_of_several_right_answers_is_right(tmp_path, several):
    responses = {
        "one": "Final Answer: {{ answers[0] }}",
        "other": "Final Answer: {{ answers[1] }}",
        "neither": "Final Answer: {{ 0 }}",
    }
    chosen = settings(tmp_path, form="text", answer=several, responses=responses)
    counts = describe(chosen).splits["train"].responses
    assert counts["one"].right == counts["other"].right == counts["one"].n > 0
    assert counts["neither"].right == 0
    problem = load_task("dataset").generate(chosen, "train", 1, set())[0]
    assert problem.answer + " kittens" in (problem.answer, *problem.aliases)


def test_a_response_that_a_template_leaves_empty_is_none(tmp_path):
    rows = [{**row, "more": "" if index else "why"} for index, row in enumerate(ROWS)]
    chosen = settings(tmp_path, rows, responses={"more": "{% if more %}{{ more }}!{% endif %}"})
    assert [question.responses for question in questions(chosen)] == [{"more": "why!"}]


def test_a_template_that_is_none_is_told(tmp_path):
    for written, says in (("{{ a", "cannot be read"), ("{% for %}", "cannot be read")):
        with pytest.raises(ValidationError, match=says):
            Source(file="a.json", prompt=written)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("{{ options.texts }}", "no attribute 'texts'"),
        ("{{ options.text[3] }}", "row 1: the template"),
        ("{{ passage.__class__.__mro__ }}", "unsafe"),
        ("{{ passage.upper }}", "no value of a column"),
        ("{{ n / 0 }}", "division by zero"),
        ("{% for one in range(10**9) %}{% endfor %}", "Range too big"),
    ],
)
def test_what_cannot_be_filled_is_an_error_and_no_text(tmp_path, written, says):
    with pytest.raises(ShowhowError, match=says):
        questions(settings(tmp_path, prompt=written))


def test_what_no_template_reads_makes_no_difference(tmp_path):
    before = as_read(settings(tmp_path))
    assert as_read(settings(tmp_path, [{**row, "spare": "y"} for row in ROWS])) == before
    assert as_read(settings(tmp_path, [{**row, "passage": "?"} for row in ROWS])) != before
    assert as_read(settings(tmp_path, prompt=QUESTION + "!")) != before


def test_a_template_may_go_through_the_whole_row(tmp_path):
    chosen = settings(tmp_path, prompt="{% for name in row %}{{ name }} {% endfor %}{{ n }}")
    assert questions(chosen)[0].prompt.startswith("passage the question n answers")


def test_the_same_prompt_with_another_answer_is_told_and_so_is_another_response(tmp_path):
    rows = [*ROWS, {**ROWS[0], "n": 5}, ROWS[1]]
    told = [{**ROWS[0], "told": text} for text in ("x", "x", "y")]
    (tmp_path / "more.jsonl").write_text("".join(json.dumps(row) + "\n" for row in told))
    chosen = settings(tmp_path, rows)
    more = Source(file="more.jsonl", prompt=QUESTION, responses={"told": "told"})
    dropped = select(chosen, (chosen.train[0], more)).dropped
    assert [(row.file, row.row, row.reason) for row in dropped][:4] == [
        ("rows.jsonl", 9, "same question as row 1, other answer"),
        ("rows.jsonl", 10, "same question as row 2, same answer"),
        ("more.jsonl", 2, "same question as row 1"),
        ("more.jsonl", 3, "same question as row 1, other response"),
    ]


def test_plain_columns_of_many_rows_are_read_about_as_fast_as_the_file(tmp_path):
    rows = [
        {"prompt": f"What is {n}?", "answer": str(n), "r": "Final Answer: 1"} for n in range(30_000)
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    chosen = load_task("dataset").Settings(
        folder=str(tmp_path),
        train=[{"file": path.name, "answer": "answer"}],
        answer={"kind": "text"},
    )
    begun = time.process_time()
    assert len(split_of(chosen, "train")[0].questions) == 30_000
    assert time.process_time() - begun < 6
