"""Data of the user's own: what is read, joined, dropped and counted.

The rows have the keys of the public files of Ren, Wu and Liu (2024); their text is made up.
"""

import json
from pathlib import Path

import datasets
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st
from pydantic import ValidationError

from showhow.answers.forms import AnswerForm
from showhow.base.errors import ShowhowError
from showhow.responses import load_variant
from showhow.tasks import load_task
from showhow.tasks.own_data.description import describe
from showhow.tasks.own_data.reading import read_file
from showhow.tasks.own_data.selection import OwnQuestion, Selected, questions_to_test, shuffled
from showhow.tasks.own_data.settings import HubData, Source
from showhow.tasks.problem import read_problems, write_problems
from stages.download_data import fetched

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


def test_each_draw_is_another_order_of_the_training_questions_alone(folder):
    def drawn(split, count, draw):
        problems = load_task("dataset").generate(settings(folder), split, count, set(), draw)
        return [problem.prompt for problem in problems]

    first, second = (drawn("train", 6, draw) for draw in (1, 2))
    assert first != second
    assert sorted(first) == sorted(second) == sorted(drawn("train", 6, 0))
    assert drawn("train", 4, 1) == first[:4]


def test_the_counts_say_which_responses_carry_the_answer(folder):
    described = describe(settings(folder)).splits
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
    train = describe(chosen).splits["train"]
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


def test_every_dropped_row_is_named_with_its_reason(tmp_path):
    good = [{"question": question(*s), "answer": human(*s)} for s in SUMS]
    rows = [*good[:4], good[0], {**good[1], "answer": "Final Answer: 1"}, {"question": "Who?"}]
    rows[6]["answer"] = "Nobody"
    model_rows = [{**row, "answer": "Final Answer: 2"} for row in good[:3]]
    model_rows.append({"question": "And who?", "answer": "3"})
    for name, content in (("human", rows), ("model", model_rows), ("test", good[2:])):
        write(tmp_path, f"{name}.jsonl", content)
    described = describe(settings(tmp_path))
    assert {(split, row.file, row.row, row.reason) for split, row in described.dropped} == {
        ("train", "human.jsonl", 5, "same question as row 1, same answer"),
        ("train", "human.jsonl", 6, "same question as row 2, other answer"),
        ("train", "human.jsonl", 7, "no answer can be read of it"),
        ("train", "model.jsonl", 4, "the first file has no such question"),
        ("train", "human.jsonl", 4, "no file gives it model"),
        ("train", "human.jsonl", 3, "a test question"),
    }
    lost = described.splits["train"].files["human.jsonl"]
    assert (lost.duplicates, lost.contradictions) == (2, 1)


def test_only_test_questions_that_are_asked_are_kept_out_of_the_training(tmp_path):
    rows = [{"question": question(*s), "answer": human(*s)} for s in SUMS]
    for name in ("human", "model", "test"):
        write(tmp_path, f"{name}.json", rows)
    chosen = settings(tmp_path)
    train = describe(chosen, asked=2).splits["train"]
    assert (train.questions, train.in_test, train.shared) == (6, 2, 8)
    exclude = {load_task("dataset").canonical(asked) for asked in generate(chosen, "test", 2)}
    assert len(generate(chosen, "train", train.questions, exclude)) == train.questions


def test_the_form_of_the_prompts_is_told_by_how_they_end(folder):
    assert describe(settings(folder)).splits["test"].prompts.ending == "end, after 'Final Answer:'"
    prompts = describe(settings(folder, instruction="")).splits["test"].prompts
    assert (prompts.ending, prompts.colon, prompts.options) == ("plums does she have?", 0.0, 0.0)


def test_a_test_set_is_made_where_there_is_none(folder):
    chosen = settings(folder, test=(), test_share=0.34)
    test, train = generate(chosen, "test", 2), generate(chosen, "train", 4)
    assert not {p.prompt for p in test} & {p.prompt for p in train}
    with pytest.raises(ShowhowError, match="has 4 questions"):
        generate(chosen, "train", 5)


def test_validation_problems_are_training_questions_that_no_training_set_has(folder):
    chosen = settings(folder)
    test, validation = generate(chosen, "test", 2), generate(chosen, "validation", 2)
    assert {p.split for p in validation} == {"validation"} and not validation[0].steps
    exclude = {load_task("dataset").canonical(p) for p in (*test, *validation)}
    left = generate(chosen, "train", 4, exclude)
    assert not {p.prompt for p in left} & {p.prompt for p in validation}
    with pytest.raises(ShowhowError, match="has 4 questions for the split 'train', not 5"):
        generate(chosen, "train", 5, exclude)


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
        ("human.csv", b"question;answer\nx;1\n", "separated by ';': write delimiter: ';'"),
        ("human.csv", b"question\tanswer\nx\t1\n", r"separated by '\\t': write delimiter"),
        ("human.csv", b'question,answer\n"x,1\n', "cannot be read as csv"),
        (
            "human.csv",
            b"question,answer\nx\n",
            "fewer fields than the header: no answer",
        ),
        ("human.csv", b"", "has no rows"),
        ("human.json", b"", "cannot be read as json"),
        ("human.jsonl", b"\n\n", "has no rows"),
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


@pytest.mark.parametrize(("name", "line"), [("human.jsonl", 1), ("human.csv", 2)])
def test_a_line_of_100_mb_is_told_and_not_read(name, line, tmp_path):
    head = b"question,answer\n" if name.endswith("csv") else b""
    (tmp_path / name).write_bytes(head + b"x" * 100_000_000)
    with pytest.raises(ShowhowError, match=f"line {line} has more than 16,777,216 characters"):
        describe(settings(tmp_path, suffix=Path(name).suffix, test=()))


