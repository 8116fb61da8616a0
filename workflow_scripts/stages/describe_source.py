"""Say what became of the files of a data set: rows lost, and answers that responses carry."""

from pydantic import Field

from showhow.base.rows import write_json
from showhow.jobs.options import Writes
from showhow.jobs.stage import run_stage
from showhow.tasks.own_data.selection import describe
from showhow.tasks.own_data.settings import DatasetSettings
from showhow.tasks.own_data.told import OfTaskWithFiles


class Options(OfTaskWithFiles):
    output: Writes = Field(description="Where the description goes.")


def describe_source(options: Options) -> None:
    settings = options.task_settings
    assert isinstance(settings, DatasetSettings), "only a data set has a source"
    write_json(options.output, describe(settings))


if __name__ == "__main__":
    run_stage(describe_source, Options)
