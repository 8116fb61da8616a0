"""Gather the records of a study's runs into its tidy tables."""

from showhow.jobs.options import Reads, StageOptions, Writes
from pydantic import Field
from pathlib import Path
from typing import Annotated

import typer

from showhow.analysis.tables import (
    groups_table,
    items_table,
    read_descriptions,
    read_manifest,
    runs_table,
)
from showhow.base.files import whole_file
from showhow.jobs.stage import run_stage


class Options(StageOptions):
    """What this stage is told."""

    manifest: Reads = Field(description="The list of the study's runs.")
    runs_csv: Writes = Field(description="Where the run table goes, as CSV.")
    runs_parquet: Writes = Field(description="Where the run table goes, as Parquet.")
    items_parquet: Writes = Field(description="Where the items table goes.")
    groups_csv: Writes = Field(description="Where accuracy by length, depth … goes.")
    descriptions: dict[str, Reads] = Field(description="The description of each task's data.")


def tabulate(
    manifest: Annotated[Path, typer.Option(help="The list of the study's runs.")],
    descriptions: Annotated[list[str], typer.Option(help="TASK=PATH of its data's description.")],
    runs_csv: Annotated[Path, typer.Option(help="Where the run table goes, as CSV.")],
    runs_parquet: Annotated[Path, typer.Option(help="Where the run table goes, as Parquet.")],
    items_parquet: Annotated[Path, typer.Option(help="Where the items table goes.")],
    groups_csv: Annotated[Path, typer.Option(help="Where accuracy by length, depth … goes.")],
) -> None:
    listed = read_manifest(manifest)
    runs = runs_table(listed, read_descriptions(descriptions))
    items = items_table(listed)
    with whole_file(runs_csv) as path:
        runs.to_csv(path, index=False)
    with whole_file(runs_parquet) as path:
        runs.to_parquet(path, index=False)
    with whole_file(items_parquet) as path:
        items.to_parquet(path, index=False)
    with whole_file(groups_csv) as path:
        groups_table(items).to_csv(path, index=False)


if __name__ == "__main__":
    run_stage(tabulate)
