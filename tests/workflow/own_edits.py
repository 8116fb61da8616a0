"""A day's edits of a person's own table: each with exactly the jobs that must run again."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from own_study import (
    ANSWER,
    TABLE,
    Row,
    configuration,
    given,
    table,
    write_configuration,
    write_table,
)
from selections import CLAIMS, COSTS, SHOWN, TABLES, Selection, new, rule

# Which rows are used, as the finished study's own files say.


def questions(folder: Path, split: str) -> set[str]:
    files = folder.glob(f"results/data/sums/problems/{split}.jsonl")
    lines = [line for file in files for line in file.read_text().splitlines()]
    return {json.loads(line)["prompt"] for line in lines}


def unused(folder: Path, row: Row) -> bool:
    return row["question"] not in questions(folder, "*")


def trained_by_seed_1_alone(folder: Path, row: Row) -> bool:
    """It is among the first 16 of seed 1, and in no set of seed 2."""
    sets = {n: questions(folder, f"train-{n}") for n in ("n16-draw1", "n24-draw2")}
    return row["question"] in sets["n16-draw1"] - sets["n24-draw2"]


def tested(folder: Path, row: Row) -> bool:
    return row["question"] in questions(folder, "test")


# The edits.

EDITS: dict[str, tuple[Callable[[Path], None], list[Selection]]] = {}


def edit(name: str, stale: list[Selection]) -> Callable:
    def keep(change: Callable[[Path], None]) -> Callable[[Path], None]:
        assert name not in EDITS
        EDITS[name] = change, stale
        return change

    return keep


def setting(name: str, change: Callable[[dict], None], stale: list[Selection]) -> None:
    def changed(folder: Path) -> None:
        content = configuration()
        change(content)
        write_configuration(folder, content)

    edit(name, stale)(changed)


def correct(
    name: str, which: Callable[[Path, Row], bool], column: str, text: str, stale: list[Selection]
) -> None:
    """Correct one row's column; the text may name columns of the row."""

    def change(folder: Path) -> None:
        rows = table()
        row = next(row for row in rows if which(folder, row))
        row[column] = text.format(**row)
        write_table(folder, rows)

    edit(name, stale)(change)


def problems(split: str) -> Selection:
    return rule("generate_problems", split=split)


def responses(variant: str, split: str) -> Selection:
    return rule("write_responses", variant=variant, split=split)


def runs(**wildcards: str) -> list[Selection]:
    return [rule(name, **wildcards) for name in ("fine_tune", "predict", "score")]


SOURCE = [rule("describe_source"), *COSTS]
"""What is said of the table as a whole: in the report alone."""
PROBLEMS = [rule("generate_problems")]
"""The files of problems hold all responses; what reads them takes its own."""
SEED_1 = [problems("train-n16-draw1"), problems("train-n24-draw1")]

# The table's bytes.
edit("touched", [])(lambda folder: (folder / TABLE).touch())
edit("other line endings", [])(lambda folder: write_table(folder, table(), "\r\n"))
edit("columns in another order", [])(
    lambda folder: write_table(folder, [dict(reversed(row.items())) for row in table()])
)
edit("a column that is not named", [])(
    lambda folder: write_table(folder, [row | {"note": "mine"} for row in table()])
)
edit("rows in another order", [])(lambda folder: write_table(folder, table()[::-1]))


@edit("moved to a folder", SHOWN)
def _moved(folder: Path) -> None:
    (folder / "data").mkdir()
    shutil.move(folder / TABLE, folder / "data")
    content = configuration()
    content["tasks"]["sums"]["settings"]["folder"] = "data"
    write_configuration(folder, content)


@edit("named by its absolute path", SHOWN)
def _absolute(folder: Path) -> None:
    content = configuration()
    content["tasks"]["sums"]["settings"]["train"][0]["file"] = str(folder / TABLE)
    write_configuration(folder, content)


