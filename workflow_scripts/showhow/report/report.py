"""results/report.html: claims, figures, tables, configuration and costs in one file."""

import base64
import math
from dataclasses import dataclass, replace
from pathlib import Path

import jinja2
import pandas as pd

from showhow.base.rows import read_text
from showhow.base.wording import damaged, missing
from showhow.probes.faithfulness import OUTCOMES
from showhow.report.choices import Choice
from showhow.report.claims import claim_cards
from showhow.report.comparisons import compared_pairs
from showhow.report.data import ASKED, LOSSES
from showhow.report.examples import ExamplesOfRun
from showhow.report.registered import Registration
from showhow.report.tables import (
    accuracy_rows,
    check_rows,
    cost_of,
    cost_rows,
    format_p,
    models_of,
    splits_of,
)

DATA_FILES = (
    "report.html.jinja",
    "registration.html.jinja",
    "claims.html.jinja",
    "comparisons.html.jinja",
    "faithfulness.html.jinja",
    "report.css",
    "report.js",
)

SMALLEST_PAPER_MODEL = 60_506_624
"""Parameters of T5-small, the smallest model of the explanations paper (Ballout et al. 2023)."""

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

NARROW_PIXELS = 900
"""Pictures of one column have fewer pixels than this across, those of a page have more."""

RUN = ["task", "variant", "model", "n_train", "match", "seed"]


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


@dataclass(frozen=True)
class Report:
    """What the report shows. runs, claims, by_task, costs: the study's tables (analysis/tables.py).

    choices: the learning rates that were chosen, where they were (choices.py). comparisons: of the
    variants that the study names, None where it names none (analysis/comparisons.py).
    registration: what was stated before the data, None where nothing was (registered.py). sources,
    written, contamination: what became of the user's own data, what writers were asked, and what
    bases have read of the problems to evaluate on (data.py).
    checks: whether bases know facts and do not answer yet, None where not measured.
    faithfulness: whether answers follow from explanations, by arm (faithfulness.py).
    warnings: what to know before believing a number (warnings.py). examples: predictions
    (examples.py).
    """

    study: str
    title: str
    runs: pd.DataFrame
    claims: pd.DataFrame
    by_task: pd.DataFrame
    costs: pd.DataFrame
    configuration: str
    figures: tuple[ReportFigure, ...]
    choices: tuple[Choice, ...] = ()
    comparisons: pd.DataFrame | None = None
    registration: Registration | None = None
    checks: pd.DataFrame | None = None
    sources: tuple[dict, ...] = ()
    written: tuple[dict, ...] = ()
    contamination: tuple[dict, ...] = ()
    faithfulness: tuple[dict, ...] = ()
    warnings: tuple[str, ...] = ()
    examples: tuple[ExamplesOfRun, ...] = ()


def read_figure(folder: Path, name: str) -> ReportFigure:
    """Read <name>.png, <name>.txt (title, empty line, caption) and the pictures in <name>-views.

    A file that is missing raises ShowhowError.
    """
    views = [read_view(folder / f"{name}.png", "all", "all")]
    title, _, caption = read_text(folder / f"{name}.txt").partition("\n\n")
    for path in sorted((folder / f"{name}-views").glob("*.png")):
        task, _, model = path.stem.partition("--")
        views.append(read_view(path, task, model))
    return ReportFigure(name, title.strip(), caption.strip(), tuple(views))


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


def render_report(report: Report) -> str:
    """Write the report as HTML; equal input gives equal text. Names are escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["p_value"] = format_p
    environment.filters["is_finite"] = math.isfinite
    registration = report.registration
    models = models_of(report.runs)
    names = [name for name, _ in models]
    figures = [arranged(figure, names) for figure in report.figures]
    comparisons = compared_pairs(report.comparisons)
    apart = ("overview", "comparison") if comparisons else ("overview",)
    template = environment.get_template("report.html.jinja")
    return template.render(
        report=report,
        overview=[figure for figure in figures if figure.name == "overview"],
        compared=[figure for figure in figures if figure.name == "comparison"],
        figures=[figure for figure in figures if figure.name not in apart],
        comparisons=comparisons,
        contrasts=0 if report.comparisons is None else len(report.comparisons),
        models=models,
        small_models=report.runs["parameters"].max() < SMALLEST_PAPER_MODEL,
        run_count=len(report.runs.drop_duplicates(RUN)),
        claims=claim_cards(
            report.claims, report.by_task, registration.power if registration else {}
        ),
        splits=splits_of(report.runs),
        losses=LOSSES,
        asked=ASKED,
        shares=OUTCOMES,
        accuracy=accuracy_rows(report.runs),
        at_the_edge=sum(choice.at_the_edge for choice in report.choices),
        checks=[] if report.checks is None else check_rows(report.checks),
        costs=cost_rows(report.costs),
        total=cost_of("all", report.costs),
    )
