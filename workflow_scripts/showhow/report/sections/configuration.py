"""The study as it was run, defaults filled in."""

from collections.abc import Mapping
from typing import Any

from showhow.base.rows import read_text
from showhow.report.material import Material

DATA_FILES = ("configuration.html.jinja",)


def show(material: Material) -> Mapping[str, Any]:
    return {"configuration": read_text(material.configuration)}
