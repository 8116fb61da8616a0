"""A study that is as small as can be and touches every stage, in a copy of this repository.

Its jobs are pairs of a rule and its wildcards, such as ("fine_tune", "model=tiny seed=1 …").
"""

import json
import os
import re
import shutil
from pathlib import Path

import yaml

from warm_snakemake import warm_snakemake

REPOSITORY = Path(__file__).parents[2]
COPIED = ("Snakefile", "rules", "profiles", "envs", "report", "schemas", "workflow_scripts")
JOBS_TAKEN = "jobs-taken.json"
SPLITS = {"listops": ("test", "longer", "deeper"), "parity": ("test", "longer")}


def configuration(own_model: bool = True) -> dict:
    """Two tasks, three variants, a pretrained, a random and a user's own model, all three matches.

    The user's own model is a folder that has to be there first.
    """
    tiny = {"kind": "ladder", "hidden": 16, "layers": 1, "heads": 2}
    random = {**tiny, "start": "random", "training": {"learning_rate": 0.003}}
    grids = [
        grid("levels", "listops", ["none", "medium"], "tiny", [16, 24], [1, 2]),
        grid("from-random", "listops", ["medium"], "tiny-random", [24], [1]),
        grid("tokens", "listops", ["none"], "tiny", [24], [1]) | {"match": "target_tokens"},
        grid("steps", "listops", ["none"], "tiny", [24], [1]) | {"match": "steps"},
        grid("other-task", "parity", ["medium"], "tiny", [16], [1]),
    ]
    if own_model:
        grids.append(grid("own", "parity", ["none"], "own", [16], [1]))
    return {
        "tasks": {
            "listops": {
                "kind": "listops",
                "settings": {"operators_max": 3, "longer_length_min": 22, "longer_length_max": 28},
                "test_size": {"test": 8, "longer": 4, "deeper": 4},
            },
            "parity": {
                "kind": "parity",
                "settings": {"bits_max": 8, "longer_bits": 10},
                "test_size": {"test": 8, "longer": 4},
            },
        },
        "models": {"tiny": tiny, "tiny-random": random}
        | ({"own": {"kind": "folder", "path": "own-model"}} if own_model else {}),
        "corpus": {"examples": 60, "skills": {"copy": 1, "sort": 1, "add": 1}},
        "pretraining": {"steps": 3, "batch_size": 4},
        "training": {
            "batch_size": 8,
            "epochs": 1,
            "steps": 4,
            "learning_rate": 0.01,
            "reference_variant": "short",
        },
        "evaluation": {"max_new_tokens": 8, "batch_size": 8},
        "studies": {
            "small": {
                "title": "Every stage",
                "claims": ["C1", "C4"],
                "figures": ["accuracy_over_n", "controls"],
                "grids": grids,
            }
        },
    }


def grid(name, task, variants, model, sizes, seeds):
    return {
        "name": name,
        "tasks": [task],
        "variants": variants,
        "models": [model],
        "n_train": sizes,
        "seeds": seeds,
    }


def write_configuration(folder: Path, content: dict) -> None:
    (folder / "config.yaml").write_text(yaml.safe_dump(content, sort_keys=False))


def finish_study(folder: Path) -> None:
    """Copy the repository to `folder` and run the study there."""
    folder.mkdir()
    for name in COPIED:
        copy = shutil.copytree if (REPOSITORY / name).is_dir() else shutil.copy2
        copy(REPOSITORY / name, folder / name)
    for cache in list(folder.rglob("__pycache__")):
        shutil.rmtree(cache)
    write_configuration(folder, configuration(own_model=False))
    snakemake(folder, "--cores", "2", "results/models/tiny")
    shutil.copytree(folder / "results/models/tiny", folder / "own-model")
    (folder / "own-model" / ".snakemake_timestamp").unlink(missing_ok=True)
    shutil.rmtree(folder / "results")
    shutil.rmtree(folder / ".snakemake")
    write_configuration(folder, configuration())
    (folder / JOBS_TAKEN).write_text(json.dumps(sorted(planned_jobs(folder))))
    snakemake(folder, "--cores", "2")


def jobs_taken(folder: Path) -> set[tuple[str, str]]:
    """Say which jobs the finished study in `folder` took."""
    return {(rule, wildcards) for rule, wildcards in json.loads((folder / JOBS_TAKEN).read_text())}


def snakemake(folder: Path, *arguments: str, search_path: Path | None = None) -> str:
    """Run Snakemake in `folder` to a good end and give what it printed."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("PYTHONPATH", None)
    if search_path is not None:
        environment["PYTHONPATH"] = str(search_path)
    done = warm_snakemake(folder, *arguments, environment=environment)
    assert done.returncode == 0, done.stdout
    return done.stdout


def planned_jobs(folder: Path, search_path: Path | None = None) -> set[tuple[str, str]]:
    """Ask Snakemake which jobs it would run, without the target `report`, which does nothing."""
    printed = snakemake(folder, "--dry-run", search_path=search_path)
    jobs = []
    for block in re.split(r"^(?=(?:local)?rule \w+:)", printed, flags=re.MULTILINE)[1:]:
        rule = re.match(r"(?:local)?rule (\w+):", block)[1]
        wildcards = re.search(r"^    wildcards: (.*)$", block, flags=re.MULTILINE)
        jobs.append((rule, wildcards[1].replace(", ", " ") if wildcards else ""))
    assert len(jobs) == len(set(jobs))
    counted = re.search(r"^total +(\d+)$", printed, flags=re.MULTILINE)
    assert len(jobs) == (int(counted[1]) if counted else 0), printed
    return {job for job in jobs if job[0] != "report"}
