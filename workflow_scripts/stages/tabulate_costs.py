"""Gather what every finished job cost into one table."""

from showhow.jobs.options import Reads, StageOptions, Writes
from pydantic import Field
from pathlib import Path
from typing import Annotated

import typer

from showhow.analysis.tables import costs_table
from showhow.base.files import whole_file
from showhow.jobs.stage import run_stage


class Options(StageOptions):
    """What this stage is told."""

    cost_folder: list[Reads] = Field(description="The folders of cost records.")
    output: Writes = Field(description="Where the table goes, as CSV.")


def tabulate_costs(
    cost_folder: Annotated[list[Path], typer.Option(help="A folder of cost records.")],
    output: Annotated[Path, typer.Option(help="Where the table goes, as CSV.")],
) -> None:
    with whole_file(output) as path:
        costs_table(cost_folder).to_csv(path, index=False)


if __name__ == "__main__":
    run_stage(tabulate_costs)
