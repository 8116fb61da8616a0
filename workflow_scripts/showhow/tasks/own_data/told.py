"""How a stage is told of a task: its settings, or where these are kept beside the options.

Where a task reads files of the user's own, what is taken from them is told as a digest
(showhow.staleness.selections). How they are found and read is then the surroundings' business: to
move a file, or to read one more of its columns, changes no option.
"""

from typing import Any, Self

from pydantic import Field, model_validator

from showhow.base.errors import ShowhowError
from showhow.base.surroundings import VARIABLE, surroundings
from showhow.jobs.options import Reads, StageOptions
from showhow.tasks import load_task
from showhow.tasks.task import Task, TaskSettings


class OfTask(StageOptions):
    """The options of a stage that asks a task for something."""

    kind: str = Field(description="The task's file in showhow/tasks.")
    settings: dict[str, Any] | None = Field(None, description="The task's settings.")
    own_data: str | None = Field(
        None, description="In their place: the name of a task whose settings the surroundings tell."
    )

    @property
    def loaded_task(self) -> Task:
        return load_task(self.kind)

    @property
    def task_settings(self) -> TaskSettings:
        """Give the settings; raises ShowhowError where nobody told them."""
        told = self.settings
        if told is None:
            told = surroundings().own_data.get(self.own_data or "")
        if told is None:
            raise ShowhowError(
                f"Nothing tells the settings of the task {self.own_data or self.kind}; write the "
                f"option settings, or run the stage with the {VARIABLE} that its log shows."
            )
        return self.loaded_task.Settings.model_validate(told)


class OfTaskWithFiles(OfTask):
    """The options of a stage that reads the files that a task's settings name."""

    files: list[Reads] = Field([], description="These files, for the record of what was read.")

    @model_validator(mode="after")
    def _record_own_files(self) -> Self:
        if self.own_data is not None:
            self.files.extend(self.loaded_task.files(self.task_settings))
        return self
