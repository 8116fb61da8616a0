"""What was registered before the data, and whether the study that ran is that one."""

from collections.abc import Mapping
from typing import Any

from showhow.analysis.table_files import read_table
from showhow.report.material import Material
from showhow.report.registered import registration_of
from showhow.report.sections import comparisons

DATA_FILES = ("registration.html.jinja",)


def show(material: Material) -> Mapping[str, Any] | None:
    """A study that tests and compares nothing has nothing to register."""
    registration = registration_of(material)
    tests = len(read_table(material.tables["claims"])) > 0
    if not (registration or tests or comparisons.show(material)):
        return None
    return {"registration": registration}
