"""Gather how right a study's bases are before fine-tuning into one table."""

from pydantic import Field

from showhow.analysis.probe_tables import UntunedScores, untuned_table
from showhow.base.files import whole_file
from showhow.jobs.options import StageOptions, Writes
from showhow.jobs.stage import run_stage


class Options(StageOptions):
    output: Writes = Field(description="Where the table goes, as CSV.")
    study: str = Field(description="The study's name.")
    scores: tuple[UntunedScores, ...] = Field(description="What each base scored on each task.")


def tabulate_untuned(options: Options) -> None:
    with whole_file(options.output) as path:
        untuned_table(options.study, options.scores).to_csv(path, index=False)


if __name__ == "__main__":
    run_stage(tabulate_untuned, Options)
