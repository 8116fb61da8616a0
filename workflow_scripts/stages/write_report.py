"""Write results/report.html: one file with the claims, figures, tables, configuration and costs."""

from pydantic import Field

from showhow.analysis.table_files import read_table
from showhow.base.rows import read_text, write_text
from showhow.jobs.options import Reads, StageOptions, ToldPart, Writes
from showhow.jobs.stage import run_stage
from showhow.report.data import read_source, read_usage
from showhow.report.report import RUN, Report, read_figure, render_report


class UsageOfWriter(ToldPart):
    """What a writer was asked for one task."""

    task: str
    writing: str
    usage: Reads


class Options(StageOptions):
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


def write_report(options: Options) -> None:
    """Write the report of one study."""
    report = Report(
        study=options.study,
        title=options.title,
        runs=read_table(options.runs, [*RUN, "split", "accuracy", "parameters"]),
        claims=read_table(options.claims, ["id", "estimate", "verdict", "unit"]),
        by_task=read_table(options.by_task, ["id", "task", "estimate"]),
        costs=read_table(options.costs, ["stage", "wall_seconds", "cpu_seconds", "peak_memory_mb"]),
        configuration=read_text(options.configuration),
        figures=tuple(read_figure(options.figures_folder, name) for name in options.figures),
        sources=tuple(
            row for task, path in options.sources.items() for row in read_source(task, path)
        ),
        written=tuple(read_usage(one.task, one.writing, one.usage) for one in options.usages),
    )
    write_text(options.output, render_report(report))


if __name__ == "__main__":
    run_stage(write_report, Options)
