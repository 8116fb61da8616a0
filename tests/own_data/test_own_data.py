"""Data of the user's own: what is read, joined, dropped and counted.

The rows have the keys of the public files of Ren, Wu and Liu (2024); their text is made up.
"""

import json
from pathlib import Path

import pandas as pd
import pytest

from showhow.errors import ShowhowError
from showhow.own_data.selection import describe
from showhow.responses import load_variant
from showhow.tasks import load_task
from showhow.tasks.problem import read_problems, write_problems

ASK = "\n\nPlease provide the final answer (a number) at the end, after 'Final Answer:'\n"
SUMS = [(3, 4), (500, 580), (20, 1), (7, 7), (1000, 200), (9, 2), (30, 3), (8, 5)]


def question(first: int, second: int) -> str:
    return f"Ann has {first} plums and buys {second} more. How many plums does she have?"


def human(first: int, second: int) -> str:
    total = first + second
    return f"{first} + {second} = <<{first}+{second}={total}>>{total:,}\nFinal Answer: {total:,}"


def model(first: int, second: int) -> str:
    total = first + second + (first == 9)  # one of them is wrong
    return f"Ann starts with {first}. She adds {second}.\n\nFinal Answer: {total}.0"


def write(folder: Path, name: str, rows: list[dict]) -> None:
    table, file = pd.DataFrame(rows), folder / name
    if file.suffix == ".csv":
        table.to_csv(file, index=False)
    elif file.suffix == ".parquet":
        table.to_parquet(file, index=False)
    elif file.suffix == ".jsonl":
        file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    else:
        file.write_text(json.dumps(rows))


@pytest.fixture(params=[".json", ".jsonl", ".csv", ".parquet"])
def folder(request, tmp_path):
    train, test = SUMS[:6], SUMS[6:]
    rows = {
        "human": [{"question": question(*s) + ASK, "answer": human(*s)} for s in train],
        "model": [{"question": question(*s) + ASK, "answer": model(*s)} for s in reversed(train)],
        "test": [{"question": question(*s), "answer": human(*s)} for s in test],
    }
    for name, content in rows.items():
        write(tmp_path, name + request.param, content)
    return tmp_path


def settings(folder: Path, suffix: str | None = None, **changed):
    suffix = suffix or next(folder.iterdir()).suffix
    column = {"prompt": "question"}
    own = {"answer": "answer", "responses": {"human": "answer"}}
    return load_task("dataset").Settings(
        **{
            "folder": str(folder),
            "instruction": ASK,
            "answer": {"kind": "number"},
            "train": [
                {"file": f"human{suffix}", **column, **own},
                {"file": f"model{suffix}", **column, "responses": {"model": "answer"}},
            ],
            "test": [{"file": f"test{suffix}", **column, **own}],
            **changed,
        }
    )


def generate(chosen, split, count, exclude=frozenset()):
    return load_task("dataset").generate(chosen, split, count, set(exclude))


def test_every_format_gives_the_same_problems(folder):
    problems = generate(settings(folder), "train", 6)
    assert {p.answer for p in problems} == {"7", "1080", "21", "14", "1200", "11"}
    assert all(p.prompt.endswith(ASK.rstrip()) and p.prompt.count("Please") == 1 for p in problems)
    for problem in (*problems, *generate(settings(folder), "test", 2)):
        assert problem.prompt.endswith(ASK.rstrip())
        assert problem.answer == problem.responses["human"].split()[-1].replace(",", "")


def test_training_sets_are_nested_and_the_seed_draws_another_order(folder):
    whole = generate(settings(folder), "train", 6)
    assert generate(settings(folder), "train", 4) == whole[:4]
    other = generate(settings(folder, seed=1), "train", 6)
    assert [p.prompt for p in other] != [p.prompt for p in whole]
    assert {p.prompt for p in other} == {p.prompt for p in whole}


def test_the_counts_say_which_responses_carry_the_answer(folder):
    described = describe(settings(folder))
    train = described["train"]
    assert train.questions == 6
    assert (train.responses["human"].n, train.responses["human"].right) == (6, 6)
    assert (train.responses["model"].answered, train.responses["model"].right) == (6, 5)
    assert described["test"].responses["human"].right == 2


