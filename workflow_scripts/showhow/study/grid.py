"""The grid: from studies to runs, and what the runs together need."""

import re
from dataclasses import dataclass
from itertools import product
from typing import get_args

from showhow.base.errors import ShowhowError
from showhow.recipes.training import Match
from showhow.study.configuration import Configuration, Study
from showhow.tasks import load_task

DEFAULT_TEST_SIZE = 200


@dataclass(frozen=True)
class Run:
    """One cell of a study."""

    study: str
    task: str
    variant: str
    model: str
    n_train: int
    match: Match
    seed: int

    @property
    def budget(self) -> str:
        """Name how much the run trains on, as in its path: `n1000`, `n1000-matched-steps`."""
        return f"n{self.n_train}" + ("" if self.match == "examples" else f"-matched-{self.match}")

    @property
    def condition(self) -> str:
        """Name what the run has in common with those that differ in the seed alone."""
        return f"{self.study}/{self.task}/{self.variant}/{self.model}/{self.budget}"

    @property
    def directory(self) -> str:
        """Name the folder of the run's results."""
        return f"results/runs/{self.condition}/seed{self.seed}"


@dataclass(frozen=True)
class ProbedResponses:
    """Responses whose perplexity a study measures under one base model."""

    model: str
    task: str
    variant: str
    split: str

    @property
    def file(self) -> str:
        """Name the file of the results, without its suffix."""
        return f"results/probes/{self.model}/{self.task}/{self.variant}/{self.split}"


def parse_budget(budget: str) -> tuple[int, Match]:
    """Read the training size and what it is matched on back from a path part."""
    form = re.fullmatch(r"n([1-9][0-9]*)(?:-matched-(target_tokens|steps))?", budget)
    if form is None:
        matches = [match for match in get_args(Match) if match != "examples"]
        raise ShowhowError(
            f"'{budget}' is no training budget. Write n and the number of examples, such as "
            f"n1000, with -matched-{' or -matched-'.join(matches)} behind it where it applies."
        )
    return int(form[1]), form[2] or "examples"


def expand(study_name: str, study: Study) -> list[Run]:
    """List the runs of a study in the order of its grids, each run once."""
    return list(
        dict.fromkeys(
            Run(study_name, task, variant, model, n_train, grid.match, seed)
            for grid in study.grids
            for task, variant, model, n_train, seed in product(
                grid.tasks, grid.variants, grid.models, grid.n_train, grid.seeds
            )
        )
    )


def all_runs(configuration: Configuration) -> list[Run]:
    """List the runs of all studies."""
    return [run for name, study in configuration.studies.items() for run in expand(name, study)]


def probed_responses(study_name: str, study: Study) -> list[ProbedResponses]:
    """List whose perplexity a study measures: of each arm, the largest training set.

    Training sets are nested, so this one holds the responses of all the others.
    """
    if not study.probes.perplexity:
        return []
    largest: dict[tuple[str, str, str], int] = {}
    for run in expand(study_name, study):
        arm = (run.model, run.task, run.variant)
        largest[arm] = max(run.n_train, largest.get(arm, 0))
    return [ProbedResponses(*arm, f"train-n{size}") for arm, size in largest.items()]


def tasks_used(configuration: Configuration) -> list[str]:
    """List the tasks that some run needs, in the order of the runs."""
    return _distinct(run.task for run in all_runs(configuration))


def bases_used(configuration: Configuration) -> list[str]:
    """List the models whose bases some run starts from, in the order of the runs."""
    return _distinct(configuration.base_of(run.model) for run in all_runs(configuration))


def training_sizes(configuration: Configuration, task: str) -> list[int]:
    """List the training sizes of a task over all studies, smallest first."""
    return sorted({run.n_train for run in all_runs(configuration) if run.task == task})


def variants_of(configuration: Configuration, task: str) -> list[str]:
    """List the variants in which a task's responses are needed.

    A run matched on target tokens needs those of the reference variant beside its own.
    """
    runs = [run for run in all_runs(configuration) if run.task == task]
    references = [
        configuration.training_of(run.model).reference_variant
        for run in runs
        if run.match == "target_tokens"
    ]
    return _distinct([*(run.variant for run in runs), *references])


def evaluation_splits(configuration: Configuration, task: str) -> tuple[str, ...]:
    """Name the splits that a task is evaluated on; "test" is first."""
    kind = load_task(configuration.tasks[task].kind)
    return kind.evaluation_splits(kind.Settings(**configuration.task_settings(task)))


def test_sizes(configuration: Configuration, task: str) -> dict[str, int]:
    """Say how many problems each evaluation split of a task has."""
    written = configuration.tasks[task].test_size
    return {
        split: written.get(split, DEFAULT_TEST_SIZE)
        for split in evaluation_splits(configuration, task)
    }


def _distinct(names) -> list[str]:
    return list(dict.fromkeys(names))
