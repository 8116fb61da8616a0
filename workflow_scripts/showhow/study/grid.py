"""The grid: from studies to runs, and what the runs together need."""

from itertools import product

from showhow.study.configuration import Configuration, Study
from showhow.study.paths import VALIDATION, Run, Split

DEFAULT_TEST_SIZE = 200


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


def tuned_tasks(configuration: Configuration) -> list[str]:
    """List the tasks for which some model's learning rate is chosen."""
    tuned = {name for name in configuration.models if configuration.training_of(name).rates}
    return _distinct(run.task for run in all_runs(configuration) if run.model in tuned)


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
