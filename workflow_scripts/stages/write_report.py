"""Write results/report.html: one file with the claims, figures, tables, configuration and costs."""

from pydantic import Field

from showhow.base.rows import write_text
from showhow.jobs.options import StageOptions, Writes
from showhow.jobs.stage import run_stage
from showhow.report.material import Material
from showhow.report.report import render_report
from showhow.report.sections.warnings import warnings_of


class Options(StageOptions):
    output: list[Writes] = Field(description="The HTML files to write, all of the same content.")
    warnings: Writes = Field(description="Where the warnings go, one a line.")
    material: Material = Field(description="What the report is made of.")


def write_report(options: Options) -> None:
    """Write the report of one study, and its warnings for those who do not open it."""
    warnings = warnings_of(options.material)
    write_text(options.warnings, "".join(f"{line}\n" for line in warnings))
    page = render_report(options.material)
    for path in options.output:
        write_text(path, page)


if __name__ == "__main__":
    run_stage(write_report, Options)
