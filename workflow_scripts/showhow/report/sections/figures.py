"""The figures, but for those that stand beside what they show."""

from collections.abc import Mapping
from typing import Any

from showhow.report.figures import figures_of
from showhow.report.material import Material
from showhow.report.sections import comparisons

DATA_FILES = ("figures.html.jinja",)


def show(material: Material) -> Mapping[str, Any]:
    apart = {"overview"} | ({comparisons.FIGURE} if comparisons.show(material) else set())
    return {"figures": figures_of(material, {each.name for each in material.figures} - apart)}
