"""The figures of a report: pictures that the page itself holds, with the views to choose from."""

import base64
from collections.abc import Container
from dataclasses import dataclass, replace
from pathlib import Path

from showhow.analysis.table_files import read_table
from showhow.base.rows import read_text
from showhow.base.wording import damaged, missing
from showhow.report.material import FigureFiles, Material
from showhow.report.tables import models_of

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

NARROW_PIXELS = 900
"""Pictures of one column have fewer pixels than this across, those of a page have more."""


@dataclass(frozen=True)
class View:
    """One picture of a figure: of one task and one model, or of `all`.

    image: a data URI. narrow: whether it is as wide as a column, not as a page.
    """

    task: str
    model: str
    image: str
    narrow: bool


@dataclass(frozen=True)
class ReportFigure:
    """One figure as the report shows it; the first view is that of the whole study."""

    name: str
    title: str
    caption: str
    views: tuple[View, ...]


def figures_of(material: Material, names: Container[str]) -> list[ReportFigure]:
    """Read those of a study's figures that are named, in the study's order."""
    wanted = [files for files in material.figures if files.name in names]
    if not wanted:
        return []
    runs = read_table(material.tables["runs"], ["model", "parameters"])
    models = [model for model, _ in models_of(runs)]
    return [arranged(read_figure(files), models) for files in wanted]


def read_figure(files: FigureFiles) -> ReportFigure:
    """Read a figure's picture, its caption (title, empty line, caption) and its views.

    A file that is missing raises ShowhowError.
    """
    views = [read_view(files.picture, "all", "all")]
    title, _, caption = read_text(files.caption).partition("\n\n")
    for path in sorted(files.views.glob("*.png")):
        task, _, model = path.stem.partition("--")
        views.append(read_view(path, task, model))
    return ReportFigure(files.name, title.strip(), caption.strip(), tuple(views))


def read_view(picture: Path, task: str, model: str) -> View:
    """Embed a PNG, so that the report needs no other file."""
    if not picture.is_file():
        raise missing(picture)
    content = picture.read_bytes()
    if not content.startswith(PNG_SIGNATURE):
        raise damaged(picture, "it is no PNG picture")
    width = int.from_bytes(content[16:20], "big")
    image = "data:image/png;base64," + base64.b64encode(content).decode("ascii")
    return View(task, model, image, narrow=width < NARROW_PIXELS)


def arranged(figure: ReportFigure, models: list[str]) -> ReportFigure:
    """The figure with its views by task and size; what repeats the whole study's view is left out.

    When all views are of one task, the whole is that task's view.
    """
    order = {name: rank for rank, name in enumerate(["all", *models])}
    whole, *others = figure.views
    others.sort(key=lambda view: (view.task, order.get(view.model, len(order)), view.model))
    tasks = {view.task for view in others}
    if len(tasks) == 1:
        whole = replace(whole, task=tasks.pop())
        others = [view for view in others if view.model != "all"]
    return replace(figure, views=(whole, *others))
