"""Gather the perplexities that a study measured into one table."""

from showhow.jobs.options import Reads, StageOptions, Writes
from pydantic import Field
from pathlib import Path
from typing import Annotated

import typer

from showhow.analysis.probe_tables import perplexity_table
from showhow.base.files import whole_file
from showhow.jobs.stage import run_stage


class Options(StageOptions):
    """What this stage is told."""

    summary: list[Reads] = Field(description="The summaries of perplexities.")
    output: Writes = Field(description="Where the table goes, as CSV.")
    study: str = Field(description="The study's name.")


def tabulate_perplexity(
    study: Annotated[str, typer.Option(help="The study's name.")],
    summary: Annotated[list[Path], typer.Option(help="A summary of perplexities; repeat.")],
    output: Annotated[Path, typer.Option(help="Where the table goes, as CSV.")],
) -> None:
    with whole_file(output) as path:
        perplexity_table(study, summary).to_csv(path, index=False)


if __name__ == "__main__":
    run_stage(tabulate_perplexity)
