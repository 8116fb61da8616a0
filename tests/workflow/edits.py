"""The edits of the staleness matrix: each with exactly the jobs that must run again after it."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml
from selections import (
    ALL_RUNS,
    CLAIMS,
    COSTS,
    FIGURES,
    GRID,
    REPORT,
    SHOWN,
    TABLES,
    Selection,
    data,
    new,
    new_run,
    new_training_sets,
    rule,
    runs,
)
from small_study import SPLITS, configuration, write_configuration

PACKAGE = Path("workflow_scripts/showhow")
EDITS = {}


# The edits. Each changes a copy of the finished study.


@dataclass(frozen=True)
class Edit:
    change: Callable[[Path], Path | None]
    stale: list[Selection]


def edit(name: str, stale: list[Selection]) -> Callable:
    def keep(change: Callable[[Path], Path | None]) -> None:
        assert name not in EDITS
        EDITS[name] = Edit(change, stale)

    return keep


def setting(path: str, value: object, stale: list[Selection]) -> None:
    """Write a key of the configuration; a number in its path is a place in a list."""

    def change(folder: Path) -> None:
        content = configuration()
        *parents, last = [int(key) if key.isdigit() else key for key in path.split(".")]
        inner = content
        for key in parents:
            inner = inner[key] if isinstance(inner, list) else inner.setdefault(key, {})
        inner[last] = value
        write_configuration(folder, content)

    edit(f"{path}: {value}", stale)(change)


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


TRAINED = [*runs(model="tiny"), *runs(model="own")]
setting("training.learning_rate", 0.02, [*TRAINED, *TABLES, *SHOWN])
setting(
    "models.tiny-random.training.learning_rate",
    0.004,
    [*runs(model="tiny-random"), *TABLES, *SHOWN],
)
setting("training.warmup_share", 0.1, [*ALL_RUNS, *SHOWN])
setting("training.steps", 5, [*runs(budget="n24-matched-steps"), *TABLES, *SHOWN])
setting(
    "training.epochs",
    2,
    [
        *runs(budget="n16"),
        *runs(budget="n24"),
        *runs(budget="n24-matched-target_tokens"),
        *TABLES,
        *SHOWN,
    ],
)
setting(
    "training.reference_variant",
    "medium",
    [*runs(budget="n24-matched-target_tokens"), *TABLES, *SHOWN],
)
setting("keeping.weights", "all", [])
setting("keeping.weights", "adapters", [])
CONDITIONS = [
    *(("listops", variant, "tiny", n) for variant in ("none", "medium") for n in ("n16", "n24")),
    ("listops", "medium", "tiny-random", "n24"),
    ("listops", "none", "tiny", "n24-matched-target_tokens"),
    ("listops", "none", "tiny", "n24-matched-steps"),
    ("parity", "medium", "tiny", "n16"),
    ("parity", "none", "own", "n16"),
]
setting(
    "keeping.weights",
    "best",
    [
        new("keep_best", f"study=small task={task} variant={variant} model={model} budget={n}")
        for task, variant, model, n in CONDITIONS
    ],
)
setting(
    "models.own.training",
    {"optimizer": "adamw", "adapter": {"rank": 2}},
    [*runs(model="own"), *TABLES, *SHOWN],
)
setting("cluster.resources", "./profiles/resources.yaml", [])
setting("evaluation.batch_size", 4, [*ALL_RUNS, *SHOWN])
setting("analysis.margins.C1", 0.1, [*CLAIMS, *SHOWN])
BASE = [rule("pretrain", ladder_model="tiny"), *runs(model="tiny"), *TABLES, *SHOWN]
READ = [rule("write_corpus"), rule("count_contamination")]
setting("corpus.skills.copy", 2, [*READ, *BASE])
setting("pretraining.steps", 4, BASE)
setting("models.tiny.pretraining.steps", 4, BASE)
setting(
    "models.tiny-random.hidden",
    20,
    [rule("pretrain", ladder_model="tiny-random"), *runs(model="tiny-random"), *TABLES, *SHOWN],
)
# The first base is the one that there was: only runs with another seed start from another.
setting(
    "models.tiny.bases",
    "per_seed",
    [new("pretrain", "ladder_model=tiny@base2"), *runs(model="tiny", seed="2"), *GRID],
)
setting(
    "models.tiny.bases",
    2,
    [new("pretrain", "ladder_model=tiny@base2"), *runs(model="tiny", seed="2"), *GRID],
)
EVERYTHING_ON_DATA = [*data("listops"), *data("parity"), *ALL_RUNS, *SHOWN]
setting("seed", 1, EVERYTHING_ON_DATA)
setting(
    "training_sets",
    "shared",
    [
        *new_training_sets((16, 24), (0,)),
        new("write_responses", "task=listops variant=short split=train-n24"),
        *(
            new("generate_problems", "task=parity split=train-n16"),
            *(
                new("write_responses", f"task=parity variant={variant} split=train-n16")
                for variant in ("none", "medium")
            ),
        ),
        rule("describe_data"),
        *ALL_RUNS,
        *SHOWN,
    ],
)
PARITY = [*data("parity"), *runs(task="parity"), *TABLES, *SHOWN]
setting("tasks.parity.test_size.test", 9, PARITY)
setting("tasks.parity.settings.bits_max", 9, PARITY)
setting("tasks.unused", {"kind": "addition"}, SHOWN)
setting("studies.small.title", "Every stage again", SHOWN)
setting("studies.small.figures", ["controls"], [*COSTS, *SHOWN])
setting(
    "studies.small.figures",
    ["accuracy_over_n", "controls", "overview"],
    [new("draw_figure", "study=small figure=overview"), *COSTS, *SHOWN],
)
setting("studies.small.claims", ["C1"], [*CLAIMS, *SHOWN])
setting(
    "studies.small.grids.0.seeds",
    [1, 2, 3],
    [
        *new_training_sets((16, 24), (3,)),
        rule("describe_data", task="listops"),
        *(job for budget in ("n16", "n24") for job in new_run("none", budget, 3)),
        *(job for budget in ("n16", "n24") for job in new_run("medium", budget, 3)),
        *GRID,
    ],
)
setting("studies.small.grids.0.seeds", [1], [rule("describe_data", task="listops"), *GRID])
setting(
    "studies.small.grids.0.n_train",
    [16, 24, 32],
    [
        *new_training_sets((32,), (1, 2)),
        rule("describe_data", task="listops"),
        *(job for seed in (1, 2) for job in new_run("none", "n32", seed)),
        *(job for seed in (1, 2) for job in new_run("medium", "n32", seed)),
        *GRID,
    ],
)
setting(
    "studies.small.grids.0.variants",
    ["none", "medium", "long"],
    [
        *(
            new("write_responses", f"task=listops variant=long split={split}")
            for split in (
                *SPLITS["listops"],
                *(f"train-n{size}-draw{seed}" for size in (16, 24) for seed in (1, 2)),
            )
        ),
        *(job for seed in (1, 2) for job in new_run("long", "n16", seed)),
        *(job for seed in (1, 2) for job in new_run("long", "n24", seed)),
        *GRID,
    ],
)

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


@edit("the keys of the configuration in another order", [])
def reverse_keys(folder):
    def reversed_keys(value):
        if isinstance(value, dict):
            return {key: reversed_keys(value[key]) for key in reversed(value)}
        return [reversed_keys(item) for item in value] if isinstance(value, list) else value

    write_configuration(folder, reversed_keys(configuration()))


@edit("the configuration laid out otherwise, with a comment", [])
def lay_out(folder):
    written = yaml.safe_dump(configuration(), default_flow_style=True, sort_keys=False)
    (folder / "config.yaml").write_text(f"# Small.\n{written}")


@edit("trackers", [])
def turn_trackers_on(folder):
    write_configuration(folder, {**configuration(), "tracking": {"tensorboard": True}})


@edit("a default written down", [])
def write_default(folder):
    content = configuration()
    content["training"]["weight_decay"] = 0.0
    write_configuration(folder, content)


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
