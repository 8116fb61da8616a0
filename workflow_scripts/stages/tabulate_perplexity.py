"""Gather the perplexities that a study measured into one table."""

from pydantic import Field

from showhow.analysis.probe_tables import perplexity_table
from showhow.base.files import whole_file
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage


class Options(StageOptions):
    summary: list[Reads] = Field(description="The summaries of perplexities.")
    output: Writes = Field(description="Where the table goes, as CSV.")
    study: str = Field(description="The study's name.")


def tabulate_perplexity(options: Options) -> None:
    with whole_file(options.output) as path:
        perplexity_table(options.study, options.summary).to_csv(path, index=False)


if __name__ == "__main__":
    run_stage(tabulate_perplexity, Options)
