"""The responses of the second paper's data sets: which are read and right, and draws of them.

The folder is that of github.com/XuanRen4470/I-Learn-Better-If-You-Speak-My-Language as it is.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from showhow.answers.forms import AnswerForm, AnswerKind
from showhow.answers.programs import tests_of
from showhow.answers.sandbox import run_all

STEP_BY_STEP_KEPT = "openai_step_by_step_while_keep_original_distribution.json"
# The sources' files, which MATH and ECQA name alike.
FILES = {
    "human": "groundtruth.json",
    "Claude": "anthropic_Claud.json",
    "GPT-4": "openai_gpt4_data.json",
    "step by step": "openai_step_by_step.json",
    "step by step, wording kept": STEP_BY_STEP_KEPT,
    "rewritten": "openai_rewirte_groundtruth_in_own_words.json",
    "minimum change": "mistral_minimum_change_data.json",
}
OF_CODE = ("human", "Claude", "GPT-4", "minimum change")
# What a program's tests are, in MBPP and in HumanEval.
MBPP_TESTS = ("test_setup_code", "test_list")
HUMANEVAL_TESTS = ("prompt", "test", "entry_point")


@dataclass(frozen=True)
class DataSet:
    """Where each source's responses are, and how they may be read."""

    name: str
    kinds: tuple[AnswerKind, ...]
    sources: dict[str, list[str]]
    gold_of: Callable[[AnswerForm, dict[str, Any]], str | None]


@dataclass(frozen=True)
class Response:
    """One response, what was read of it, and what it should have been."""

    row: dict[str, Any]
    read: str | None
    gold: str
    right: bool

    def told(self, length: int) -> str:
        """Write the end of the question and of the response, and what was read of it."""
        if self.right or self.read is None or not self.gold.startswith("{"):
            verdict = f"read {self.read!r}, gold {self.gold!r}"
        else:
            ending = run_all([tests_of(self.gold).program(self.read)])[0]
            verdict = f"{ending.verdict}, {ending.reason}; read:\n{self.read}\ntests: {self.gold}"
        question = self.row.get("question") or self.row.get("prompt", "")
        return f"…{question[-length:]}\n~~~\n…{self.row['answer'][-length:]}\n~~~ {verdict}"


def _answer_behind_the_marker(form: AnswerForm, row: dict[str, Any]) -> str | None:
    return form.read(row["answer"])


def _label(form: AnswerForm, row: dict[str, Any]) -> str | None:
    return form.read(row["gold_label"], alone=True)


def _tests(columns: Sequence[str]) -> Callable[[AnswerForm, dict[str, Any]], str]:
    return lambda _, row: json.dumps({name: row[name] for name in columns})


DATA_SETS = (
    DataSet(
        "GSM8K",
        ("number", "math"),
        {
            "human": ["gsm8k_groundtruth.json"],
            "Claude": ["gsm8k_anthropic_Claud.json"],
            "GPT-4": ["gsm8k_openai_gpt4_data.json"],
            "step by step": ["gsm8k_openai_step_by_step.json"],
            "step by step, wording kept": [f"GSM8K/{STEP_BY_STEP_KEPT}"],
            "rewritten": ["GSM8K/openai_rewrite_groundtruth.json"],
            "minimum change": ["gsm8k_mistral_minimum_change_data.json"],
        },
        _answer_behind_the_marker,
    ),
    DataSet(
        "MATH",
        ("number", "math"),
        {source: [f"MATH/{file}"] for source, file in FILES.items()},
        _answer_behind_the_marker,
    ),
    DataSet(
        "ECQA",
        ("choice",),
        {source: [f"ECQA/{file}"] for source, file in FILES.items()},
        _label,
    ),
    DataSet(
        "MBPP",
        ("program",),
        {source: [f"MBPP/{FILES[source]}"] for source in OF_CODE},
        _tests(MBPP_TESTS),
    ),
    DataSet(
        "HumanEval",
        ("program",),
        {
            source: [f"CODE/{FILES[source].replace('.json', f'_{half}.json')}" for half in (1, 2)]
            for source in OF_CODE
        },
        _tests(HUMANEVAL_TESTS),
    ),
)


def rows_of(folder: Path, files: Sequence[str]) -> list[dict[str, Any]]:
    """Read the rows of some of the paper's files."""
    return [row for file in files for row in json.loads((folder / file).read_text("utf-8"))]


def responses_of(
    folder: Path, data_set: DataSet, kind: AnswerKind
) -> Iterator[tuple[str, list[Response]]]:
    """Read each source's responses with a reader; programs are run, which takes minutes."""
    form = AnswerForm(kind=kind, **({"choices": "12345"} if kind == "choice" else {}))
    with_gold = rows_of(folder, data_set.sources["human"])
    golds = {row["question"]: data_set.gold_of(form, row) or "" for row in with_gold}
    for source, files in data_set.sources.items():
        rows = rows_of(folder, files)
        read = [form.read(row["answer"]) for row in rows]
        # HumanEval's prompts differ by source, and each row has its tests.
        of_rows = kind == "program"
        gold = [
            (data_set.gold_of(form, row) or "") if of_rows else golds[row["question"]]
            for row in rows
        ]
        right = form.are_right([(one, [other]) for one, other in zip(read, gold, strict=True)])
        yield source, [Response(*each) for each in zip(rows, read, gold, right, strict=True)]


def counts_of(responses: Sequence[Response]) -> tuple[int, int, int, int]:
    """Count rows, different questions, those read and those right."""
    read = sum(response.read is not None for response in responses)
    questions = len({response.row["question"] for response in responses})
    return len(responses), questions, read, sum(response.right for response in responses)


def drawn(responses: Sequence[Response], right: bool, number: int, seed: int) -> list[Response]:
    """Draw some of those that are right, or of those that are not; all where there are no more."""
    among = [response for response in responses if response.right == right]
    return Random(seed).sample(among, min(number, len(among)))
