"""Export a finished study as one Workflow Run RO-Crate: a zip file that describes itself."""

from pathlib import Path

from pydantic import Field

from showhow.base.files import whole_file
from showhow.crate import ExportedStudy, make_crate
from showhow.jobs.lineage import records_of_study
from showhow.jobs.options import Machine, Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage


class Options(StageOptions):
    manifest: Reads = Field(description="The list of the study's runs.")
    configuration: Reads = Field(description="The resolved configuration, YAML.")
    results: list[Reads] = Field(description="The files of results.")
    records: Machine[Path] = Field(
        Path("results/costs"), description="The folder with the records of all jobs."
    )
    output: Writes = Field(description="The zip file to write.")
    study: str = Field(description="The study's name.")
    run_files: tuple[str, ...] = Field(description="What each run ends in, such as scores.json.")
    title: str = Field(description="The study's title.")


def export_crate(options: Options) -> None:
    results = options.results
    study = ExportedStudy(options.study, options.title, options.configuration, tuple(results))
    records = records_of_study(
        options.study, options.manifest, options.run_files, results, options.records
    )
    with whole_file(options.output) as path:
        make_crate(study, records).write_zip(path)


if __name__ == "__main__":
    run_stage(export_crate, Options)
