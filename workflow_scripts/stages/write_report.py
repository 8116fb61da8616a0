"""Write results/report.html: one file with the claims, figures, tables, configuration and costs."""

from showhow.jobs.options import Reads, StageOptions, ToldPart, Writes
from pydantic import Field
from pathlib import Path
from typing import Annotated

import typer

from showhow.analysis.table_files import read_table
from showhow.base.rows import read_text, write_text
from showhow.jobs.stage import run_stage
from showhow.report.data import read_source, read_usage
from showhow.report.report import RUN, Report, read_figure, render_report

Table = Annotated[Path, typer.Option(help="A table of the study.", exists=True, dir_okay=False)]


class UsageOfWriter(ToldPart):
    """What a writer was asked for one task."""

    task: str
    writing: str
    usage: Reads


class Options(StageOptions):
    """What this stage is told."""

    runs: Reads
    claims: Reads
    by_task: Reads
    costs: Reads
    configuration: Reads = Field(description="The resolved configuration, YAML.")
    figures_folder: Reads = Field(description="The folder with the study's figures.")
    output: Writes = Field(description="The HTML file to write.")
    study: str = Field(description="The study's name.")
    title: str = Field(description="The report's title.")
    figures: tuple[str, ...] = Field((), description="The figures to show, in order.")
    sources: dict[str, Reads] = Field({}, description="What became of each task's files.")
    usages: tuple[UsageOfWriter, ...] = ()


def write_report(
    study: Annotated[str, typer.Option(help="The study's name.")],
    title: Annotated[str, typer.Option(help="The report's title.")],
    runs: Table,
    claims: Table,
    by_task: Table,
    costs: Table,
    configuration: Annotated[
        Path, typer.Option(help="The resolved configuration, YAML.", exists=True, dir_okay=False)
    ],
    figures_folder: Annotated[Path, typer.Option(help="The folder with the study's figures.")],
    output: Annotated[Path, typer.Option(help="The HTML file to write.")],
    figure: Annotated[
        list[str] | None, typer.Option(help="A figure to show; repeat, in order.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="TASK=PATH: what became of a task's files; repeat.")
    ] = None,
    usage: Annotated[
        list[str] | None,
        typer.Option(help="TASK/VARIANT=PATH: what a writer was asked; repeat."),
    ] = None,
) -> None:
    """Write the report of one study."""

    report = Report(
        study=study,
        title=title,
        runs=read_table(runs, [*RUN, "split", "accuracy", "parameters"]),
        claims=read_table(claims, ["id", "estimate", "verdict", "unit"]),
        by_task=read_table(by_task, ["id", "task", "estimate"]),
        costs=read_table(costs, ["stage", "wall_seconds", "cpu_seconds", "peak_memory_mb"]),
        configuration=read_text(configuration),
        figures=tuple(read_figure(figures_folder, name) for name in figure or ()),
        sources=tuple(
            row
            for task, _, path in (one.partition("=") for one in source or ())
            for row in read_source(task, Path(path))
        ),
        written=tuple(
            read_usage(*name.split("/", 1), Path(path))
            for name, _, path in (one.partition("=") for one in usage or ())
        ),
    )
    write_text(output, render_report(report))


if __name__ == "__main__":
    run_stage(write_report)
