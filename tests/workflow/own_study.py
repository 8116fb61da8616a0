"""A study of a person's own table, as small as can be; own_edits.py has what is done to it.

The table has the columns question, answer, human and gpt; 16 or 24 of its 80 rows are trained on,
10 are tested. The models are kept.
"""

import json
from pathlib import Path

import yaml
from repository_copy import copy_repository
from small_study import JOBS_TAKEN, planned_jobs, snakemake

TABLE = "table.jsonl"
ANSWER = {"kind": "number", "marker": "answer is:"}
Row = dict[str, str]


def configuration() -> dict:
    """Three variants, two sizes, two seeds."""
    responses = {"human": "human", "gpt": "gpt"}
    source = {"file": TABLE, "prompt": "question", "answer": "answer", "responses": responses}
    return {
        "tasks": {
            "sums": {
                "kind": "dataset",
                "settings": {"train": [source], "answer": ANSWER},
                "test_size": {"test": 10},
            }
        },
        "variants": {name: given(name) for name in responses},
        "models": {"tiny": {"kind": "ladder", "hidden": 16, "layers": 1, "heads": 2}},
        "corpus": {"examples": 60, "skills": {"copy": 1, "add": 1}},
        "pretraining": {"steps": 3, "batch_size": 4},
        "training": {"batch_size": 8, "epochs": 1, "learning_rate": 0.01},
        "evaluation": {"max_new_tokens": 16, "batch_size": 8},
        "keeping": {"weights": "all"},
        "studies": {
            "own": {
                "title": "A table of my own",
                "claims": ["C1"],
                "figures": ["accuracy_over_n"],
                "grids": [
                    {
                        "name": "all",
                        "tasks": ["sums"],
                        "variants": ["human", "gpt", "none"],
                        "models": ["tiny"],
                        "n_train": [16, 24],
                        "seeds": [1, 2],
                    }
                ],
            }
        },
    }


def given(response: str) -> dict:
    return {"kind": "given", "settings": {"response": response}}


def table() -> list[Row]:
    return [
        {
            "question": f"What is {first} plus {second}?",
            "answer": str(first + second),
            "human": f"Take {first} and {second}. The answer is: {first + second}",
            "gpt": f"{first} + {second} = {first + second}. The answer is: {first + second}",
        }
        for first in range(2, 10)
        for second in range(11, 21)
    ]


def write_table(folder: Path, rows: list[Row], ending: str = "\n") -> None:
    text = "".join(json.dumps(row) + ending for row in rows)
    (folder / TABLE).write_bytes(text.encode())


def write_configuration(folder: Path, content: dict) -> None:
    (folder / "config.yaml").write_text(yaml.safe_dump(content, sort_keys=False))


def finish_own_study(folder: Path) -> None:
    copy_repository(folder)
    write_table(folder, table())
    write_configuration(folder, configuration())
    (folder / JOBS_TAKEN).write_text(json.dumps(sorted(planned_jobs(folder))))
    snakemake(folder, "--cores", "2")
