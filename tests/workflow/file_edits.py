"""The edits of the staleness matrix that move, touch or change files, and what lies around them."""

import shutil
import subprocess

from edits import edit
from selections import TABLES, rule, runs


@edit("every file of the repository touched", [])
def touch_code(folder):
    for file in folder.rglob("*"):
        if not {"results", ".snakemake", "own-model"} & set(file.parts):
            file.touch()


@edit("every result touched, in the order that makes all inputs newer", [])
def touch_results(folder):
    order = sorted((folder / "results").rglob("*"), key=lambda file: -file.stat().st_mtime)
    for file in order:
        file.touch()


@edit("the user's own model touched", [])
def touch_model(folder):
    for file in [*(folder / "own-model").iterdir(), folder / "own-model"]:
        file.touch()


@edit("a fresh clone with the results copied", [])
def clone(folder):
    elsewhere = folder.with_name(f"{folder.name}-clone")
    subprocess.run(["cp", "-r", folder, elsewhere], check=True)
    return elsewhere


@edit("the repository moved", [])
def move(folder):
    elsewhere = folder.with_name(f"{folder.name} moved") / "below"
    elsewhere.parent.mkdir()
    return folder.rename(elsewhere)


@edit("the branch renamed", [])
def rename_branch(folder):
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (
        [*git, "init", "-q", "-b", "before"],
        [*git, "add", "Snakefile", "rules"],
        [*git, "commit", "-q", "-m", "All"],
        [*git, "branch", "-m", "after"],
    ):
        subprocess.run(command, cwd=folder, check=True)


@edit("base models deleted", [])
def delete_bases(folder):
    for name in ("tiny", "tiny-random"):
        shutil.rmtree(folder / "results/models" / name)


@edit(
    "another weight in the user's own model",
    [rule("list_checksums"), *runs(model="own"), *TABLES],
)
def change_model(folder):
    weights = folder / "own-model/model.safetensors"
    content = weights.read_bytes()
    weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


HAND_EDITED = [
    rule("write_responses", task="parity", split="train-n16-draw1"),
    rule("describe_data", task="parity"),
    *runs(task="parity"),
    *TABLES,
]


@edit("a training set edited by hand", HAND_EDITED)
def edit_problems(folder):
    problems = folder / "results/data/parity/problems/train-n16-draw1.jsonl"
    lines = problems.read_text().splitlines(keepends=True)
    problems.write_text("".join(lines[::-1]))
