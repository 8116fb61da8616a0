"""Say what became of the files of a data set: rows lost, and answers that responses carry."""

from pydantic import Field

from showhow.base.rows import write_json
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage
from showhow.tasks.own_data.selection import describe
from showhow.tasks.own_data.settings import DatasetSettings


class Options(StageOptions):
    files: list[Reads] = Field(
        [], description="The files that the settings name, for the record of what was read."
    )
    output: Writes = Field(description="Where the description goes.")
    settings: DatasetSettings


def describe_source(options: Options) -> None:
    write_json(options.output, describe(options.settings))


if __name__ == "__main__":
    run_stage(describe_source, Options)
