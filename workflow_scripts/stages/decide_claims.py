"""Decide the claims of a study on its tables."""

import pandas as pd
from pydantic import Field

from showhow.analysis import claims
from showhow.analysis.evidence import AboutBases, Evidence, detail_of_variants, gather_evidence
from showhow.analysis.table_files import read_table
from showhow.base.files import whole_file
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage
from showhow.recipes.analysis import AnalysisSettings
from showhow.recipes.voices import VoiceName

RUN = ("study", "task", "variant", "model", "n_train", "match", "seed", "split")
RETENTION = (
    *("task", "retained_task", "variant", "model", "n_train", "match", "seed", "id"),
    *("correct_before", "correct_after"),
)
MEMORY = ("task", "model", "split", "id", "level")
PERPLEXITY = ("task", "variant", "model", "split", "mean")
SHORTCUT = ("task", "split", "shortcut", "id", "correct")


class Options(StageOptions):
    runs: Reads = Field(description="The run table, Parquet.")
    items: Reads = Field(description="The items table, Parquet.")
    perplexity: Reads | None = Field(
        None, description="The perplexity table, where the study measures it."
    )
    retention: Reads | None = Field(
        None, description="What is kept of other tasks, by problem, where measured."
    )
    memory: Reads | None = Field(
        None, description="How well the bases know each fact, where measured."
    )
    shortcuts: list[Reads] = Field(
        [], description="Which problems of each task flat shortcuts get right."
    )
    claims_csv: Writes = Field(description="Where the verdicts go.")
    by_task_csv: Writes = Field(description="Where the contrasts behind them go.")
    claims: tuple[str, ...] = Field((), description="The claims' ids.")
    kinds: dict[str, str] = Field(
        {}, description="The kind of each variant that has a name of its own."
    )
    voices: dict[str, VoiceName] = Field(
        {}, description="The voice that is familiar to a base, by the model's name."
    )
    instances: dict[str, int] = Field(
        {}, description="How many bases a model has, 0 where each seed has its own; else one."
    )
    analysis: AnalysisSettings = AnalysisSettings()


def decide_claims(options: Options) -> None:
    if options.claims:
        decided, by_task = claims.decide_claims(
            evidence_of(options), options.claims, options.analysis.margins
        )
    else:
        decided, by_task = claims.no_claims()
    with whole_file(options.claims_csv) as path:
        decided.to_csv(path, index=False)
    with whole_file(options.by_task_csv) as path:
        by_task.to_csv(path, index=False)


def evidence_of(options: Options) -> Evidence:
    run_table = read_table(options.runs, [*RUN, "parameters", "steps"])
    item_table = read_table(options.items, [*RUN, "id", "correct"])
    bases = AboutBases(
        kinds=options.kinds,
        voices=options.voices,
        perplexity=read_table(options.perplexity, PERPLEXITY) if options.perplexity else None,
        retention=read_table(options.retention, RETENTION) if options.retention else None,
        memory=read_table(options.memory, MEMORY) if options.memory else None,
    )
    tried = [read_table(path, SHORTCUT) for path in options.shortcuts]
    return gather_evidence(
        run_table,
        item_table,
        detail_of_variants(item_table["variant"].unique(), options.kinds),
        bases,
        options.instances,
        pd.concat(tried) if tried else None,
    )


if __name__ == "__main__":
    run_stage(decide_claims, Options)
