"""A copy of the workflow with the smallest study, run by the real snakemake."""

import json
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import yaml

from warm_snakemake import warm_snakemake

REPOSITORY = Path(__file__).parents[1]
SNAKEMAKE = Path(sys.executable).parent / "snakemake"
COPIED = ("Snakefile", "rules", "workflow_scripts", "profiles", "envs", "report", "schemas")
RUN = "results/runs/tiny/bits/none/small/n8/seed1"


def configuration() -> dict:
    """Give a study of two runs: one task, one model, two variants."""
    tiny = {"kind": "ladder", "hidden": 16, "layers": 1, "heads": 2}
    grid = {"name": "all", "tasks": ["bits"], "variants": ["none", "medium"], "models": ["small"]}
    return {
        "tasks": {
            "bits": {
                "kind": "parity",
                "settings": {"bits_max": 8, "longer_bits": 10},
                "test_size": {"test": 6, "longer": 4},
            }
        },
        "models": {"small": tiny},
        "corpus": {"examples": 50},
        "pretraining": {"steps": 2, "batch_size": 4},
        "training": {"steps": 2, "batch_size": 4, "epochs": 1},
        "evaluation": {"max_new_tokens": 8},
        "studies": {
            "tiny": {
                "title": "A tiny study",
                "claims": ["C1"],
                "figures": ["overview"],
                "grids": [{**grid, "n_train": [8], "seeds": [1]}],
            }
        },
    }


def workflow_copy(folder: Path, config: dict | None = None) -> Path:
    """Copy the workflow into a folder, with a configuration in place of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        source = REPOSITORY / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, folder / name, ignore=ignored, dirs_exist_ok=True)
        else:
            shutil.copy(source, folder / name)
    write_configuration(folder, config or configuration())
    return folder


def write_configuration(folder: Path, config: dict) -> None:
    """Replace the configuration of a copy."""
    text = yaml.safe_dump(config, sort_keys=False, allow_unicode=True)
    (folder / "config.yaml").write_text(text, encoding="utf-8")


def snakemake(folder: Path, *arguments, cores: int = 2) -> subprocess.CompletedProcess:
    """Run snakemake in a copy of the workflow, to its end; its output is in `stdout`."""
    return warm_snakemake(folder, "--cores", *map(str, (cores, *arguments)))


def run_script(folder: Path, name: str, *options) -> subprocess.CompletedProcess:
    """Run a stage by its command line in a copy of the workflow, warm as Snakemake does."""
    run = ("workflow_scripts/run.py", "--warm", environment_of(name), name)
    return subprocess.run(
        [sys.executable, *run, *map(str, options)],
        cwd=folder,
        capture_output=True,
        text=True,
    )


def environment_of(stage: str) -> str:
    """Read from the rules which environment a stage's script starts in."""
    rules = "".join(file.read_text() for file in (REPOSITORY / "rules").glob("*.smk"))
    return re.search(rf'"\$SHOWHOW_RUN" --warm (\w+) {stage}\b', rules)[1]


def options_of_record(path: Path, **changed) -> list[str]:
    """Write the command line of a finished job again, from its record, but for what is changed."""
    record = json.loads(path.read_text())
    stage, origin = record["stage"], record["provenance"]
    options = {**origin["options"], "code": origin["fingerprint"], **changed}
    return import_module(f"stages.{stage}").Options.checked(stage, options).command_line()
