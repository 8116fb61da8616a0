"""Check of a study's bases that they know facts and do not answer questions about them yet."""

from pydantic import Field

from showhow.analysis.evidence import AboutBases, gather_evidence
from showhow.analysis.manipulation_checks import checks_table
from showhow.analysis.table_files import read_table
from showhow.base.files import whole_file
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage

RUN = ("task", "variant", "model", "n_train", "match", "seed", "split")
MEMORY = ("task", "model", "split", "id", "level", "share", "untuned", "as_plain_text")


class Options(StageOptions):
    runs: Reads = Field(description="The run table, Parquet.")
    items: Reads = Field(description="The items table, Parquet.")
    memory: Reads = Field(description="How well the bases know each fact.")
    output: Writes = Field(description="Where the table goes, as CSV.")
    study: str = Field(description="The study's name.")
    kinds: dict[str, str] = Field(
        {}, description="The kind of each variant that has a name of its own."
    )
    instances: dict[str, int] = Field(
        {}, description="How many bases a model has, 0 where each seed has its own; else one."
    )


def tabulate_checks(options: Options) -> None:
    items = read_table(options.items, [*RUN, "id", "correct"])
    evidence = gather_evidence(
        read_table(options.runs, RUN),
        items,
        dict.fromkeys(items["variant"].unique()),
        AboutBases(kinds=options.kinds, memory=read_table(options.memory, MEMORY)),
        options.instances,
    )
    with whole_file(options.output) as path:
        checks_table(options.study, evidence).to_csv(path, index=False)


if __name__ == "__main__":
    run_stage(tabulate_checks, Options)
