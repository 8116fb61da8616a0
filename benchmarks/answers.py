"""How many answers are read as a person reads them, by this project's readers and by math-verify.

    python benchmarks/answers.py                             # texts that were labelled by hand
    python benchmarks/answers.py --data path/to/ren2024      # the second paper's files as well

The labelled texts are tests/answers/labelled.yaml. Of the paper's files, which are those of
github.com/XuanRen4470/I-Learn-Better-If-You-Speak-My-Language, it is counted for each source of
responses how many answers are read and how many are the gold one; --wrong shows those that are not.
"""

import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from repository import REPOSITORY

from showhow.answers.forms import AnswerForm

LABELLED = REPOSITORY / "tests/answers/labelled.yaml"
TASKS = {
    "GSM8K": (
        "gsm8k_groundtruth.json",
        {
            "human": "gsm8k_groundtruth.json",
            "Claude": "gsm8k_anthropic_Claud.json",
            "GPT-4": "gsm8k_openai_gpt4_data.json",
            "step by step": "gsm8k_openai_step_by_step.json",
            "step by step, wording kept": (
                "GSM8K/openai_step_by_step_while_keep_original_distribution.json"
            ),
            "minimum change": "gsm8k_mistral_minimum_change_data.json",
        },
        ("number", "math"),
    ),
    "MATH": (
        "MATH/groundtruth.json",
        {
            "human": "MATH/groundtruth.json",
            "Claude": "MATH/anthropic_Claud.json",
            "GPT-4": "MATH/openai_gpt4_data.json",
            "step by step": "MATH/openai_step_by_step.json",
            "step by step, wording kept": (
                "MATH/openai_step_by_step_while_keep_original_distribution.json"
            ),
            "rewritten": "MATH/openai_rewirte_groundtruth_in_own_words.json",
            "minimum change": "MATH/mistral_minimum_change_data.json",
        },
        ("number", "math"),
    ),
    "ECQA": (
        "ECQA/groundtruth.json",
        {
            "human": "ECQA/groundtruth.json",
            "Claude": "ECQA/anthropic_Claud.json",
            "GPT-4": "ECQA/openai_gpt4_data.json",
            "step by step": "ECQA/openai_step_by_step.json",
            "step by step, wording kept": (
                "ECQA/openai_step_by_step_while_keep_original_distribution.json"
            ),
            "rewritten": "ECQA/openai_rewirte_groundtruth_in_own_words.json",
            "minimum change": "ECQA/mistral_minimum_change_data.json",
        },
        ("choice",),
    ),
}


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under a header; materials.py has the same, and would have torch imported."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    print(f"\n{title}\n")
    for row in (header, ["-" * width for width in widths], *rows):
        print("  ".join(map(str.ljust, row, widths)).rstrip(), flush=True)


@dataclass(frozen=True)
class Reading:
    """What one text was read as, beside what it should have been."""

    text: str
    read: str | None
    right: str | None
    correct: bool


def form_of(kind: str, row: dict[str, Any]) -> AnswerForm:
    """Give the form in which a labelled text is to be read."""
    named = {key: row[key] for key in ("marker", "choices") if key in row}
    return AnswerForm(**{"kind": kind, **named})


def with_ours(kind: str, row: dict[str, Any]) -> Reading:
    """Read a labelled text with this project's reader."""
    form = form_of(kind, row)
    text, right = row["text"], row["right"]
    read = form.read(text)
    gold = None if right is None else form.read(right, alone=True)
    same = read is gold is None or (
        read is not None and gold is not None and form.is_right(read, [gold])
    )
    return Reading(text, read, right, same)


def with_math_verify(kind: str, row: dict[str, Any]) -> Reading:
    """Read a labelled text with math-verify alone, as its own documentation does it."""
    from math_verify import StringExtractionConfig, parse, verify

    text, right = row["text"], row["right"]
    if kind == "choice":
        letters = tuple(row.get("choices", "ABCDE"))
        read = parse(text, [StringExtractionConfig(strings=letters)], "no_fallback")
        return Reading(text, str(read), right, read == ([] if right is None else [right.lower()]))
    read = parse(text, fallback_mode="no_fallback")
    if right is None:
        return Reading(text, str(read), right, not read)
    return Reading(text, str(read), right, verify(parse(f"${right}$"), read))


