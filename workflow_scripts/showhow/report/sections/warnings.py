"""What to know before believing a number: on the page, and for those who do not open it."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from showhow.analysis.table_files import read_table
from showhow.report.material import Material
from showhow.report.sections.sources import by_split, read_source
from showhow.report.warnings import COUNTED, warnings_of_runs, warnings_of_source

DATA_FILES = ("warnings.html.jinja",)


def show(material: Material) -> Mapping[str, Any] | None:
    warnings = warnings_of(material)
    return {"warnings": warnings} if warnings else None


def warnings_of(material: Material) -> list[str]:
    """Warn of what the descriptions of the user's data and the table of runs show."""
    sources = {task: read_source(task, path) for task, path in material.sources.items()}
    return [
        *chain(*(warnings_of_source(task, by_split(rows)) for task, rows in sources.items())),
        *warnings_of_runs(read_table(material.tables["runs"], COUNTED)),
    ]
