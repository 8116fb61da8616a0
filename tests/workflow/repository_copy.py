"""A copy of the repository, and the real Snakemake run in it, as a user runs it."""

import re
import resource
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from warm_snakemake import warm_snakemake

REPOSITORY = Path(__file__).parents[2]
SNAKEMAKE = Path(sys.executable).with_name("snakemake")
SMOKE = ("--configfile", "configs/smoke.yaml")
PATIENCE_SECONDS = 3600

# A job that a dry run names: its rule, then indented lines such as "    wildcards: task=sums".
PLANNED = re.compile(r"^(?:local)?(?:rule|checkpoint) (\w+):\n((?: +.*\n)*)", re.MULTILINE)


@dataclass(frozen=True)
class Job:
    """One job of a plan; what it asks for is `<TBD>` where Snakemake cannot say it yet."""

    rule: str
    wildcards: dict[str, str]
    resources: dict[str, str]


@dataclass(frozen=True)
class Finished:
    """A Snakemake process that has ended: exit status, all that it said, its CPU time."""

    status: int
    said: str
    cpu_seconds: float


@dataclass(frozen=True)
class RepositoryCopy:
    """A folder with a copy of the repository."""

    folder: Path

    def snakemake(self, *arguments: str) -> Finished:
        """Run Snakemake in the copy, whatever comes of it."""
        before = children_cpu_seconds()
        process = subprocess.run(
            [SNAKEMAKE, *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
        return Finished(process.returncode, process.stdout, children_cpu_seconds() - before)

    def make(self, *arguments: str, cores: int = 2) -> str:
        """Run Snakemake to a good end; give what it said."""
        done = warm_snakemake(self.folder, "--cores", str(cores), *arguments)
        assert done.returncode == 0, done.stdout[-10_000:]
        return done.stdout

    def plan(self, *arguments: str, cores: int = 2) -> list[Job]:
        """List the jobs that a dry run says would run."""
        return planned_jobs(self.make("--dry-run", *arguments, cores=cores))

    def files(self, pattern: str) -> list[Path]:
        """Find files of the copy, sorted."""
        return sorted(path for path in self.folder.glob(pattern) if path.is_file())

    def contents(self, *patterns: str) -> dict[str, bytes]:
        """Read every file that one of the patterns finds, by its path in the copy."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for pattern in patterns
            for path in self.files(pattern)
        }


def children_cpu_seconds() -> float:
    """Give the CPU time of all ended children: a limit on it holds on a busy machine too."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def planned_jobs(said: str) -> list[Job]:
    """Read the jobs from the output of a dry run."""
    return [
        Job(rule, pairs_of("wildcards", described), pairs_of("resources", described))
        for rule, described in PLANNED.findall(said)
    ]


def pairs_of(name: str, described: str) -> dict[str, str]:
    """Read a line such as "    wildcards: task=sums, split=test" of a job's description."""
    line = re.search(rf"^ +{name}: (.*)$", described, re.MULTILINE)
    return dict(pair.split("=", 1) for pair in line[1].split(", ")) if line else {}


def copy_repository(folder: Path) -> RepositoryCopy:
    """Copy what git tracks or would track: what a clone of the work so far would have."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        source, target = REPOSITORY / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    return RepositoryCopy(folder)


def copy_of(other: RepositoryCopy, folder: Path) -> RepositoryCopy:
    """Copy a repository together with its results and Snakemake's records."""
    return RepositoryCopy(shutil.copytree(other.folder, folder, symlinks=True))
