"""Gather what every finished job cost into one table."""

from pydantic import Field

from showhow.analysis.tables import costs_table
from showhow.base.files import whole_file
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage


class Options(StageOptions):
    """What this stage is told."""

    cost_folder: list[Reads] = Field(description="The folders of cost records.")
    output: Writes = Field(description="Where the table goes, as CSV.")


def tabulate_costs(options: Options) -> None:
    with whole_file(options.output) as path:
        costs_table(options.cost_folder).to_csv(path, index=False)


if __name__ == "__main__":
    run_stage(tabulate_costs, Options)
