"""results/report.html: claims, figures, tables, configuration and costs in one file."""

import math
from itertools import groupby
from pathlib import Path

import jinja2
from markupsafe import Markup

from showhow.analysis.table_files import read_table
from showhow.report.material import Material
from showhow.report.sections import SECTIONS, Chapter, Section
from showhow.report.tables import RUN, format_p, models_of

DATA_FILES = (
    "report.html.jinja",
    "figure.html.jinja",
    "report.css",
    "report.js",
)

SMALLEST_PAPER_MODEL = 60_506_624
"""Parameters of T5-small, the smallest model of the explanations paper (Ballout et al. 2023)."""


def render_report(material: Material) -> str:
    """Write the report as HTML; equal input gives equal text. Names are escaped."""
    environment = _environment()
    runs = read_table(material.tables["runs"], [*RUN, "parameters"])
    drawn = [(section.chapter, _drawn(section, material, environment)) for section in SECTIONS]
    chapters = [(chapter, text) for chapter, text in drawn if chapter is not None]
    return environment.get_template("report.html.jinja").render(
        study=material.study,
        title=material.title,
        models=models_of(runs),
        small_models=runs["parameters"].max() < SMALLEST_PAPER_MODEL,
        run_count=len(runs.drop_duplicates(RUN)),
        above=Markup("").join(text for chapter, text in drawn if chapter is None),
        chapters=[
            _together(list(parts)) for _, parts in groupby(chapters, key=lambda part: part[0].id)
        ],
    )


def _drawn(section: Section, material: Material, environment: jinja2.Environment) -> Markup:
    """Draw a section by the template beside its module; nothing where it has nothing to show."""
    shown = section.module.show(material)
    if shown is None:
        return Markup("")
    return Markup(environment.get_template(f"sections/{section.name}.html.jinja").render(shown))


def _together(parts: list[tuple[Chapter, Markup]]) -> tuple[Chapter, Markup]:
    """Give the sections of a chapter as one text, under the heading of the first that is there."""
    heading = next((chapter for chapter, text in parts if text), parts[0][0])
    return heading, Markup("").join(text for _, text in parts)


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["p_value"] = format_p
    environment.filters["is_finite"] = math.isfinite
    return environment
