"""What a SLURM cluster has, as it says itself: partitions, their nodes, the user's accounts."""

import getpass
import re
import subprocess
from dataclasses import dataclass, field

NODES = ["sinfo", "--exact", "--noheader", "--format=%P|%c|%m|%G|%l"]
ACCOUNTS = ["sacctmgr", "--noheader", "--parsable2", "show", "assoc"]
GPU = re.compile(r"gpu:(?:([A-Za-z][\w.]*):)?(\d+)")
TIME = re.compile(r"(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+)")
PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Nodes:
    """Nodes of one kind in a partition.

    gpus: how many, by model; "" where the cluster has no names for them. minutes: the longest that
    a job may take; None without a limit.
    """

    partition: str
    cores: int
    memory_mb: int
    gpus: dict[str, int] = field(default_factory=dict)
    minutes: int | None = None
    default: bool = False

    def gpus_of(self, model: str | None) -> int:
        return self.gpus.get(model, 0) if model else sum(self.gpus.values())


def nodes_of_cluster() -> list[Nodes]:
    """Ask for all nodes; none where the cluster does not say."""
    return read_nodes(_said(NODES))


def accounts_of_user() -> set[str]:
    """Ask for the accounts that this user may charge; none where the cluster keeps no accounts."""
    asked = [*ACCOUNTS, f"user={getpass.getuser()}", "format=account"]
    return set(_said(asked).split())


def read_nodes(said: str) -> list[Nodes]:
    """Read what sinfo says; lines that are of another form are left out."""
    return [nodes for line in said.splitlines() if (nodes := _read_line(line)) is not None]


def _read_line(line: str) -> Nodes | None:
    try:
        partition, cores, memory, gpus, limit = line.split("|")
        return Nodes(
            partition=partition.removesuffix("*"),
            cores=int(cores),
            memory_mb=int(memory),
            gpus={model: int(count) for model, count in GPU.findall(gpus)},
            minutes=_minutes(limit),
            default=partition.endswith("*"),
        )
    except ValueError:
        return None


def _minutes(limit: str) -> int | None:
    """Read days-hours:minutes:seconds, of which the first ones may be missing."""
    form = TIME.fullmatch(limit)
    if form is None:
        return None
    days, hours, minutes, _ = (int(part or 0) for part in form.groups())
    return (days * 24 + hours) * 60 + minutes


def _said(command: list[str]) -> str:
    """Give what a command says; "" where it is not there, refuses, or does not answer."""
    try:
        asked = subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=PATIENCE_SECONDS
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return asked.stdout
