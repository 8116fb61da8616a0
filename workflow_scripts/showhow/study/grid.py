"""The grid: from studies to runs, and what the runs together need."""

from dataclasses import dataclass
from itertools import product

from showhow.study.configuration import Configuration, Study
from showhow.study.paths import PROBE, Run, Split
from showhow.tasks import load_task

DEFAULT_TEST_SIZE = 200


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
        probe = PROBE.format(model=self.model, task=self.task, variant=self.variant)
        return f"{probe}/{self.split}"


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
    return [ProbedResponses(*arm, str(Split.training(size))) for arm, size in largest.items()]


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


def rows_of(configuration: Configuration, task: str, split: Split) -> int:
    """Say how many problems a split has."""
    return split.n_train or test_sizes(configuration, task)[split.name]


def _distinct(names) -> list[str]:
    return list(dict.fromkeys(names))
