"""The overview, below the claims."""

from collections.abc import Mapping
from typing import Any

from showhow.report.figures import figures_of
from showhow.report.material import Material

DATA_FILES = ("overview.html.jinja",)


def show(material: Material) -> Mapping[str, Any] | None:
    figures = figures_of(material, {"overview"})
    return {"figures": figures} if figures else None
