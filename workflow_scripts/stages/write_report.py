"""Write results/report.html: one file with the claims, figures, tables, configuration and costs."""

from dataclasses import fields
from typing import Any

from pydantic import Field

from showhow.analysis.claims.claim import ClaimResult, TaskRow
from showhow.analysis.comparisons import COLUMNS
from showhow.analysis.table_files import read_table
from showhow.base.rows import read_text, write_text
from showhow.jobs.options import Reads, StageOptions, ToldPart, Writes
from showhow.jobs.stage import run_stage
from showhow.report.choices import read_choices
from showhow.report.data import read_contamination, read_source, read_usage
from showhow.report.faithfulness import COUNTED, faithfulness_rows
from showhow.report.registered import Registration, read_registration, stated
from showhow.report.report import RUN, Report, read_figure, render_report

CLAIM = [field.name for field in fields(ClaimResult)]
CONDITION = [field.name for field in fields(TaskRow)]


class UsageOfWriter(ToldPart):
    """What a writer was asked for one task."""

    task: str
    writing: str
    usage: Reads


class CorpusRead(ToldPart):
    """What the bases of some models have read of one task's problems."""

    task: str
    models: tuple[str, ...]
    counts: Reads


class Options(StageOptions):
    runs: Reads
    claims: Reads
    by_task: Reads
    comparisons: Reads | None = Field(None, description="What the study compares, where it does.")
    costs: Reads
    configuration: Reads = Field(description="The resolved configuration, YAML.")
    figures_folder: Reads = Field(description="The folder with the study's figures.")
    output: list[Writes] = Field(description="The HTML files to write, all of the same content.")
    study: str = Field(description="The study's name.")
    title: str = Field(description="The report's title.")
    figures: tuple[str, ...] = Field((), description="The figures to show, in order.")
    learning_rates: Reads | None = Field(
        None, description="How the rates did of which each condition's was chosen."
    )
    registered: Reads | None = Field(None, description="What was stated before the data.")
    faithfulness: Reads | None = Field(
        None, description="Whether answers follow from explanations, by run."
    )
    settings: dict[str, Any] = Field({}, description="The study's settings, to compare with it.")
    claims_tested: tuple[str, ...] = Field((), description="The ids of the study's claims.")
    margins: dict[str, float] = Field({}, description="Margins of claims in place of their own.")
    sources: dict[str, Reads] = Field({}, description="What became of each task's files.")
    usages: tuple[UsageOfWriter, ...] = ()
    contamination: tuple[CorpusRead, ...] = ()


def write_report(options: Options) -> None:
    """Write the report of one study."""
    report = Report(
        study=options.study,
        title=options.title,
        runs=read_table(options.runs, [*RUN, "split", "accuracy", "parameters"]),
        claims=read_table(options.claims, CLAIM),
        by_task=read_table(options.by_task, CONDITION),
        comparisons=read_table(options.comparisons, COLUMNS) if options.comparisons else None,
        costs=read_table(options.costs, ["stage", "wall_seconds", "cpu_seconds", "peak_memory_mb"]),
        configuration=read_text(options.configuration),
        figures=tuple(read_figure(options.figures_folder, name) for name in options.figures),
        choices=() if options.learning_rates is None else read_choices(options.learning_rates),
        registration=registration_of(options),
        sources=tuple(
            row for task, path in options.sources.items() for row in read_source(task, path)
        ),
        faithfulness=faithfulness_of(options),
        written=tuple(read_usage(one.task, one.writing, one.usage) for one in options.usages),
        contamination=tuple(
            row
            for one in options.contamination
            for row in read_contamination(one.task, one.models, one.counts)
        ),
    )
    page = render_report(report)
    for path in options.output:
        write_text(path, page)


def registration_of(options: Options) -> Registration | None:
    """Compare what was registered, where anything was, with what the study is now."""
    if options.registered is None:
        return None
    ran = stated(options.study, options.settings, options.claims_tested, options.margins)
    return read_registration(options.registered, ran)


def faithfulness_of(options: Options) -> tuple[dict, ...]:
    """Give the rows of the arms whose explanations were changed, where a study does that."""
    if options.faithfulness is None:
        return ()
    return faithfulness_rows(read_table(options.faithfulness, [*RUN, *COUNTED]))


if __name__ == "__main__":
    run_stage(write_report, Options)
