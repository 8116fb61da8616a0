"""Compare the pairs of variants that a study names, on its answers."""

from pydantic import Field

from showhow.analysis.comparisons import answers_of, compared
from showhow.analysis.table_files import read_table
from showhow.base.files import whole_file
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage

ITEM = ("task", "variant", "model", "n_train", "match", "seed", "split", "id", "correct")


class Options(StageOptions):
    items: Reads = Field(description="The items table, Parquet.")
    comparisons_csv: Writes = Field(description="Where the contrasts go.")
    compare: tuple[tuple[str, str], ...] = Field(description="Pairs of variants, by name.")
    instances: dict[str, int] = Field(
        {}, description="How many bases a model has, 0 where each seed has its own; else one."
    )


def compare_variants(options: Options) -> None:
    """Write one row for each pair of variants, task, model, training size, match and split."""
    evidence = answers_of(read_table(options.items, ITEM), options.instances)
    found = compared(evidence, options.compare)
    with whole_file(options.comparisons_csv) as path:
        found.to_csv(path, index=False)


if __name__ == "__main__":
    run_stage(compare_variants, Options)
