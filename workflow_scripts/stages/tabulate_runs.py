"""Gather the records of a study's runs into its tidy tables."""

import pandas as pd
from pydantic import Field

from showhow.analysis.table_files import read_table
from showhow.analysis.tables import (
    best_shortcuts,
    groups_table,
    items_table,
    read_manifest,
    runs_table,
    write_items,
)
from showhow.base.files import whole_file
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage
from showhow.tasks.description import read_description

SHORTCUT = ("task", "split", "shortcut", "id", "correct")


class Options(StageOptions):
    manifest: Reads = Field(description="The list of the study's runs.")
    shortcuts: list[Reads] = Field(
        description="Which problems of each task flat shortcuts get right."
    )
    runs_csv: Writes = Field(description="Where the run table goes, as CSV.")
    runs_parquet: Writes = Field(description="Where the run table goes, as Parquet.")
    items_parquet: Writes = Field(description="Where the items table goes.")
    groups_csv: Writes = Field(description="Where accuracy by length, depth … goes.")
    descriptions: dict[str, Reads] = Field(description="The description of each task's data.")


def tabulate_runs(options: Options) -> None:
    listed = read_manifest(options.manifest)
    descriptions = {task: read_description(path) for task, path in options.descriptions.items()}
    tried = pd.concat([read_table(path, SHORTCUT) for path in options.shortcuts])
    runs = runs_table(listed, descriptions, best_shortcuts(tried))
    items = items_table(listed)
    with whole_file(options.runs_csv) as path:
        runs.to_csv(path, index=False)
    with whole_file(options.runs_parquet) as path:
        runs.to_parquet(path, index=False)
    with whole_file(options.items_parquet) as path:
        write_items(items, listed, path)
    with whole_file(options.groups_csv) as path:
        groups_table(items).to_csv(path, index=False)


if __name__ == "__main__":
    run_stage(tabulate_runs, Options)
