"""What jobs ask of a cluster that it does not have, in sentences with the line to mend.

Found out before the first of them is submitted: sbatch would say it of each job, or let it wait for
ever.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from showhow.jobs.cluster import Nodes
from showhow.study.places import Key, YamlFile

PARTITION, ACCOUNT = "slurm_partition", "slurm_account"
UNITS = {"cores": "cores", "memory_mb": "MB", "minutes": "minutes", "gpus": "GPUs"}
PROFILES = ("--workflow-profile", "--profile", "--profiles")


@dataclass(frozen=True)
class Wanted:
    """What one job of the cluster asks for.

    stages: whose it is; several where it is of several of ours. None is what it does not ask for.
    """

    stages: tuple[str, ...]
    cores: int
    memory_mb: int | None = None
    minutes: int | None = None
    gpus: int = 0
    gpu_model: str | None = None
    partition: str | None = None
    account: str | None = None


@dataclass(frozen=True)
class Files:
    """Where it says what jobs ask for: the profiles that are in use, and the table."""

    profiles: tuple[Path, ...]
    table: Path

    def of_profile(self, key: str, value: object = "") -> str:
        """Say in which line a profile gives a key this value; it may be on the command line."""
        written = re.compile(rf"[\s-]*{key}\s*[:=].*{re.escape(str(value))}")
        for file in self.profiles:
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
                if written.match(line):
                    return f"{file}, line {number}"
        return "command line"

    def of_table(self, stage: str, key: str, value: object) -> str:
        """Say in which line of the table a stage asks for so much of something."""
        table = YamlFile(self.table.absolute())
        stages = (table.content or {}).get("stages", {})
        # Some stages ask by another one's rows.
        for named in [stage] if stage in stages else stages:
            for place, row in enumerate(stages[named]):
                if row.get(key) == value:
                    path: tuple[Key, ...] = ("stages", named, place, key)
                    return table.place(path)
        return str(self.table)


def profiles_in_use(arguments: Sequence[str], repository: Path) -> tuple[Path, ...]:
    """Find the files of the profiles that a command line names, as far as they lie here."""
    named = []
    for place, argument in enumerate(arguments):
        option, _, value = argument.partition("=")
        if option in PROFILES:
            named += value.split() if value else arguments[place + 1 : place + 2]
    folders = [folder for name in named for folder in (Path(name), repository / name)]
    there = next((each for each in folders if each.is_dir()), None)
    return tuple(sorted(there.glob("config*.yaml"))) if there else ()


def missing(
    wanted: Iterable[Wanted], nodes: Sequence[Nodes], accounts: set[str], files: Files
) -> list[str]:
    """Say what the cluster does not have, each once. What it does not tell of is not asked for."""
    if not nodes:
        return []
    found = (said for one in wanted for said in _missing(one, nodes, accounts, files))
    return list(dict.fromkeys(found))


def _missing(
    wanted: Wanted, nodes: Sequence[Nodes], accounts: set[str], files: Files
) -> Iterator[str]:
    if wanted.account and accounts and wanted.account not in accounts:
        yield (
            f"{files.of_profile(ACCOUNT, wanted.account)}: {ACCOUNT} is {wanted.account}, which is "
            f"none of yours; write one of {_listed(accounts)}."
        )
    there = {each.partition: [n for n in nodes if n.partition == each.partition] for each in nodes}
    chosen = wanted.partition.split(",") if wanted.partition else []
    strange = [name for name in chosen if name not in there]
    if strange:
        yield (
            f"{files.of_profile(PARTITION, wanted.partition)}: {PARTITION} is {wanted.partition}, "
            f"and this cluster has no partition {strange[0]}; write one of {_listed(there)}."
        )
        return
    usable = [each for each in nodes if (each.partition in chosen if chosen else each.default)]
    yield from _too_much(wanted, usable or list(nodes), files)


def _too_much(wanted: Wanted, nodes: list[Nodes], files: Files) -> Iterator[str]:
    """Compare with the nodes of the partition, one kind of thing after the other."""
    where = f"the partition {_listed({each.partition for each in nodes})}"
    for key, asked, most in (
        ("cores", wanted.cores, max(each.cores for each in nodes)),
        ("memory_mb", wanted.memory_mb or 0, max(each.memory_mb for each in nodes)),
        ("minutes", wanted.minutes or 0, max((e.minutes or 10**9) for e in nodes)),
    ):
        if asked > most:
            yield _sentence(wanted, key, asked, most, where, files)
    if not wanted.gpus:
        return
    if wanted.gpu_model and not any(each.gpus_of(wanted.gpu_model) for each in nodes):
        known = _listed({name for each in nodes for name in each.gpus if name})
        remedy = f"write one of {known}" if known else "it has no names for its GPUs: leave it out"
        place = files.of_table(wanted.stages[0], "gpu_model", wanted.gpu_model)
        yield (
            f"{place}: gpu_model is {wanted.gpu_model}, and no node of {where} has such a GPU; "
            f"{remedy}."
        )
    elif wanted.gpus > (most := max(each.gpus_of(wanted.gpu_model) for each in nodes)):
        yield _sentence(wanted, "gpus", wanted.gpus, most, where, files)


def _sentence(wanted: Wanted, key: str, asked: int, most: int, where: str, files: Files) -> str:
    """Name the line of the table that asks for too much, or the profile's for a shared job."""
    stages, unit = _listed(wanted.stages), UNITS[key]
    limit = f"{'the longest job has' if key == 'minutes' else 'the largest node has'} {most} {unit}"
    if len(wanted.stages) > 1:
        return (
            f"{files.of_profile('cores')}: {stages} share a job that asks for {asked} {unit}, and "
            f"in {where} {limit}; write fewer `cores`, for so many are at work in it at once, or "
            "fewer jobs under `group-components`."
        )
    return (
        f"{files.of_table(stages, key, asked)}: {stages} asks for {asked} {unit}, and in {where} "
        f"{limit}; write {key}: {most} or less."
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(dict.fromkeys(names)))
