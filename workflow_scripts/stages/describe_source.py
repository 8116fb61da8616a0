"""Say what became of the files of a data set: rows lost, and answers that responses carry."""

import csv
from dataclasses import astuple, fields

from pydantic import Field

from showhow.base.files import whole_file
from showhow.base.rows import write_json
from showhow.jobs.options import Writes
from showhow.jobs.stage import run_stage
from showhow.tasks.own_data.description import DroppedRow, describe
from showhow.tasks.own_data.settings import DatasetSettings
from showhow.tasks.own_data.told import OfTaskWithFiles


class Options(OfTaskWithFiles):
    output: Writes = Field(description="Where the description goes.")
    dropped: Writes = Field(description="Where the rows go that are not used, as CSV.")
    asked: int | None = Field(None, description="How many test questions are asked.")


def describe_source(options: Options) -> None:
    settings = options.task_settings
    assert isinstance(settings, DatasetSettings), "only a data set has a source"
    described = describe(settings, options.asked)
    write_json(options.output, described.splits)
    with (
        whole_file(options.dropped) as path,
        open(path, "w", encoding="utf-8", newline="") as file,
    ):
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["split", *(field.name for field in fields(DroppedRow))])
        table.writerows([split, *astuple(row)] for split, row in described.dropped)


if __name__ == "__main__":
    run_stage(describe_source, Options)
