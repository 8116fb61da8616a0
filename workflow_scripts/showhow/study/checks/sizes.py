"""Training sets that take all problems: they have to end, and be there to be counted."""

from collections.abc import Iterator

from showhow.base.errors import ShowhowError
from showhow.study import grid
from showhow.study.checks import grids
from showhow.study.checks.own_data import OWN_DATA, wrong_own_data
from showhow.study.complaints import Complaint, wrong
from showhow.study.configuration import ALL, Configuration
from showhow.tasks import task_kinds


def uncounted_problems(configuration: Configuration) -> Iterator[Complaint]:
    """All problems are taken of tasks whose problems are in files that are there."""
    known = [
        name
        for name in grid.taken_whole(configuration)
        if name in configuration.tasks and configuration.tasks[name].kind in task_kinds()
    ]
    for path, described in grids(configuration):
        for task in described.tasks if ALL in described.n_train else ():
            if task in known:
                where = (*path, "n_train", described.n_train.index(ALL))
                yield from _uncounted(configuration, task, where)


def _uncounted(configuration: Configuration, task: str, where: tuple) -> Iterator[Complaint]:
    kind = configuration.tasks[task].kind
    try:
        count = grid.whole_training_set(configuration, task)
    except ShowhowError as error:
        found = wrong_own_data(configuration, task) if kind == OWN_DATA else ()
        generic = f"is all, but the training questions of {task} cannot be counted: {error}"
        yield from list(found) or [wrong(where, generic)]
        return
    if count is None:
        yield wrong(
            where,
            f"is all, but the task {task}, of the kind {kind}, makes as many problems as are asked "
            "for; write a number.",
        )
    elif not count:
        yield wrong(
            where,
            f"is all, but the task {task} has no training question beside those that it is tested "
            "on; write a smaller test_size, or add data.",
        )


CHECKS = {uncounted_problems: None}
