"""Gather how well a study's bases know its facts into two tables."""

from pydantic import Field

from showhow.analysis.probe_tables import MemoryPart, memory_items_table, memory_table
from showhow.base.files import whole_file
from showhow.jobs.options import StageOptions, Writes
from showhow.jobs.stage import run_stage


class Options(StageOptions):
    table: Writes = Field(description="Where the table of levels goes, as CSV.")
    items: Writes = Field(description="Where the table of problems goes, as Parquet.")
    study: str = Field(description="The study's name.")
    parts: tuple[MemoryPart, ...] = Field(description="The files of each base, task and split.")


def tabulate_memory(options: Options) -> None:
    of_items = memory_items_table(options.study, options.parts)
    with whole_file(options.items) as path:
        of_items.to_parquet(path, index=False)
    with whole_file(options.table) as path:
        memory_table(of_items).to_csv(path, index=False)


if __name__ == "__main__":
    run_stage(tabulate_memory, Options)
