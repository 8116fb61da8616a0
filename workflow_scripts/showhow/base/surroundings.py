"""What the stages are told of their surroundings: none of it changes a result, or makes one stale.

Snakemake's process hands it down to all stages in one environment variable, as a JSON object.
"""

import json
import os
from dataclasses import asdict, dataclass, field, fields, replace
from functools import lru_cache
from typing import Any

from showhow.base.errors import ShowhowError

VARIABLE = "SHOWHOW_SURROUNDINGS"


@dataclass(frozen=True)
class Surroundings:
    """What holds for all stages; by hand, a stage does with the defaults.

    command: what runs this workflow, its configuration included. own: the folder of the user's own
    files. results: the folder of all that is made. checkpoint_seconds: seconds between two
    checkpoints of a training. trackers: what else trainings report to. services: how each writer's
    endpoint is reached. own_data: the settings of the tasks that read files of the user's own; what
    is taken from these is told as a digest. revision: the commit of the code; dirty: whether the
    checkout differs from it (None: not known). kept_by: the name of the job of many runs that this
    is a part of, which keeps what it finishes. started_by: the process that has several share this
    training, and waits for them.
    """

    command: str = "snakemake --cores 2"
    own: str = "own"
    results: str = "results"
    checkpoint_seconds: float = 60.0
    trackers: tuple[str, ...] = ()
    services: dict[str, dict[str, Any]] = field(default_factory=dict)
    own_data: dict[str, dict[str, Any]] = field(default_factory=dict)
    revision: str | None = None
    dirty: bool | None = None
    kept_by: str | None = None
    started_by: int | None = None


def surroundings() -> Surroundings:
    """Read what this process was told."""
    return _read(os.environ.get(VARIABLE, "{}"))


def tell(**changes: object) -> None:
    """Tell this process, and all that it starts, something else."""
    os.environ[VARIABLE] = in_words(replace(surroundings(), **changes))


def in_words(told: Surroundings) -> str:
    """Write surroundings as the environment variable holds them."""
    return json.dumps(asdict(told))


@lru_cache(maxsize=8)
def _read(text: str) -> Surroundings:
    known = {each.name for each in fields(Surroundings)}
    try:
        told = json.loads(text)
        unknown = sorted(set(told) - known)
    except (ValueError, TypeError) as problem:
        raise ShowhowError(f"{VARIABLE} is no JSON object ({problem}); unset it.") from problem
    if unknown:
        raise ShowhowError(f"{VARIABLE} has unknown keys: {', '.join(unknown)}; unset it.")
    return Surroundings(**{**told, "trackers": tuple(told.get("trackers", ()))})
