"""Gather into one table whether the answers of a study's runs follow from their explanations."""

from pydantic import Field

from showhow.analysis.faithfulness_table import faithfulness_table
from showhow.analysis.tables import read_manifest
from showhow.base.files import whole_file
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage


class Options(StageOptions):
    manifest: Reads = Field(description="The list of the study's runs.")
    table: Writes = Field(description="Where the table of runs goes, as CSV.")
    explained: dict[str, tuple[str, ...]] = Field(
        description="The variants of which it was measured, by task."
    )


def tabulate_faithfulness(options: Options) -> None:
    table = faithfulness_table(read_manifest(options.manifest), options.explained)
    with whole_file(options.table) as path:
        table.to_csv(path, index=False)


if __name__ == "__main__":
    run_stage(tabulate_faithfulness, Options)
