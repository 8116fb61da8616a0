"""The edits of the staleness matrix that change code: what it means, or how it looks."""

import subprocess
import sys
from pathlib import Path

from edits import edit
from selections import (
    ALL_RUNS,
    CLAIMS,
    COSTS,
    FIGURES,
    READ,
    REPORT,
    TABLES,
    Selection,
    data,
    rule,
    runs,
)

PACKAGE = Path("workflow_scripts/showhow")


def code(file: Path | str, old: str, new: str, stale: list[Selection]) -> None:
    def change(folder: Path) -> None:
        text = (folder / file).read_text()
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1))

    edit(f"{Path(file).name}: {new.strip()}", stale)(change)


def added(
    file: Path | str, text: str = "ADDED = 1\n", stale: list[Selection] | None = None
) -> None:
    edit(f"{file} is new", stale or [])(lambda folder: (folder / file).write_text(text) and None)


DEFINED = "\n\ndef added():\n    return 1\n"


def function(file: Path | str, stale: list[Selection]) -> None:
    """Write one more function into a file."""

    def change(folder: Path) -> None:
        with open(folder / file, "a") as written:
            written.write(DEFINED)

    edit(f"a function in {Path(file).name}", stale)(change)


EVERY_BASE = [rule("pretrain"), *ALL_RUNS]
LADDER = [rule("pretrain"), *runs(model="tiny"), *runs(model="tiny-random"), *TABLES]
CORPUS = [*READ, rule("pretrain", ladder_model="tiny"), *runs(model="tiny")]
MEDIUM = [rule("write_responses", variant="medium"), *runs(variant="medium"), *TABLES]
ONE_FIGURE = [rule("draw_figure", figure="controls"), *COSTS]
function(PACKAGE / "tasks/listops.py", [*data("listops"), *runs(task="listops"), *TABLES])
function(PACKAGE / "responses/medium.py", MEDIUM)
function("workflow_scripts/stages/write_corpus.py", [*CORPUS, *TABLES])
function("workflow_scripts/stages/pretrain.py", LADDER)
function(PACKAGE / "models/ladder.py", LADDER)
function(PACKAGE / "training/trainer.py", EVERY_BASE)
function(PACKAGE / "training/optimizers.py", EVERY_BASE)
function(PACKAGE / "evaluation/generation.py", ALL_RUNS)
function(PACKAGE / "evaluation/scoring.py", [rule("score"), *TABLES])
function(PACKAGE / "recipes/evaluation.py", ALL_RUNS)
function(PACKAGE / "recipes/surroundings.py", [])
function(PACKAGE / "analysis/tables.py", TABLES)
function(PACKAGE / "analysis/evidence.py", CLAIMS)
function(PACKAGE / "analysis/judgement.py", CLAIMS)
function(PACKAGE / "analysis/claims/c1_explanations_beat_answers.py", CLAIMS)
function(PACKAGE / "analysis/claims/c5_explanations_generalise_to_longer.py", [])
function(PACKAGE / "figures/controls.py", ONE_FIGURE)
function(PACKAGE / "figures/style.py", FIGURES)
code(PACKAGE / "figures/style.py", '"font.size": 7', '"font.size": 8', FIGURES)
code(PACKAGE / "models/vocabulary.txt", "\n", "\nadded\n", LADDER)
code(PACKAGE / "report/report.html.jinja", "<body", '<body id="top"', REPORT)
code(PACKAGE / "report/report.css", "{", "{ /* a */", REPORT)
code("profiles/resources.yaml", "memory_mb: 4000", "memory_mb: 4001", [])
code("rules/evaluation.smk", "models score'", "models score '", [rule("score"), *TABLES])
code("rules/evaluation.smk", "rule score", "# How right.\nrule score", [])
code(PACKAGE / "tasks/listops.py", "\n\ndef ", "\n\n# Why.\ndef ", [])
code(PACKAGE / "training/trainer.py", '"""', '"""Again: ', [])
added(PACKAGE / "tasks/sorting.py")
added(PACKAGE / "responses/polite.py")
added(PACKAGE / "figures/pie.py")
added(PACKAGE / "analysis/claims/c9_added.py")


@edit("every file reformatted", [])
def reformat(folder):
    scripts = folder / "workflow_scripts"
    before = (scripts / "stages/fine_tune.py").read_text()
    ruff = [sys.executable, "-m", "ruff", "format", "--quiet", "--line-length", "60", "--isolated"]
    subprocess.run([*ruff, scripts], check=True)
    assert before != (scripts / "stages/fine_tune.py").read_text()


def library(name: str, stale: list[Selection]) -> None:
    """Have Python find another version's metadata first, as after an upgrade."""

    def change(folder: Path) -> None:
        described = folder / "site" / f"{name}-99.1.dist-info" / "METADATA"
        described.parent.mkdir(parents=True)
        described.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 99.1\n")

    edit(f"another version of {name}", stale)(change)


library("torch", EVERY_BASE)
library("matplotlib", FIGURES)
library("statsmodels", TABLES)
library("jinja2", REPORT)
library("peft", [])
library("tqdm", [])
