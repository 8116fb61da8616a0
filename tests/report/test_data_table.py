"""The table of what is read of each source, as the command writes it."""

import json
import subprocess
import sys
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).parents[2]
STUDY = {
    "tasks": {
        "sums": {
            "kind": "dataset",
            "test_size": {"test": 2},
            "settings": {
                "instruction": " Say a number.",
                "answer": {"kind": "number"},
                "train": [
                    {
                        "file": "human.jsonl",
                        "prompt": "q",
                        "answer": "a",
                        "responses": {"human": "a"},
                    },
                    {"file": "model.jsonl", "prompt": "q", "responses": {"model": "a"}},
                ],
                "test": [{"file": "test.jsonl", "prompt": "q", "answer": "a"}],
            },
        }
    },
    "variants": {"human": {"kind": "given", "settings": {"response": "human"}}},
    "models": {"small": {"kind": "ladder"}},
    "studies": {
        "sums": {
            "grids": [
                {
                    "name": "all",
                    "tasks": ["sums"],
                    "variants": ["human"],
                    "models": ["small"],
                    "n_train": "all",
                }
            ]
        }
    },
}


def run(folder: Path, *options: str) -> str:
    script = REPOSITORY / "workflow_scripts/run.py"
    command = [sys.executable, str(script), "data_table", "--configfile", "study.yaml", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_row_of_each_source_is_counted(tmp_path):
    human = [{"q": f"{n} + 1?", "a": f"Final Answer: {n + 1}"} for n in (1, 2, 3, 3)]
    model = [{"q": f"{n} + 1?", "a": text} for n, text in ((1, "Final Answer: two"), (2, "2"))]
    model += [{"q": "3 + 1?", "a": "Final Answer: **4.0**"}] * 2
    test = [{"q": f"{n} < 1?", "a": str(n)} for n in (7, 8)]
    for name, rows in (("human", human), ("model", model), ("test", test)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "study.yaml").write_text(yaml.safe_dump(STUDY))
    run(tmp_path, "--output", "data.md")
    text = (tmp_path / "data.md").read_text()
    assert "| sums | train | human | 4 | 3 | 4 | 4 |" in text
    assert "| sums | train | model | 4 | 3 | " in text
    assert "| sums | test | test.jsonl | 2 | 2 |  |  |" in text
    assert text.count("Say a number.</pre>") == 2
    assert "7 &lt; 1?" in text or "8 &lt; 1?" in text
    assert str(tmp_path) not in text
    wrong = run(tmp_path, "--wrong", "5")
    assert "=== sums, train, model: " in wrong
    assert "right: 3" in wrong
