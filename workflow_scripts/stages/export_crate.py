"""Export a finished study as one Workflow Run RO-Crate: a zip file that describes itself."""

from pydantic import Field

from showhow.base.files import whole_file
from showhow.crate import Study, make_crate, read_jobs, read_runs
from showhow.jobs.options import Reads, StageOptions, Writes
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


def export_crate(options: Options) -> None:
    exported = Study(
        options.study,
        options.title,
        read_runs(options.manifest),
        options.configuration,
        tuple(options.result),
    )
    crate = make_crate(exported, read_jobs(options.cost_folder, exported))
    with whole_file(options.output) as path:
        crate.write_zip(path)


if __name__ == "__main__":
    run_stage(export_crate, Options)
