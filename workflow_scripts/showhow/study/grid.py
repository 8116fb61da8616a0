"""The grid: from studies to runs, and what the runs together need."""

from collections.abc import Callable
from itertools import product

from showhow.base.errors import ShowhowError
from showhow.base.surroundings import surroundings
from showhow.study.configuration import ALL, Configuration, Size, Study
from showhow.study.paths import VALIDATION, Run, Split

DEFAULT_TEST_SIZE = 200


UNCOUNTED = 1
"""Where a task's training problems cannot be counted: what is wrong is told by a check."""


def expand(study_name: str, study: Study, count: Callable[[str], int]) -> list[Run]:
    """List the runs of a study in the order of its grids, each run once.

    count: how many training problems a task has, asked where a grid takes all of them.
    """

    def size(task: str, n_train: Size) -> int:
        return count(task) if n_train == ALL else int(n_train)

    return list(
        dict.fromkeys(
            Run(study_name, task, variant, model, size(task, n_train), grid.match, seed)
            for grid in study.grids
            for task, variant, model, n_train, seed in product(
                grid.tasks, grid.variants, grid.models, grid.n_train, grid.seeds
            )
        )
    )


def runs_of(configuration: Configuration, study: str) -> list[Run]:
    """List the runs of one study."""

    def count(task: str) -> int:
        try:
            return whole_training_set(configuration, task) or UNCOUNTED
        except ShowhowError:
            return UNCOUNTED

    return expand(study, configuration.studies[study], count)


def all_runs(configuration: Configuration) -> list[Run]:
    """List the runs of all studies."""
    return [run for name in configuration.studies for run in runs_of(configuration, name)]


def taken_whole(configuration: Configuration) -> list[str]:
    """List the tasks of which some grid takes all training problems."""
    grids = [grid for study in configuration.studies.values() for grid in study.grids]
    return _distinct(task for grid in grids if ALL in grid.n_train for task in grid.tasks)


def whole_training_set(configuration: Configuration, task: str) -> int | None:
    """Count a task's training problems beside those that it is evaluated on.

    None where as many can be made as are asked for. It is counted once, while a study is planned,
    and its jobs are told. Raises ShowhowError where the files do not serve.
    """
    told = surroundings().whole_sets.get(task)
    if told is None and task not in configuration.counted:
        kind, settings = configuration.loaded_task(task)
        kept_out = test_sizes(configuration, task)
        if task in validated_tasks(configuration):
            kept_out[VALIDATION] = rows_of(configuration, task, Split(VALIDATION))
        configuration.counted[task] = kind.count_training(settings, kept_out)
    return configuration.counted[task] if told is None else told


def validated_tasks(configuration: Configuration) -> list[str]:
    """List the tasks for which some model's learning rate or checkpoint is chosen."""
    models = configuration.models
    choosing = {name for name in models if configuration.training_of(name).asks_validation}
    grids = [grid for study in configuration.studies.values() for grid in study.grids]
    return _distinct(
        task for grid in grids if not choosing.isdisjoint(grid.models) for task in grid.tasks
    )


def tasks_used(configuration: Configuration) -> list[str]:
    """List the tasks that some run needs, in the order of the runs."""
    return _distinct(run.task for run in all_runs(configuration))


def bases_used(configuration: Configuration) -> list[str]:
    """Name the bases that some run starts from, in the order of the runs."""
    return _distinct(
        configuration.base_of(configuration.base_for(run.model, run.seed))
        for run in all_runs(configuration)
    )


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
    kind, settings = configuration.loaded_task(task)
    return kind.evaluation_splits(settings)


def test_sizes(configuration: Configuration, task: str) -> dict[str, int]:
    """Say how many problems each evaluation split of a task has."""
    written = configuration.tasks[task].test_size
    return {
        split: written.get(split, DEFAULT_TEST_SIZE)
        for split in evaluation_splits(configuration, task)
    }


def rows_of(configuration: Configuration, task: str, split: Split) -> int:
    """Say how many problems a split has."""
    if split.name == VALIDATION:
        return configuration.tasks[task].test_size.get(VALIDATION, DEFAULT_TEST_SIZE)
    return split.n_train or test_sizes(configuration, task)[split.name]


def _distinct(names) -> list[str]:
    return list(dict.fromkeys(names))
