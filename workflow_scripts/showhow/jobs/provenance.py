"""Where a result comes from: what a job was told, on which code, libraries and machine it ran.

It differs between two equal runs, so it stands in the job's record under results/costs, apart from
the results. The code's revision is asked for once per Snakemake process and handed down with the
surroundings, so that it is no parameter of any rule and makes nothing stale.
"""

import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from showhow.base.surroundings import surroundings
from showhow.jobs import devices, slurm
from showhow.jobs.options import StageOptions

CODE = ("Snakefile", "rules", "workflow_scripts", "profiles", "envs")
LIBRARIES = (
    *("accelerate", "gguf", "huggingface_hub", "matplotlib", "numpy", "pandas", "peft", "pyarrow"),
    *("pydantic", "safetensors", "scipy", "statsmodels", "tokenizers", "torch", "transformers"),
)


def revision_of_checkout(folder: Path | str) -> dict[str, Any]:
    """Ask git, once, for the commit in `folder` and whether its code differs from that.

    Returns what the surroundings are told of it; nothing where git does not know. Only code counts:
    the configuration of a run is recorded for itself.
    """
    command = ["git", "-C", str(folder), "status", "--porcelain=v2", "--branch", "--", *CODE]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return {}
    lines = told.splitlines()
    commits = [line.split()[-1] for line in lines if line.startswith("# branch.oid ")]
    dirty = any(not line.startswith("#") for line in lines)
    return {"revision": commits[0], "dirty": dirty}


def seeds_in(value: Any, path: str = "") -> dict[str, int]:
    """Find every `seed` in nested options, by its dotted path."""
    if not isinstance(value, dict):
        return {}
    found = {}
    for key, inner in value.items():
        where = f"{path}.{key}" if path else key
        if key == "seed" and isinstance(inner, int):
            found[where] = inner
        found |= seeds_in(inner, where)
    return found


def origin_of(options: StageOptions, began: datetime) -> dict[str, Any]:
    """Say where the output of a job comes from that is ending now.

    options: what the stage was told, as JSON values. seeds: those of its options, by key.
    reads, writes: the files and folders among its options. revision: the commit of the code, and
    dirty whether the checkout differed from it (null: not known, as when a stage is run by hand).
    fingerprint: of the stage's code, as its rule has it. started, ended: UTC, ISO 8601.
    """
    recorded = options.recorded()
    code = surroundings()
    return {
        "started": began.isoformat(timespec="milliseconds"),
        "ended": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "options": recorded,
        "seeds": seeds_in(recorded),
        "reads": sorted({str(path) for path in options.reads()}),
        "writes": sorted(map(str, options.writes())),
        "revision": code.revision,
        "dirty": code.dirty,
        "fingerprint": options.code,
        "libraries": library_versions(),
        "hardware": hardware(),
    }


def library_versions() -> dict[str, str]:
    """Give the versions of the libraries that this process has loaded, and Python's."""
    loaded = {name: metadata.version(name) for name in LIBRARIES if name in sys.modules}
    return {"python": platform.python_version(), **loaded}


def hardware() -> dict[str, Any]:
    """Describe the machine: processor, cores, memory in MB, and the GPUs that this job used.

    visible_gpus: the devices that this job was given, as CUDA_VISIBLE_DEVICES has them (null: all).
    node, slurm_job: where and as what SLURM ran it (null: elsewhere).
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_mb": round(memory / 2**20),
        "gpus": _gpus(),
        "visible_gpus": os.environ.get(devices.VISIBLE),
        "node": os.environ.get("SLURMD_NODENAME"),
        "slurm_job": slurm.current_job(),
        "system": platform.platform(),
    }


def _processor() -> str:
    command = ["sysctl", "machdep.cpu.brand_string"] if sys.platform == "darwin" else ["lscpu"]
    english = {**os.environ, "LC_ALL": "C"}
    try:
        told = subprocess.run(command, capture_output=True, text=True, env=english).stdout
    except OSError:
        told = ""
    named = re.search(r"^(?:Model name|machdep\.cpu\.brand_string): *(.+)$", told, re.MULTILINE)
    return named[1] if named else platform.processor() or platform.machine()


def _gpus() -> list[str]:
    """Ask torch only where the stage loaded it and used a GPU: asking would occupy one."""
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_initialized():
        return []
    return [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