def test_a_delimiter_can_be_named(tmp_path):
    (tmp_path / "human.csv").write_text("question;answer\nOne, two?;Final Answer: 3\n")
    source = {"file": "human.csv", "prompt": "question", "answer": "answer", "delimiter": ";"}
    chosen = settings(tmp_path, suffix=".csv", train=[source], test=())
    [problem] = generate(chosen, "test", 1)
    assert problem.prompt.startswith("One, two?")


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".jsonl"])
def test_answers_that_are_not_there_and_ids_that_come_twice_are_counted(suffix, tmp_path):
    rows = [
        {"question": "a?", "answer": 1.0, "name": "1"},
        {"question": "b?", "answer": float("nan"), "name": "2"},
        {"question": "c?", "answer": 3.0, "name": "1"},
        {"question": "d?", "answer": None, "name": "4"},
        {"question": "e?", "answer": 5.0, "name": "5"},
    ]
    write(tmp_path, f"human{suffix}", rows)
    source = {"file": f"human{suffix}", "prompt": "question", "answer": "answer", "id": "name"}
    lost = (
        describe(settings(tmp_path, suffix=suffix, train=[source], test=())).splits["train"].files
    )
    assert (lost[f"human{suffix}"].duplicate_ids, lost[f"human{suffix}"].no_answer) == (1, 2)


@given(
    kinds=st.lists(st.sampled_from("xyz"), min_size=12, max_size=60),
    share=st.floats(0.1, 0.9),
    seed=st.integers(0, 9),
)
@runs(max_examples=30, deadline=None)
def test_a_made_test_set_has_the_training_datas_share_of_every_kind(kinds, share, seed):
    questions = {str(n): OwnQuestion(str(n), "1", {}, kind) for n, kind in enumerate(kinds)}
    chosen = settings(Path("."), suffix=".csv", test=(), test_share=share, stratify="kind")
    test = questions_to_test(chosen, Selected(questions), shuffled(questions, seed))
    for kind in set(kinds):
        wanted = round(kinds.count(kind) * share)
        got = sum(questions[key].stratum == kind for key in test)
        assert got == wanted or (got <= 1 and len(test) == 1)


def test_a_stratified_split_reads_its_column(tmp_path):
    rows = [{"question": f"{n}?", "answer": n, "kind": "ab"[n % 4 == 0]} for n in range(40)]
    write(tmp_path, "human.csv", rows)
    source = {"file": "human.csv", "prompt": "question", "answer": "answer"}
    changed = {"train": [source], "test": (), "test_share": 0.2, "instruction": ""}
    chosen = settings(tmp_path, suffix=".csv", stratify="kind", **changed)
    answers = [int(problem.answer) for problem in generate(chosen, "test", 8)]
    assert sum(answer % 4 == 0 for answer in answers) == 2
    with pytest.raises(ShowhowError, match="has no column sort"):
        generate(settings(tmp_path, suffix=".csv", stratify="sort", **changed), "test", 1)


def test_a_folder_that_datasets_saved_and_a_split_that_it_loads_give_the_same_rows(tmp_path):
    rows = [{"question": f"{n}?", "answer": str(n)} for n in range(5)]
    datasets.Dataset.from_list(rows).save_to_disk(str(tmp_path / "saved"))
    assert read_file(tmp_path / "saved", ["question", "answer"]) == rows
    (tmp_path / "hub").mkdir()
    write(tmp_path / "hub", "train.jsonl", rows)
    wanted = HubData(id="owner/name", split="train")
    loaded = fetched(str(tmp_path / "hub"), wanted, "snakemake")
    loaded.to_parquet(str(tmp_path / wanted.file))
    assert read_file(tmp_path / wanted.file, ["question", "answer"]) == rows


def test_a_data_set_that_cannot_be_fetched_says_the_command(tmp_path):
    wanted = HubData(id="owner/name", revision="v1")
    said = r"owner/name \(revision v1\).*with: snakemake --force x"
    with pytest.raises(ShowhowError, match=said):
        fetched(str(tmp_path / "nowhere"), wanted, "snakemake --force x")


def test_a_source_is_a_file_or_on_the_hub():
    assert Source(hub={"id": "owner/name"}).path("data").parts[0] == "results"
    for wrong in ({}, {"file": "a.csv", "hub": {"id": "owner/name"}}):
        with pytest.raises(ValidationError, match="a source is a `file`, or a data set"):
            Source(**wrong)


OWN = """
def after_the_arrow(text):
    return text.split("->")[-1].strip() if "->" in text else None

def number(text):
    return 7

def broken(text):
    return text[1000]
"""


def test_a_function_of_ones_own_reads_answers(tmp_path):
    (tmp_path / "reading.py").write_text(OWN)
    form = {"kind": "function", "marker": None}
    read = AnswerForm(function=f"{tmp_path}/reading.py:after_the_arrow", **form).read
    assert (read("3 + 4 -> 7"), read("nothing")) == ("7", None)
    for name, said in (
        ("number", "gave 7, which is no text"),
        ("broken", r"failed for the text .* \(IndexError"),
        ("absent", "has no function absent"),
    ):
        with pytest.raises(ShowhowError, match=said):
            AnswerForm(function=f"{tmp_path}/reading.py:{name}", **form).read("x")
    answer = {"function": f"{tmp_path}/elsewhere.py:number", **form}
    with pytest.raises(ShowhowError, match=r"answer.function names .*elsewhere.py, and there"):
        load_task("dataset").check(settings(tmp_path, suffix=".csv", answer=answer))
