"""The tasks, one file each: a file in this folder is a task by being here."""

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from showhow.errors import ShowhowError

if TYPE_CHECKING:
    from showhow.tasks.task import Task

NOT_TASKS = {"description", "listops_counting", "problem", "task", "voices"}


def task_kinds() -> list[str]:
    """List the kinds of tasks, sorted, without importing them."""
    return sorted({module.name for module in iter_modules(__path__)} - NOT_TASKS)


def load_task(kind: str) -> "Task":
    """Import one task, and no other; an unknown kind raises ShowhowError with the known ones."""
    if kind not in task_kinds():
        raise ShowhowError(
            f"There is no task '{kind}'. Write one of these instead: {', '.join(task_kinds())}."
        )
    return import_module(f"{__name__}.{kind}").TASK