@edit("saved as a Parquet file", [rule("describe_source"), *COSTS, *SHOWN])
def _parquet(folder: Path) -> None:
    import pandas as pd

    pd.DataFrame(table()).to_parquet(folder / "table.parquet")
    content = configuration()
    content["tasks"]["sums"]["settings"]["train"][0]["file"] = "table.parquet"
    write_configuration(folder, content)


@edit("a column by another name", SHOWN)
def _column_renamed(folder: Path) -> None:
    write_table(folder, [{"q": row.pop("question"), **row} for row in table()])
    content = configuration()
    content["tasks"]["sums"]["settings"]["train"][0]["prompt"] = "q"
    write_configuration(folder, content)


# One row.
correct("an unused row's wording", unused, "human", "Take both. The answer is: 1", SOURCE)
correct(
    "an unused row's response, as long and as right as it was",
    unused,
    "gpt",
    "8 + 8 = 8. The answer is: {answer}",
    [],
)
correct(
    "a response of a row that one seed trains on",
    trained_by_seed_1_alone,
    "human",
    "Count on. The answer is: 1",
    [
        *SEED_1,
        responses("human", "train-n16-draw1"),
        responses("human", "train-n24-draw1"),
        *runs(variant="human", seed="1"),
        *TABLES,
        *SOURCE,
    ],
)
correct(
    "the answer of a row that one seed trains on: only the answer alone is learned from it",
    trained_by_seed_1_alone,
    "answer",
    "1",
    [
        *SEED_1,
        *(
            responses(variant, f"train-{n}-draw1")
            for variant in ("human", "gpt", "none")
            for n in ("n16", "n24")
        ),
        rule("describe_data"),
        *runs(variant="none", seed="1"),
        *TABLES,
        *SOURCE,
    ],
)
correct(
    "a response to a test question, which says nothing as answers have a limit",
    tested,
    "human",
    "Count on. The answer is: 1",
    [problems("test"), responses("human", "test"), *SOURCE],
)
correct(
    "the answer to a test question",
    tested,
    "answer",
    "1",
    [
        problems("test"),
        *(responses(variant, "test") for variant in ("human", "gpt", "none")),
        rule("describe_data"),
        rule("count_contamination"),
        rule("score"),
        *TABLES,
        *SOURCE,
    ],
)


@edit("a row twice", SOURCE)
def _twice(folder: Path) -> None:
    rows = table()
    write_table(folder, [*rows, next(row for row in rows if unused(folder, row))])


@edit("an unused row gone", SOURCE)
def _gone(folder: Path) -> None:
    rows = table()
    rows.remove(next(row for row in rows if unused(folder, row)))
    write_table(folder, rows)


# Variants.
def _third(content: dict) -> None:
    content["tasks"]["sums"]["settings"]["train"][0]["responses"]["third"] = "gpt"


def _third_variant(content: dict) -> None:
    _third(content)
    content["variants"]["third"] = given("third")
    content["studies"]["own"]["grids"][0]["variants"].append("third")


SPLITS = ("test", *(f"train-n{n}-draw{seed}" for n in (16, 24) for seed in (1, 2)))


def new_runs(variant: str, budgets=("n16", "n24"), seeds=(1, 2)) -> list[Selection]:
    return [
        new(
            name,
            f"study=own task=sums variant={variant} model=tiny budget={budget} seed={seed}",
        )
        for name in ("fine_tune", "predict", "score")
        for budget in budgets
        for seed in seeds
    ]


setting("a third column", _third, [*PROBLEMS, *SOURCE, *SHOWN])
setting(
    "a third variant, of a third column",
    _third_variant,
    [
        *PROBLEMS,
        *(new("write_responses", f"task=sums variant=third split={split}") for split in SPLITS),
        *new_runs("third"),
        rule("list_runs"),
        *TABLES,
        *SOURCE,
        *SHOWN,
    ],
)
setting(
    "a variant by another name: results are named by it",
    lambda content: (
        content["variants"].update(person=content["variants"].pop("human")),
        content["studies"]["own"]["grids"][0].update(variants=["person", "gpt", "none"]),
    ),
    [
        *(new("write_responses", f"task=sums variant=person split={split}") for split in SPLITS),
        *new_runs("person"),
        rule("list_runs"),
        *TABLES,
        *SHOWN,
    ],
)
setting(
    "a variant less",
    lambda content: content["studies"]["own"]["grids"][0]["variants"].remove("gpt"),
    [rule("list_runs"), *TABLES, *SHOWN],
)


