"""A tiny study whose trainings last long enough to be interrupted."""

import shutil
from pathlib import Path

import yaml
from cluster import Training
from repository_copy import RepositoryCopy, copy_of

from tiny_study import RUN, configuration

CONFIGURED = ("--configfile", "study.yaml")
SEEDS = range(1, 7)
RESULTS = ("results/runs/**/*", "results/tables/tiny*")


def interrupted_study(checkpoint_seconds: float) -> dict:
    """Give the configuration: the tiny study with one variant, more seeds and more steps."""
    study = configuration()
    study["training"] = {"batch_size": 4, "min_steps": 200}
    study["keeping"] = {"checkpoint_seconds": checkpoint_seconds}
    [grid] = study["studies"]["tiny"]["grids"]
    grid |= {"variants": ["none"], "seeds": list(SEEDS)}
    study["studies"]["tiny"] |= {"claims": [], "figures": []}
    return study


def configure(copy: RepositoryCopy, checkpoint_seconds: float) -> None:
    text = yaml.safe_dump(interrupted_study(checkpoint_seconds))
    (copy.folder / "study.yaml").write_text(text)


def make_undisturbed(copy: RepositoryCopy) -> RepositoryCopy:
    """Run the study in a copy without a cluster."""
    configure(copy, checkpoint_seconds=60)
    copy.make("tables", *CONFIGURED)
    return copy


def without_runs(undisturbed: RepositoryCopy, folder: Path) -> RepositoryCopy:
    """Give a copy in which nothing is trained yet, and will be with a checkpoint at every step."""
    copy = copy_of(undisturbed, folder)
    configure(copy, checkpoint_seconds=0)
    for made in ("results/runs", "results/tables", "results/costs/fine_tune"):
        shutil.rmtree(copy.folder / made)
    return copy


def run_with(seed: int) -> str:
    """Name a run by its folder of results."""
    return RUN.replace("seed1", f"seed{seed}")


def training_with(copy: RepositoryCopy, seed: int) -> Training:
    """Give the training of one run on the cluster."""
    return Training(copy, run_with(seed))


def assert_the_results_are_the_same(undisturbed, copy, *patterns: str) -> None:
    """Compare all files that the patterns find, to the byte."""
    expected, found = (one.contents(*patterns) for one in (undisturbed, copy))
    assert expected
    assert found.keys() == expected.keys()
    assert [path for path, content in expected.items() if content != found[path]] == []
