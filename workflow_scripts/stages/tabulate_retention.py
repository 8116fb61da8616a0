"""Gather what a study's runs kept of tasks outside their training data into two tables."""

from pydantic import Field

from showhow.analysis.probe_tables import retention_items_table, retention_table
from showhow.analysis.tables import read_manifest
from showhow.base.files import whole_file
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage


class Options(StageOptions):
    manifest: Reads = Field(description="The list of the study's runs.")
    table: Writes = Field(description="Where the table of runs and tasks goes, as CSV.")
    items: Writes = Field(description="Where the table of problems goes, as Parquet.")


def tabulate_retention(options: Options) -> None:
    runs = read_manifest(options.manifest)
    with whole_file(options.table) as path:
        retention_table(runs).to_csv(path, index=False)
    with whole_file(options.items) as path:
        retention_items_table(runs).to_parquet(path, index=False)


if __name__ == "__main__":
    run_stage(tabulate_retention, Options)
