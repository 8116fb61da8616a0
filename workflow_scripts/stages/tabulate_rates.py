"""Gather which learning rates a study's conditions got, and how each rate did, into one table."""

from pydantic import Field

from showhow.analysis.tables import learning_rates_table
from showhow.base.files import whole_file
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage


class Options(StageOptions):
    chosen: list[Reads] = Field(description="The record of each condition's choice.")
    output: Writes = Field(description="Where the table goes, as CSV.")


def tabulate_rates(options: Options) -> None:
    with whole_file(options.output) as path:
        learning_rates_table(options.chosen).to_csv(path, index=False)


if __name__ == "__main__":
    run_stage(tabulate_rates, Options)
