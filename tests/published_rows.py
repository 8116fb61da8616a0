"""Rows in the columns of the files of Ren, Wu and Liu (2024) that configs/ren2024.yaml reads."""

import json
from collections.abc import Sequence
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).parents[1]
ASK = "\n\nPlease provide the final answer (a number) at the end, after 'Final Answer:'\n"
CODE_ASK = "Provide your answer directly without any explaination."


def rows_of_ren2024(tasks: Sequence[str], rows: int = 20) -> dict[str, list[dict]]:
    """Give the rows of each file that some tasks of the configuration read."""
    files: dict[str, list[dict]] = {}
    config = yaml.safe_load((REPOSITORY / "configs/ren2024.yaml").read_text(encoding="utf-8"))
    for task in tasks:
        makes = MADE_BY[task]
        settings = config["tasks"][task]["settings"]
        for split in ("train", "test"):
            first = 0 if split == "train" else 1000
            for source in settings[split]:
                files[source["file"]] = [makes(first + n, split) for n in range(rows)]
    return files


def _sum(n: int, split: str) -> dict:
    question = f"Ann has {n} plums and buys {n + 2:,} more. How many has she?"
    answer = f"{n} + {n + 2} = {2 * n + 2}\nFinal Answer: {2 * n + 2}"
    return {"question": question + ASK * (split == "train"), "input": "", "answer": answer}


def _choice(n: int, split: str) -> dict:
    options = {str(number): f"animal {n + number}" for number in range(1, 6)}
    listed = "".join(f"({number}): {option}\n" for number, option in options.items())
    whole = (
        f"We have the question: Which is animal {n + 2}?\nand the options:\n{listed}\nwhat is the "
        "correct option?\n\nPlease inference first, then provide the final answer (1/2/3/4/5) at "
        "the end, after 'Final Answer:'\n"
    )
    told = {**options, "gold_label": "2", "combined_explaination": "It says so."}
    if split == "test":
        return {"question": f"Which is animal {n + 2}?", **told, "answer": "2"}
    return {"question": whole, **told, "answer": "Inference: It says so.\n\nFinal Answer: 2"}


def _program(n: int, split: str) -> dict:
    text, test = f"Write a function to add {n}.", f"assert add(1) == {n + 1}"
    code = f"def add(x):\r\n    return x + {n}"
    row = {"text": text, "code": code, "test_list": [test], "test_setup_code": ""}
    row |= {"test_case": test, "answer": f"Final Answer:\n{code}"}
    question = f"You are an expert.\n\nTask: {text}\nTest Example: {test}\n\n{CODE_ASK}"
    return {**row, "question": question} if split == "train" else row


def _body(n: int, split: str) -> dict:
    row = {
        "prompt": f"def add_{n}(x):\n",
        "entry_point": f"add_{n}",
        "canonical_solution": f"    return x + {n}\n",
    }
    row |= {"test": f"def check(candidate):\n    assert candidate(1) == {n + 1}\n"}
    return row | {"answer": f"Final Answer:\n    return x + {n}"} if split == "train" else row


MADE_BY = {
    **{"gsm8k": _sum, "math-algebra": _sum, "ecqa": _choice, "mbpp": _program},
    **{"humaneval-1": _body, "humaneval-2": _body},
}


def write_rows(folder: Path, files: dict[str, list[dict]]) -> None:
    for name, rows in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        path.write_text(lines if name.endswith(".jsonl") else json.dumps(rows))
