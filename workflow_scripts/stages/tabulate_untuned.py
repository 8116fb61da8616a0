"""Gather how right a study's bases are before fine-tuning into one table."""

from showhow.jobs.options import StageOptions, Writes
from showhow.analysis.probe_tables import UntunedScores
from pydantic import Field
from pathlib import Path
from typing import Annotated

import typer

from showhow.analysis.options import read_pairs
from showhow.analysis.probe_tables import untuned_table
from showhow.base.files import whole_file
from showhow.jobs.stage import run_stage


class Options(StageOptions):
    """What this stage is told."""

    output: Writes = Field(description="Where the table goes, as CSV.")
    study: str = Field(description="The study's name.")
    scores: tuple[UntunedScores, ...] = Field(description="What each base scored on each task.")


def tabulate_untuned(
    study: Annotated[str, typer.Option(help="The study's name.")],
    scores: Annotated[list[str], typer.Option(help="MODEL/TASK/VARIANT=PATH of scores; repeat.")],
    output: Annotated[Path, typer.Option(help="Where the table goes, as CSV.")],
) -> None:
    with whole_file(output) as path:
        untuned_table(study, read_pairs(scores)).to_csv(path, index=False)


if __name__ == "__main__":
    run_stage(tabulate_untuned)
