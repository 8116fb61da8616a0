"""Decide the claims of a study on its tables."""

from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.recipes.voices import VoiceName
from showhow.recipes.analysis import AnalysisSettings
from pydantic import Field
from pathlib import Path
from typing import Annotated

import typer

from showhow.analysis import claims
from showhow.analysis.evidence import AboutBases
from showhow.analysis.options import detail_of_variants, read_pairs
from showhow.analysis.table_files import read_table
from showhow.base.files import whole_file
from showhow.jobs.stage import run_stage

RUN = ("study", "task", "variant", "model", "n_train", "match", "seed", "split")
RETENTION = ("retained_task", "variant", "model", "n_train", "seed", "id", "correct_after")
MEMORY = ("task", "model", "split", "id", "level")
PERPLEXITY = ("task", "variant", "model", "split", "mean")


class Options(StageOptions):
    """What this stage is told."""

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
    claims_csv: Writes = Field(description="Where the verdicts go.")
    by_task_csv: Writes = Field(description="Where the contrasts behind them go.")
    claims: tuple[str, ...] = Field((), description="The claims' ids; without any, all.")
    kinds: dict[str, str] = Field(
        {}, description="The kind of each variant that has a name of its own."
    )
    voices: dict[str, VoiceName] = Field(
        {}, description="The voice that is familiar to a base, by the model's name."
    )
    analysis: AnalysisSettings = AnalysisSettings()


def decide_claims(
    runs: Annotated[Path, typer.Option(help="The run table, Parquet.")],
    items: Annotated[Path, typer.Option(help="The items table, Parquet.")],
    claims_csv: Annotated[Path, typer.Option(help="Where the verdicts go.")],
    by_task_csv: Annotated[Path, typer.Option(help="Where the contrasts behind them go.")],
    claim: Annotated[list[str] | None, typer.Option(help="A claim's id; all by default.")] = None,
    variant: Annotated[
        list[str] | None, typer.Option(help="NAME=KIND of a variant that has a name of its own.")
    ] = None,
    voice: Annotated[
        list[str] | None, typer.Option(help="MODEL=VOICE of a base to which a voice is familiar.")
    ] = None,
    perplexity: Annotated[
        Path | None, typer.Option(help="The perplexity table, where the study measures it.")
    ] = None,
    retention: Annotated[
        Path | None, typer.Option(help="What is kept of other tasks, by problem, where measured.")
    ] = None,
    memory: Annotated[
        Path | None, typer.Option(help="How well the bases know each fact, where measured.")
    ] = None,
    resamples: Annotated[int, typer.Option(help="Resamples of the bootstrap.")] = 2000,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = 0,
) -> None:
    run_table = read_table(runs, [*RUN, "parameters", "accuracy", "train_length_high"])
    item_table = read_table(items, [*RUN, "id", "correct"])
    detail = detail_of_variants(item_table["variant"].unique(), variant or [])
    bases = AboutBases(
        kinds=read_pairs(variant or []),
        voices=read_pairs(voice or []),
        perplexity=read_table(perplexity, PERPLEXITY) if perplexity else None,
        retention=read_table(retention, RETENTION) if retention else None,
        memory=read_table(memory, MEMORY) if memory else None,
    )
    decided, by_task = claims.decide_claims(
        run_table, item_table, detail, claim or None, resamples, seed, bases
    )
    with whole_file(claims_csv) as path:
        decided.to_csv(path, index=False)
    with whole_file(by_task_csv) as path:
        by_task.to_csv(path, index=False)


if __name__ == "__main__":
    run_stage(decide_claims)
