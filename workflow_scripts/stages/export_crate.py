"""Export a finished study as one Workflow Run RO-Crate: a zip file that describes itself."""

from showhow.jobs.options import Reads, StageOptions, Writes
from pydantic import Field
from pathlib import Path
from typing import Annotated

import typer

from showhow.base.files import whole_file
from showhow.crate import Study, make_crate, read_jobs, read_runs
from showhow.jobs.stage import run_stage


class Options(StageOptions):
    """What this stage is told."""

    manifest: Reads = Field(description="The list of the study's runs.")
    configuration: Reads = Field(description="The resolved configuration, YAML.")
    result: list[Reads] = Field(description="The files of results.")
    cost_folder: Reads = Field(description="The folder with the records of the jobs.")
    output: Writes = Field(description="The zip file to write.")
    study: str = Field(description="The study's name.")
    title: str = Field(description="The study's title.")


def export_crate(
    study: Annotated[str, typer.Option(help="The study's name.")],
    title: Annotated[str, typer.Option(help="The study's title.")],
    manifest: Annotated[Path, typer.Option(help="The list of the study's runs.")],
    configuration: Annotated[Path, typer.Option(help="The resolved configuration, YAML.")],
    result: Annotated[list[Path], typer.Option(help="A file of results; repeat.")],
    cost_folder: Annotated[Path, typer.Option(help="The folder with the records of the jobs.")],
    output: Annotated[Path, typer.Option(help="The zip file to write.")],
) -> None:
    exported = Study(study, title, read_runs(manifest), configuration, tuple(result))
    crate = make_crate(exported, read_jobs(cost_folder, exported))
    with whole_file(output) as path:
        crate.write_zip(path)


if __name__ == "__main__":
    run_stage(export_crate)
