"""Say what became of the files of a data set: rows lost, and answers that responses carry."""

from showhow.jobs.options import StageOptions, Writes
from pydantic import Field
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from showhow.base.rows import write_json
from showhow.jobs.stage import run_stage
from showhow.tasks.own_data.selection import describe
from showhow.tasks.own_data.settings import DatasetSettings


class Options(StageOptions):
    """What this stage is told."""

    output: Writes = Field(description="Where the description goes.")
    settings: DatasetSettings


def describe_source(
    settings: Annotated[str, typer.Option(help="The task's settings, as JSON.")],
    output: Annotated[Path, typer.Option(help="Where the description goes.")],
) -> None:
    described = describe(DatasetSettings.model_validate_json(settings))
    write_json(output, {split: asdict(each) for split, each in described.items()})


if __name__ == "__main__":
    run_stage(describe_source)
