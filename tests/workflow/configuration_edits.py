"""The edits of the staleness matrix that change the configuration, or how it is written."""

from pathlib import Path

import yaml
from edits import edit
from selections import (
    ALL_RUNS,
    CLAIMS,
    COSTS,
    GRID,
    READ,
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