def count_labelled(wrong: bool) -> None:
    """Print how many of the labelled texts are read rightly, by kind."""
    labelled = yaml.safe_load(LABELLED.read_text())
    readers: dict[str, Callable] = {"ours": with_ours, "math-verify alone": with_math_verify}
    table, shown = [], []
    for kind, rows in labelled.items():
        counts = []
        for name, reader in readers.items():
            readings = [reader(kind, row) for row in rows]
            counts.append(sum(reading.correct for reading in readings))
            shown += [(name, kind, r) for r in readings if not r.correct]
        table.append((kind, len(rows), *counts))
    total = [sum(row[column] for row in table) for column in (1, 2, 3)]
    rows = [list(map(str, row)) for row in (*table, ("all", *total))]
    print_table("Labelled texts read as a person reads them", ("kind", "texts", *readers), rows)
    if wrong:
        for name, kind, reading in shown:
            print(f"{name}, {kind}: {reading.text!r} read {reading.read}, right {reading.right}")


def count_sources(data: Path, wrong: int) -> None:
    """Print how many answers of each source of the second paper are read, and are right."""
    table, shown = [], []
    for task, (gold_file, sources, kinds) in TASKS.items():
        for kind in kinds:
            form = AnswerForm(kind=kind, **({"choices": "12345"} if kind == "choice" else {}))
            golds = {row["question"]: gold_of(form, row) for row in rows_of(data / gold_file)}
            for source, file in sources.items():
                rows = rows_of(data / file)
                answers = [form.read(row["answer"]) for row in rows]
                right = [
                    read is not None and form.is_right(read, [golds.get(row["question"], "")])
                    for read, row in zip(answers, rows, strict=True)
                ]
                read = sum(answer is not None for answer in answers)
                questions = len({row["question"] for row in rows})
                table.append((task, kind, source, len(rows), questions, read, sum(right)))
                shown += [
                    f"{task}, {kind}, {source}: …{row['answer'][-150:]!r} read {read}, "
                    f"gold {golds.get(row['question'])}"
                    for read, row, good in zip(answers, rows, right, strict=True)
                    if not good
                ][:wrong]
    header = ("data", "kind", "source", "rows", "questions", "read", "right")
    print_table("The second paper's responses", header, [list(map(str, row)) for row in table])
    print("\n".join(shown))


def rows_of(file: Path) -> list[dict[str, Any]]:
    """Read one file of the paper's repository."""
    return json.loads(file.read_text())


def gold_of(form: AnswerForm, row: dict[str, Any]) -> str:
    """Give a question's gold answer: ECQA's label, otherwise what the people's answer ends in."""
    label = row["gold_label"] if form.kind == "choice" else row["answer"]
    return form.read(label, alone=form.kind == "choice") or ""


def measure_speed(copies: int) -> None:
    """Print how long a million texts take, reader by reader."""
    labelled = yaml.safe_load(LABELLED.read_text())
    table = []
    for kind, rows in labelled.items():
        readers = [(form_of(kind, row), row["text"]) for row in rows]
        for form, text in readers:
            form.read(text)
        started = time.process_time()
        for _ in range(copies):
            for form, text in readers:
                form.read(text)
        seconds = time.process_time() - started
        table.append((kind, f"{seconds / copies / len(readers) * 1e6:.1f}"))
    print_table("Speed", ("kind", "CPU seconds a million texts"), table)


def main(
    data: Annotated[Path | None, typer.Option(help="The folder of the second paper.")] = None,
    wrong: Annotated[int, typer.Option(help="How many wrong ones of each to show.")] = 0,
    copies: Annotated[int, typer.Option(help="How often each text is read to time it.")] = 5,
) -> None:
    """Count, and time."""
    logging.getLogger("math_verify").setLevel(logging.ERROR)
    count_labelled(wrong > 0)
    if data is not None:
        count_sources(data, wrong)
    measure_speed(copies)


if __name__ == "__main__":
    typer.run(main)