def _human_as(template: str) -> Callable[[dict], None]:
    def change(content: dict) -> None:
        content["tasks"]["sums"]["settings"]["train"][0]["responses"]["human"] = template

    return change


setting("a template that says what the column did", _human_as("{{ human }}"), SHOWN)
setting(
    "a template that says more",
    _human_as("Well. {{ human }}"),
    [
        *PROBLEMS,
        rule("write_responses", variant="human"),
        *runs(variant="human"),
        *TABLES,
        *SOURCE,
        *SHOWN,
    ],
)

# How answers are read.
SCORED = [rule("score"), *TABLES]
setting(
    "another marker before the answer",
    lambda content: content["tasks"]["sums"]["settings"].update(
        answer=ANSWER | {"marker": "The answer is:"}
    ),
    [*SCORED, *SHOWN],
)
setting(
    "a marker that no response has",
    lambda content: content["tasks"]["sums"]["settings"].update(answer=ANSWER | {"marker": "####"}),
    [*SCORED, *SOURCE, *SHOWN],
)

# Splits.
TESTED = [
    problems("test"),
    *(responses(variant, "test") for variant in ("human", "gpt", "none")),
    rule("describe_data"),
    rule("count_contamination"),
    rule("describe_source"),
    rule("predict"),
    rule("score"),
    *TABLES,
    *SHOWN,
]


def _size_of_test(size: int) -> Callable[[dict], None]:
    return lambda content: content["tasks"]["sums"].update(test_size={"test": size})


setting("more test questions, asked of kept models", _size_of_test(14), TESTED)
setting("fewer test questions", _size_of_test(8), TESTED)


@edit("more test questions, and the models are gone", [rule("fine_tune"), *TESTED])
def _models_gone(folder: Path) -> None:
    for model in folder.glob("results/runs/*/*/*/*/*/*/model"):
        shutil.rmtree(model)
    content = configuration()
    _size_of_test(14)(content)
    write_configuration(folder, content)


setting(
    "one more seed",
    lambda content: content["studies"]["own"]["grids"][0]["seeds"].append(3),
    [
        *(new("generate_problems", f"task=sums split=train-n{n}-draw3") for n in (16, 24)),
        *(
            new("write_responses", f"task=sums variant={variant} split=train-n{n}-draw3")
            for variant in ("human", "gpt", "none")
            for n in (16, 24)
        ),
        *(run for variant in ("human", "gpt", "none") for run in new_runs(variant, seeds=(3,))),
        rule("describe_data"),
        rule("list_runs"),
        *TABLES,
        *SHOWN,
    ],
)
setting(
    "one size less",
    lambda content: content["studies"]["own"]["grids"][0].update(n_train=[16]),
    [rule("describe_data"), rule("list_runs"), *TABLES, *SHOWN],
)
setting(
    "only rows that are used anyway",
    lambda content: content["tasks"]["sums"]["settings"].update(seed=0),
    SHOWN,
)

# Models, training and evaluation.
setting(
    "longer answers, of kept models",
    lambda content: content["evaluation"].update(max_new_tokens=20),
    [rule("predict"), *SCORED, *SHOWN],
)
setting(
    "another learning rate",
    lambda content: content["training"].update(learning_rate=0.02),
    [*runs(), *TABLES, *SHOWN],
)
setting("another margin", lambda c: c.update(analysis={"margins": {"C1": 0.1}}), [*CLAIMS, *SHOWN])
setting(
    "another title",
    lambda content: content["studies"]["own"].update(title="Mine"),
    [*SHOWN],
)
setting("weights that need not stay", lambda c: c.update(keeping={"weights": "none"}), [])
