"""Data whose answers are programs, in the columns of MBPP and of HumanEval."""

import json

import pandas as pd
import pytest

from showhow.base.errors import ShowhowError
from showhow.tasks import load_task
from showhow.tasks.own_data.description import describe
from showhow.tasks.own_data.selection import as_read, split_of

ADDS = [
    {
        "text": f"Write a function to add {n}.",
        "code": f"def add(x):\r\n    return x + {n}",
        "model": f"Final Answer:\n```python\ndef add(x):\n    return x + {n % 3}\n```",
        "test_list": [f"assert add(1) == {1 + n}", f"assert add(2) == {2 + n}"],
    }
    for n in range(6)
]


def settings(folder, name):
    source = {
        "file": name,
        "prompt": "text",
        "answer": "test_list",
        "responses": {"human": "code", "model": "model"},
    }
    return load_task("dataset").Settings(
        folder=str(folder), train=[source], test_share=0.3, answer={"kind": "program"}
    )


@pytest.mark.parametrize("name", ["train.json", "train.parquet", "train.csv"])
def test_responses_are_run_against_the_tests_of_their_question(tmp_path, name):
    table, path = pd.DataFrame(ADDS), tmp_path / name
    if name.endswith(".json"):
        path.write_text(json.dumps(ADDS))
    elif name.endswith(".csv"):
        table.to_csv(path, index=False)
    else:
        table.to_parquet(path, index=False)
    chosen = settings(tmp_path, name)
    described = describe(chosen).splits
    assert sum(split.responses["human"].right for split in described.values()) == 6
    assert sum(split.responses["model"].right for split in described.values()) == 3
    assert sum(split.responses["model"].answered for split in described.values()) == 6
    train, keys = split_of(chosen, "train")
    assert "assert add(1) == " in train.questions[keys[0]].answer


def test_planning_knows_another_response_without_running_it(tmp_path, monkeypatch):
    (tmp_path / "train.json").write_text(json.dumps(ADDS))
    monkeypatch.setenv("PATH", "")  # nothing can be run
    before = as_read(settings(tmp_path, "train.json"))
    changed = [{**row, "model": row["model"].replace("x +", "x -")} for row in ADDS]
    (tmp_path / "other.json").write_text(json.dumps(changed))
    after = as_read(settings(tmp_path, "other.json"))
    assert before["train"] != after["train"]


def test_rows_without_tests_are_counted_and_not_all_right(tmp_path):
    rows = [*ADDS[:3], {**ADDS[3], "test_list": None}]
    (tmp_path / "train.json").write_text(json.dumps(rows))
    assert (
        describe(settings(tmp_path, "train.json")).splits["train"].files["train.json"].no_answer
        == 1
    )
    (tmp_path / "none.json").write_text(json.dumps([{**row, "test_list": []} for row in rows]))
    with pytest.raises(ShowhowError, match="test nothing"):
        describe(settings(tmp_path, "none.json"))


def test_the_indentation_that_a_program_begins_with_is_a_part_of_it(tmp_path):
    rows = [
        {
            "q": f"Go on.\ndef add{n}(x):",
            "tests": {
                "prompt": f"def add{n}(x):\n",
                "test": f"def check(f):\n    assert f(1) == {1 + n}",
                "entry_point": f"add{n}",
            },
            "code": f"\n    more = {n}\n    return x + more\n",
        }
        for n in range(4)
    ]
    (tmp_path / "train.json").write_text(json.dumps(rows))
    chosen = load_task("dataset").Settings(
        folder=str(tmp_path),
        train=[
            {"file": "train.json", "prompt": "q", "answer": "tests", "responses": {"a": "code"}}
        ],
        test_share=0.3,
        answer={"kind": "program"},
    )
    counts = describe(chosen).splits["train"].responses["a"]
    assert (counts.n, counts.right) == (3, 3)
