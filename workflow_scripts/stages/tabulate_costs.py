"""Gather what the jobs of a study cost into one table."""

from pathlib import Path

from pydantic import Field

from showhow.analysis.tables import costs_table
from showhow.base.files import whole_file
from showhow.jobs.lineage import records_of_study
from showhow.jobs.options import Machine, Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage


class Options(StageOptions):
    manifest: Reads = Field(description="The list of the study's runs.")
    results: list[Reads] = Field(description="What the study ends in.")
    records: Machine[Path] = Field(
        Path("results/costs"), description="The folder with the records of all jobs."
    )
    output: Writes = Field(description="Where the table goes, as CSV.")
    study: str = Field(description="The study's name.")
    run_files: tuple[str, ...] = Field(description="What each run ends in, such as scores.json.")


def tabulate_costs(options: Options) -> None:
    records = records_of_study(
        options.study, options.manifest, options.run_files, options.results, options.records
    )
    with whole_file(options.output) as path:
        costs_table(records).to_csv(path, index=False)


if __name__ == "__main__":
    run_stage(tabulate_costs, Options)