def test_every_loss_is_counted(tmp_path):
    good = [{"question": question(*s), "answer": human(*s), "kind": "sum"} for s in SUMS]
    human_rows = [
        *good[:6],
        {**good[0], "question": good[0]["question"].upper() + "  "},
        {"question": "Who?", "answer": "Nobody", "kind": "sum"},
        {"question": "", "answer": "3", "kind": "sum"},
        {"question": "Is it?", "answer": "4", "kind": "other"},
    ]
    model_rows = [{**row, "answer": "Final Answer: 1"} for row in good[1:6]]
    model_rows += [{**good[0], "answer": " "}, {**good[7], "answer": "Final Answer: 13"}]
    for name, rows in (("human", human_rows), ("model", model_rows), ("test", good[5:])):
        write(tmp_path, f"{name}.json", rows)
    chosen = settings(tmp_path)
    filtered = chosen.train[0].model_copy(update={"where": {"kind": ("sum",)}})
    chosen = chosen.model_copy(update={"train": (filtered, chosen.train[1])})
    train = describe(chosen)["train"]
    lost = train.files["human.json"]
    assert (lost.rows, lost.filtered, lost.duplicates) == (10, 1, 1)
    assert (lost.no_prompt, lost.no_answer) == (1, 1)
    assert (train.files["model.json"].unmatched, train.files["model.json"].no_response) == (1, 1)
    assert (train.incomplete, train.in_test, train.questions) == (1, 1, 4)
    task = load_task("dataset")
    exclude = {task.canonical(problem) for problem in generate(chosen, "test", 3)}
    assert len(generate(chosen, "train", 4, exclude)) == 4
    with pytest.raises(ShowhowError, match="has 4 questions for the split 'train', not 5"):
        generate(chosen, "train", 5, exclude)


def test_a_test_set_is_made_where_there_is_none(folder):
    chosen = settings(folder, test=(), test_share=0.34)
    test, train = generate(chosen, "test", 2), generate(chosen, "train", 4)
    assert not {p.prompt for p in test} & {p.prompt for p in train}
    with pytest.raises(ShowhowError, match="has 4 questions"):
        generate(chosen, "train", 5)


def test_given_responses_are_those_of_the_column(folder, tmp_path_factory):
    variant, task = load_variant("given"), load_task("dataset")
    train, test = (generate(settings(folder), split, 2) for split in ("train", "test"))
    file = tmp_path_factory.mktemp("problems") / "train.jsonl"
    write_problems(file, train)
    for problem in read_problems(file):
        written = variant.write(variant.Settings(response="model"), task, problem)
        assert written.response == problem.responses["model"]
        assert (written.answer, written.steps) == (problem.answer, ())
    only = variant.write(variant.Settings(response="model"), task, test[0])
    assert only.response == test[0].responses["human"]
    with pytest.raises(ShowhowError, match="no response gpt9; it has: human, model"):
        variant.write(variant.Settings(response="gpt9"), task, train[0])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("human.json", b"[]", "has no rows"),
        ("human.json", b'{"question": 1}', "not a list of objects"),
        ("human.json", b'[{"question": "x"}]', "row 1, has no column answer; it has: question"),
        ("human.json", "[\u00e9]".encode("latin-1"), "is not UTF-8"),
        ("human.jsonl", b'{"question": "x", "answer": "1"}\n{"quest', "line 2"),
        ("human.csv", b"question;answer\nx;1\n", "has no column question, answer"),
        ("human.csv", b"question,answer\nx,1,2\n", "line 2 has more fields"),
        ("human.parquet", b"not parquet", "cannot be read as parquet"),
        ("human.txt", b"x", "should end in"),
    ],
)
def test_wrong_files_are_told_in_a_sentence(name, content, said, tmp_path):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ShowhowError, match=said):
        describe(settings(tmp_path, suffix=Path(name).suffix, test=()))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ShowhowError, match=r"no data file .*\.json"):
        describe(settings(tmp_path, suffix=".json"))
