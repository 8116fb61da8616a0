"""Write results/report.html: one file with the claims, figures, tables, configuration and costs."""

from dataclasses import fields
from itertools import chain
from typing import Any

from pydantic import Field

from showhow.analysis.claims.claim import ClaimResult, TaskRow
from showhow.analysis.comparisons import COLUMNS
from showhow.analysis.manipulation_checks import COLUMNS as CHECK
from showhow.analysis.table_files import read_table
from showhow.base.rows import read_text, write_text
from showhow.jobs.options import Reads, StageOptions, ToldPart, Writes
from showhow.jobs.stage import run_stage
from showhow.report.choices import read_choices
from showhow.report.data import by_split, read_contamination, read_source, read_usage
from showhow.report.examples import ExamplesOfRun, read_examples
from showhow.report.faithfulness import COUNTED as FAITHFULNESS
from showhow.report.faithfulness import faithfulness_rows
from showhow.report.registered import Registration, read_registration, stated
from showhow.report.report import RUN, Report, read_figure, render_report
from showhow.report.warnings import COUNTED, warnings_of_runs, warnings_of_source

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


class ExampleRun(ToldPart):
    """A run that stands for its variant, and its files."""

    task: str
    variant: str
    name: str
    items: Reads
    predictions: Reads
    responses: Reads


class Options(StageOptions):
    runs: Reads
    claims: Reads
    by_task: Reads
    comparisons: Reads | None = Field(None, description="What the study compares, where it does.")
    costs: Reads
    configuration: Reads = Field(description="The resolved configuration, YAML.")
    figures_folder: Reads = Field(description="The folder with the study's figures.")
    output: list[Writes] = Field(description="The HTML files to write, all of the same content.")
    warnings: Writes = Field(description="Where the warnings go, one a line.")
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
    checks: Reads | None = Field(
        None, description="What was checked of the bases, where the study measures it."
    )
    settings: dict[str, Any] = Field({}, description="The study's settings, to compare with it.")
    claims_tested: tuple[str, ...] = Field((), description="The ids of the study's claims.")
    margins: dict[str, float] = Field({}, description="Margins of claims in place of their own.")
    sources: dict[str, Reads] = Field({}, description="What became of each task's files.")
    usages: tuple[UsageOfWriter, ...] = ()
    contamination: tuple[CorpusRead, ...] = ()
    examples: tuple[ExampleRun, ...] = Field((), description="A run of each variant.")


def write_report(options: Options) -> None:
    """Write the report of one study, and its warnings for those who do not open it."""
    sources = {task: read_source(task, path) for task, path in options.sources.items()}
    runs = read_table(options.runs, [*RUN, "split", "accuracy", "parameters", *COUNTED])
    warnings = [
        *chain(*(warnings_of_source(task, by_split(rows)) for task, rows in sources.items())),
        *warnings_of_runs(runs),
    ]
    report = Report(
        study=options.study,
        title=options.title,
        runs=runs,
        claims=read_table(options.claims, CLAIM),
        by_task=read_table(options.by_task, CONDITION),
        comparisons=read_table(options.comparisons, COLUMNS) if options.comparisons else None,
        costs=read_table(options.costs, ["stage", "wall_seconds", "cpu_seconds", "peak_memory_mb"]),
        configuration=read_text(options.configuration),
        figures=tuple(read_figure(options.figures_folder, name) for name in options.figures),
        choices=() if options.learning_rates is None else read_choices(options.learning_rates),
        registration=registration_of(options),
        checks=read_table(options.checks, CHECK) if options.checks else None,
        sources=tuple(row for rows in sources.values() for row in rows),
        faithfulness=faithfulness_of(options),
        written=tuple(read_usage(one.task, one.writing, one.usage) for one in options.usages),
        contamination=tuple(
            row
            for one in options.contamination
            for row in read_contamination(one.task, one.models, one.counts)
        ),
        warnings=tuple(warnings),
        examples=tuple(
            ExamplesOfRun(
                run.task,
                run.variant,
                run.name,
                read_examples(run.items, run.predictions, run.responses),
            )
            for run in options.examples
        ),
    )
    write_text(options.warnings, "".join(f"{line}\n" for line in warnings))
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
    return faithfulness_rows(read_table(options.faithfulness, [*RUN, *FAITHFULNESS]))


if __name__ == "__main__":
    run_stage(write_report, Options)
