"""The tasks, one file each: a file in this folder, or in the user's own, is a task."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from showhow.base.errors import ShowhowError
from showhow.base.own_files import modules_in, names_in

if TYPE_CHECKING:
    from showhow.tasks.task import Task

NOT_TASKS = {
    "description",
    "listops_counting",
    "listops_expressions",
    "listops_wordings",
    "problem",
    "problem_sets",
    "shortcuts",
    "task",
    "voices",
}


def task_kinds() -> list[str]:
    """List the kinds of tasks, sorted, without importing them."""
    return names_in(__name__, NOT_TASKS)


def task_files() -> dict[str, Path]:
    """Give the file of each kind of task."""
    return modules_in(__name__, NOT_TASKS)


def load_task(kind: str) -> "Task":
    """Import one task, and no other; an unknown kind raises ShowhowError with the known ones."""
    if kind not in task_kinds():
        raise ShowhowError(
            f"There is no task '{kind}'. Write one of these instead: {', '.join(task_kinds())}."
        )
    return import_module(f"{__name__}.{kind}").TASK
